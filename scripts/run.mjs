// Runs a TypeScript entry of this repository from its sources: node scripts/run.mjs demo/main.ts [arguments]
import { readFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, stop } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const [entry, ...parameters] = process.argv.slice(2)
const output = `${root}.build/${entry.replace(/\.ts$/, '.mjs')}`

// A thread is started from a file beside the one that starts it. That is plain JavaScript, and stays where it is.
const besideItsSource = {
  name: 'beside-its-source',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]unpacking[\\/]threads\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8')
      return { contents: contents.replace('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' }
    }),
}

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
  plugins: [besideItsSource],
  sourcemap: 'inline',
  logLevel: 'warning',
})

await stop()

process.argv = [process.argv[0], output, ...parameters]
await import(pathToFileURL(output).href)
