import type { ImageFacts } from '../facts.ts'

const extension = /(?<=[^/])\.(?:img|raw|bin|qcow2?|vhdx?|vpc|vdi|vmdk|ploop|hdd|hds|ami|iso|unpacked)$/i

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase()

/** The names of all files that are read, in small letters: some file systems take no notice of capitals. */
const inUse = (
  { source, features: { backingFile, dataFile, furtherFiles = [] } }: ImageFacts,
  path: string,
): ReadonlySet<string> =>
  new Set(
    [path, source.fileName, backingFile, dataFile, ...furtherFiles].filter((name) => name !== undefined).map(lastOf),
  )

/**
 * Where the file that is made of the one at `path` is put: beside it, with the extension `to` and before that `also`, and never in the
 * place of a file that the image is read from.
 */
export const convertedPath = (facts: ImageFacts, path: string, to: string, also: string): string => {
  const base = path.replace(extension, '')
  const used = inUse(facts, path)
  const freeFrom = (wanted: string): string => {
    const place = `${wanted}.${to}`
    return used.has(lastOf(place)) ? freeFrom(`${wanted}.converted`) : place
  }
  return freeFrom(`${base}${also}`)
}
