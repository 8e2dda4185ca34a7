/**
 * Writes the document of what each provider can do: `npm run docs`. The path of the file is the first argument.
 */
import { writeFileSync } from 'node:fs'
import { providersDocument } from './providers-document.ts'

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('Say which file to write: npm run docs')
writeFileSync(path, providersDocument())
