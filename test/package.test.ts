import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'imageferry-package-'))
const installed = join(folder, 'node_modules/imageferry')

const adapters = readdirSync(join(root, 'adapters'))
const emulators = adapters.filter((name) => readdirSync(join(root, 'adapters', name)).includes('emulator.ts'))

const subpaths = [
  'imageferry',
  'imageferry/conformance',
  'imageferry/inspect',
  ...adapters.map((name) => `imageferry/${name}`),
  ...emulators.map((name) => `imageferry/${name}/emulator`),
]

const run = (command: string, parameters: readonly string[], cwd: string): string => {
  const { status, stdout, stderr } = spawnSync(command, parameters, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`)
  return stdout
}

const node = (code: string, type: 'module' | 'commonjs' = 'module') =>
  run(process.execPath, ['--no-warnings', `--input-type=${type}`, '-e', code], folder)

/** Takes packages away from the installation while something is tried. */
const without = <A>(packages: readonly string[], work: () => A): A => {
  const moved = packages.map((name) => join(folder, 'node_modules', name))
  for (const path of moved) renameSync(path, `${path}.away`)
  try {
    return work()
  } finally {
    for (const path of moved) renameSync(`${path}.away`, path)
  }
}

describe('the packed package, installed in an empty project', () => {
  beforeAll(() => {
    const [{ filename }] = JSON.parse(
      run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root),
    ) as readonly [{ filename: string }]
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${filename}`], folder)
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(subpaths)('%s is imported by plain node', (subpath) => {
    const names = JSON.parse(node(`console.log(JSON.stringify(Object.keys(await import('${subpath}'))))`))
    expect(names.length).toBeGreaterThan(0)
  })

  it.each(subpaths)('%s is required by plain node, and is the same module', (subpath) => {
    const same = node(
      `const required = require('${subpath}'); import('${subpath}').then((it) => console.log(Object.keys(it).every((name) => it[name] === required[name])))`,
      'commonjs',
    )
    expect(same.trim()).toBe('true')
  })

  it('has the emulators as a command', () => {
    const command = join(folder, 'node_modules/.bin/imageferry-emulators')
    const { status, stderr } = spawnSync(command, ['--time-scale', 'fast'], { cwd: folder, encoding: 'utf8' })
    expect(stderr).toContain('--time-scale takes a number')
    expect(status).toBe(2)
  })

  it('has the look at an image as a command', () => {
    const command = join(folder, 'node_modules/.bin/imageferry')
    const inspect = (...parameters: readonly string[]) =>
      spawnSync(command, ['inspect', ...parameters], { cwd: folder, encoding: 'utf8' })
    expect(inspect('package.json', '--for', 'gcore').status).toBe(1)
    expect(inspect('nothing-here').status).toBe(2)
    expect(inspect('--for', 'nobody', 'package.json').stderr).toContain('digitalocean and gcore')
  })

  it('shares one error class between the subpaths', () => {
    const code = `
      const { ImageStoreError } = await import('imageferry')
      const { digitalOcean } = await import('imageferry/digitalocean')
      try { digitalOcean({ token: '' }) } catch (error) { console.log(error instanceof ImageStoreError, error.kind) }`
    expect(node(code).trim()).toBe('true invalid-argument')
  })

  const unpackers = ['fzstd', 'seek-bzip', 'xz-decompress']

  it('loads no HTTP library, no router and no codec library with the root', () => {
    without(['axios', 'proxy-from-env', 'find-my-way', 'io-ts', 'fp-ts', 'p-retry', 'commander', ...unpackers], () =>
      node("await import('imageferry')"),
    )
  })

  it('looks at a file on this machine with none of the libraries', () => {
    const code = `
      const { inspect } = await import('imageferry/inspect')
      console.log((await inspect('package.json')).text)`
    without(['axios', 'proxy-from-env', 'find-my-way', 'io-ts', 'fp-ts', 'p-retry', 'commander', ...unpackers], () =>
      expect(node(code).trim()).toBe('json'),
    )
  })

  it('loads what parses arguments with the command only, and an unpacker with a file that is packed so', () => {
    without(['find-my-way', 'io-ts', 'fp-ts', 'p-retry', ...unpackers], () => {
      const { status } = spawnSync(join(folder, 'node_modules/.bin/imageferry'), ['inspect', 'package.json'], {
        cwd: folder,
      })
      expect(status).toBe(0)
    })
  })

  it('looks into a packed file in a thread, which does not keep the process, from a module and from a script', () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x29, 0, 0, ...Buffer.from('{"a":')])
    writeFileSync(join(folder, 'packed.zst'), frame)
    const look = "inspect('packed.zst').then(({ text, unknown }) => console.log(text, unknown.join()))"
    expect(node(`import { inspect } from 'imageferry/inspect'; await ${look}`).trim()).toBe('json')
    expect(node(`const { inspect } = require('imageferry/inspect'); ${look}`, 'commonjs').trim()).toBe('json')
  })

  it('loads no HTTP library before the first request, and no router with an adapter', () => {
    for (const name of adapters)
      without(['axios', 'proxy-from-env', 'find-my-way', 'io-ts', 'fp-ts'], () =>
        node(`await import('imageferry/${name}')`),
      )
  })

  it('does not give out what is inside', () => {
    for (const inside of ['imageferry/dist/src/index.js', 'imageferry/digitalocean/wire', 'imageferry/src/model/ref'])
      expect(() => node(`await import('${inside}')`)).toThrow()
  })

  it('compiles in strict TypeScript, its declarations included', () => {
    const program = `
      import * as TE from 'fp-ts/lib/TaskEither.js'
      import { pipe } from 'fp-ts/lib/function.js'
      import { collect, imageRef, withPromises, type Image, type ImageStore } from 'imageferry'
      import { digitalOcean } from 'imageferry/digitalocean'
      import { startEmulator } from 'imageferry/digitalocean/emulator'
      import { gcore } from 'imageferry/gcore'
      import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
      import { checkCompatibility, inspect, type Compatibility } from 'imageferry/inspect'
      import { memory } from 'imageferry/memory'
      import { conformance } from 'imageferry/conformance'
      const stores: readonly ImageStore[] = [digitalOcean({ token: 't' }), gcore({ apiKey: 'k', project: 1 }), memory()]
      export const names = pipe(stores, TE.traverseArray((store) => collect(store)), TE.map((all) => all.flat().map((image: Image) => image.name)))
      export const one = withPromises(memory()).get(imageRef('memory:1'))
      export const image: Promise<Image> = one
      export const held: Promise<Compatibility> = inspect('x').then((facts) => checkCompatibility(facts, memory().capabilities))
      export { conformance, startEmulator, startGcore }`
    writeFileSync(join(folder, 'consumer.ts'), program)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2023',
          lib: ['es2023'],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
        },
        files: ['consumer.ts'],
      }),
    )
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], folder)
  })

  it('names no io-ts type in its declarations of what is public', () => {
    for (const name of [
      'src/index.d.ts',
      'src/conformance/index.d.ts',
      'src/inspect/index.d.ts',
      'adapters/digitalocean/index.d.ts',
      'adapters/gcore/index.d.ts',
    ])
      expect(readFileSync(join(installed, 'dist', name), 'utf8')).not.toContain('io-ts')
  })

  it('is a good package by publint', () => {
    run(join(root, 'node_modules/.bin/publint'), ['--strict', installed], root)
  })
})
