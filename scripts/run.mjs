// Runs a TypeScript entry of this repository from its sources: node scripts/run.mjs demo/main.ts [arguments]
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, stop } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const [entry, ...parameters] = process.argv.slice(2)
const output = `${root}.build/${entry.replace(/\.ts$/, '.mjs')}`

await build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile: output,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The package's own names are read from the sources, by the paths of tsconfig.json; everything else stays outside.
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
})

await stop()

process.argv = [process.argv[0], output, ...parameters]
await import(pathToFileURL(output).href)
