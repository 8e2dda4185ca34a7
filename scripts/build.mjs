// Builds dist/: declarations by tsc, JavaScript by esbuild. fp-ts and io-ts are bundled, because loading their CommonJS
// modules one by one takes longer than everything else the package's root does (see bench/ and docs/architecture.md).
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const inRoot = (path) => `${root}${path}`

rmSync(inRoot('dist'), { recursive: true, force: true })

const tsc = spawnSync(
  process.execPath,
  [inRoot('node_modules/typescript/bin/tsc'), '-p', inRoot('tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
)
if (tsc.status !== 0) process.exit(tsc.status ?? 1)

// Every folder of adapters/ is a subpath by its name, and its emulator another: a further provider adds no line here.
const adapters = readdirSync(inRoot('adapters')).flatMap((name) =>
  ['index', 'emulator']
    .filter((entry) => readdirSync(inRoot(`adapters/${name}`)).includes(`${entry}.ts`))
    .map((entry) => `adapters/${name}/${entry}.ts`),
)

await build({
  absWorkingDir: root,
  entryPoints: [
    'src/index.ts',
    'src/conformance/index.ts',
    'src/inspect/index.ts',
    'src/cli/emulators.ts',
    'src/cli/main.ts',
    // What starts a thread stays where it is, and so does what it finds beside itself for it.
    'src/inspect/unpacking/in-thread.ts',
    'src/inspect/unpacking/thread/main.js',
    ...adapters,
  ],
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: true,
  legalComments: 'linked',
  external: ['axios', 'p-retry', 'find-my-way', 'proxy-from-env', 'commander', 'fzstd', 'seek-bzip', 'xz-decompress'],
  // The ES modules of both can be shaken; the CommonJS ones, which plain node needs, cannot.
  alias: { 'fp-ts/lib': 'fp-ts/es6' },
  mainFields: ['module', 'main'],
  logLevel: 'warning',
})

// What is bundled keeps its licence.
const bundled = ['fp-ts', 'io-ts'].map(
  (name) => `${name}\n\n${readFileSync(inRoot(`node_modules/${name}/LICENSE`), 'utf8')}`,
)
writeFileSync(inRoot('dist/BUNDLED-LICENSES.txt'), bundled.join('\n\n'))
