import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

/** A file, what it imports, and whether the rules of docs/architecture.md let it. */
const cases: readonly (readonly [from: string, imported: string, allowed: boolean])[] = [
  ['src/model/planted.ts', './ref.ts', true],
  ['src/model/planted.ts', 'fp-ts/lib/Either.js', true],
  ['src/model/planted.ts', '../store/page.ts', false],
  ['src/model/planted.ts', 'axios', false],
  ['src/model/planted.ts', 'io-ts', false],
  ['src/store/planted.ts', '../model/ref.ts', true],
  ['src/store/planted.ts', '../http/path.ts', false],
  ['src/flow/planted.ts', '../store/page.ts', true],
  ['src/flow/planted.ts', '../http/path.ts', false],
  ['src/flow/planted.ts', '../../adapters/memory/index.ts', false],
  ['src/http/planted.ts', '../store/member.ts', true],
  ['src/http/planted.ts', '../flow/list.ts', false],
  ['src/inspect/planted.ts', '../model/disk-format.ts', true],
  ['src/inspect/planted.ts', '../store/capabilities.ts', true],
  ['src/inspect/planted.ts', '../http/path.ts', false],
  ['src/inspect/planted.ts', 'axios', false],
  ['src/inspect/formats/planted.ts', '../reading.ts', true],
  ['src/inspect/formats/planted.ts', '../../model/disk-format.ts', true],
  ['src/inspect/formats/planted.ts', '../../store/capabilities.ts', false],
  ['src/inspect/formats/planted.ts', 'node:zlib', false],
  ['src/inspect/wrapping/planted.ts', '../source/window.ts', false],
  ['src/inspect/guest/planted.ts', '../formats/container.ts', true],
  ['src/inspect/source/planted.ts', 'axios', true],
  ['src/inspect/source/planted.ts', '../../store/runtime.ts', true],
  ['src/inspect/source/planted.ts', '../formats/recognise.ts', false],
  ['src/inspect/compatibility/planted.ts', '../../store/capabilities.ts', true],
  ['src/inspect/compatibility/planted.ts', '../../../adapters/gcore/index.ts', false],
  ['src/inspect/compatibility/planted.ts', '../source/window.ts', false],
  ['src/emulator/planted.ts', '../inspect/disk-image.ts', true],
  ['src/emulator/planted.ts', '../http/path.ts', false],
  ['src/conformance/planted.ts', '../flow/wait.ts', true],
  ['src/conformance/cases/planted.ts', '../../http/path.ts', false],
  ['src/conformance/cases/planted.ts', '../../../adapters/memory/index.ts', false],
  ['adapters/gcore/planted.ts', '../../src/http/path.ts', true],
  ['adapters/gcore/planted.ts', '../memory/state.ts', false],
  ['adapters/gcore/planted.ts', '../../src/emulator/clock.ts', false],
  ['adapters/gcore/planted.ts', '../../src/flow/list.ts', false],
  ['adapters/gcore/planted.ts', './emulator.ts', false],
  ['adapters/gcore/planted.ts', './emulator/world.ts', false],
  ['adapters/gcore/emulator.ts', './emulator/world.ts', true],
  ['adapters/gcore/emulator.ts', '../../src/emulator/clock.ts', true],
  ['adapters/gcore/emulator.ts', './wire.ts', false],
  ['adapters/gcore/emulator.ts', '../digitalocean/wire.ts', false],
  ['adapters/gcore/emulator/planted.ts', './world.ts', true],
  ['adapters/gcore/emulator/planted.ts', '../../../src/emulator/clock.ts', true],
  ['adapters/gcore/emulator/planted.ts', 'io-ts', true],
  ['adapters/gcore/emulator/planted.ts', '../wire.ts', false],
  ['adapters/gcore/emulator/planted.ts', '../../../src/http/path.ts', false],
  ['demo/planted.ts', 'fp-ts/Either', false],
  ['demo/planted.ts', 'fp-ts/es6/Either.js', false],
  ['demo/planted.ts', 'io-ts/PathReporter', false],
  ['demo/planted.ts', 'io-ts/lib/PathReporter.js', true],
]

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'imageferry-import-rules-'))

const plant = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** What the linter finds in a tree of planted files: `file rule`. */
const findings = (): readonly string[] => {
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['lint', '--reporter=json', '--max-diagnostics=none'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  )
  const report: { diagnostics: readonly { category?: string; location?: { path?: string } }[] } = JSON.parse(stdout)
  return report.diagnostics.map(({ category, location }) => `${location?.path} ${category?.split('/').at(-1)}`)
}

describe('the import rules', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'))

  it('are linted: what is forbidden is found, and what is allowed is not', () => {
    const numbered = cases.map(([from, imported, allowed], index) => ({
      path: from.endsWith('emulator.ts')
        ? from.replace('gcore', `gcore${index}`)
        : from.replace('planted', `planted${index}`),
      imported,
      allowed,
    }))
    for (const { path, imported } of numbered)
      plant(path, `import * as it from '${imported}'\n\nexport const used = it\n`)
    const found = findings()
    const actual = numbered.map(({ path, imported }) => [
      path,
      imported,
      !found.includes(`${path} noRestrictedImports`),
    ])
    expect(actual).toEqual(numbered.map(({ path, imported, allowed }) => [path, imported, allowed]))
  })

  it('forbid cycles, also of types alone', () => {
    plant(
      'src/model/hen.ts',
      "import type { Egg } from './egg.ts'\n\nexport interface Hen {\n  readonly from: Egg\n}\n",
    )
    plant(
      'src/model/egg.ts',
      "import type { Hen } from './hen.ts'\n\nexport interface Egg {\n  readonly from: Hen\n}\n",
    )
    expect(findings()).toContain('src/model/hen.ts noImportCycles')
  })
})
