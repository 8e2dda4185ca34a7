import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
/** Inside the repository, so that the examples find the package's sources by its public names and its dependencies. */
const folder = join(root, '.build/examples')

const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

interface Example {
  readonly name: string
  readonly code: string
}

const examples: readonly Example[] = documents.flatMap((document) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code = ''], index) => ({
    name: `${document.replaceAll(/\W+/g, '-')}-${index + 1}.ts`,
    code,
  })),
)

describe('the documents', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('hold examples that compile', () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const { name, code } of examples) writeFileSync(join(folder, name), `${code}\nexport {}\n`)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
        include: ['*.ts'],
      }),
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
    expect(examples.length).toBeGreaterThan(3)
  })

  it('link to files that exist', () => {
    for (const document of documents) {
      const text = readFileSync(join(root, document), 'utf8')
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
        expect(() => readFileSync(join(root, document, '..', target))).not.toThrow()
    }
  })

  it('name two set-up commands in the README, no more', () => {
    const [, commands = ''] = /## Try it.*?```sh\n(.*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    expect(
      commands
        .trim()
        .split('\n')
        .map((line) => line.replace(/\s*#.*/, '')),
    ).toEqual(['npm ci && npm run demo', 'npm test'])
  })
})
