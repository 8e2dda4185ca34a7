import type { Medium, Reading } from '../reading.ts'
import { diskOfExtents } from './extents.ts'

/** Where a block of a disk lies, in bytes from the file's start, or why that is not told. A block of zeros lies nowhere. */
export type BlockPlace = number | 'zeros' | 'unavailable' | 'damaged'

/** A disk that lies in a file as blocks of one size (in bytes). `placeOf` takes a block's number, from 0. */
export const diskOfBlocks = (
  file: Medium,
  { virtualBytes, blockBytes }: { readonly virtualBytes: number; readonly blockBytes: number },
  placeOf: (block: number) => Reading<BlockPlace>,
): Medium =>
  diskOfExtents(file, virtualBytes, function* (at, most) {
    const skip = at % blockBytes
    const length = Math.min(blockBytes - skip, most)
    const place = yield* placeOf(Math.floor(at / blockBytes))
    if (place === 'zeros') return { kind: 'zeros', length }
    return typeof place === 'number'
      ? { kind: 'stored', at: place + skip, length }
      : { kind: 'missing', short: place, length }
  })
