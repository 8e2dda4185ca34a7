import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const projectRoot = fileURLToPath(new URL('..', import.meta.url))
const setting = process.env['IMAGEFERRY_SHARED'] ?? '../shared'
const root = isAbsolute(setting) ? setting : resolve(projectRoot, setting)

/**
 * The path of a specification or an example that lies beside the project: below the folder that the environment variable
 * IMAGEFERRY_SHARED names, else below `../shared` of the project's root.
 */
export const sharedMaterial = (relativePath: string): string => join(root, relativePath)

/** Whether that material is there. */
export const hasSharedMaterial = existsSync(join(root, 'specs')) && existsSync(join(root, 'examples'))

/** Whether the cases that need the material run: they do in CI in any case, so that its absence fails them there. */
export const needsSharedMaterial = hasSharedMaterial || process.env['CI'] === 'true'

if (!needsSharedMaterial)
  process.stderr.write(`${root} has no specs and examples: the cases that read them are left out\n`)

/** The JSON of a file of that material. */
export const readShared = (relativePath: string): unknown =>
  JSON.parse(readFileSync(sharedMaterial(relativePath), 'utf8'))

/** The names of a folder's files, in order. */
export const listShared = (relativePath: string): readonly string[] => readdirSync(sharedMaterial(relativePath)).sort()
