import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { type SparseHeader, sparseHeaderAt } from './vmdk-header.ts'

// A footer, which is a header once more, and the marker of the stream's end.
const endBytes = 1024

const entryBytes = 4

/** Where the grain directory stands, in bytes from the file's start. `missing`: the footer that should tell it is not there. */
export type DirectoryPlace = number | 'missing' | 'unavailable'

/**
 * The grain directory. Where the header names a copy to be used, that is it: it stands at the beginning of the file, where a look has
 * been anyway, and the other behind all of the copy's tables.
 */
export function* directoryPlace(file: Medium, header: SparseHeader): Reading<DirectoryPlace> {
  if (header.directoryAt !== 'at-end') return header.redundantDirectoryAt ?? header.directoryAt
  if (file.length === undefined) return 'unavailable'
  const end = yield* file.read(Math.max(0, file.length - endBytes), endBytes)
  const footer = sparseHeaderAt(byteReader(end.bytes), 0)
  // The header of a file that ends after it is no footer: it has no place either.
  if (footer !== undefined && footer.directoryAt !== 'at-end') return footer.directoryAt
  return end.short === 'unavailable' ? 'unavailable' : 'missing'
}

/** How long the grain directory is, in bytes: an entry for each grain table. */
export const directoryBytes = ({ capacityBytes, grainBytes, grainsPerTable }: SparseHeader): number =>
  Math.ceil(capacityBytes / (grainBytes * grainsPerTable)) * entryBytes
