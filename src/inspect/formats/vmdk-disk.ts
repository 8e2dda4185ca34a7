import type { Medium, Reading } from '../reading.ts'
import { diskOfExtents, type Extent } from './extents.ts'
import { remembered } from './remembered.ts'
import { readEntry } from './table-entry.ts'
import { type DirectoryPlace, directoryPlace } from './vmdk-directory.ts'
import { type SparseHeader, sectorBytes } from './vmdk-header.ts'

const entryBytes = 4
const tableStretchBytes = 2 ** 14
const zeroedGrain = 1
const markerBytes = 12

/** Where a grain is: its place in bytes from the file's start, or what there is in its stead. */
type Grain = number | 'zeros' | 'unavailable' | 'damaged'

/** The disk that a sparse extent holds. What an image that is a layer leaves to its parent is `unavailable`. */
export const vmdkDisk = (file: Medium, header: SparseHeader, isLayer: boolean): Medium => {
  const { grainBytes, grainsPerTable } = header
  const tables = remembered(file, tableStretchBytes)
  const nowhere = isLayer ? 'unavailable' : 'zeros'
  let directory: DirectoryPlace | undefined

  function* grainAt(grain: number): Reading<Grain> {
    directory ??= yield* directoryPlace(file, header)
    if (typeof directory === 'string') return directory === 'missing' ? 'damaged' : directory
    const table = yield* sectorAt(directory + Math.floor(grain / grainsPerTable) * entryBytes)
    if (typeof table === 'string') return table
    if (table === 0) return nowhere
    const sector = yield* sectorAt(table * sectorBytes + (grain % grainsPerTable) * entryBytes)
    if (typeof sector === 'string') return sector
    if (sector === 0) return nowhere
    return sector === zeroedGrain && header.hasZeroedGrains ? 'zeros' : sector * sectorBytes
  }

  function* sectorAt(at: number): Reading<number | 'unavailable' | 'damaged'> {
    const entry = yield* readEntry(tables, at, entryBytes)
    return typeof entry === 'string' ? entry : (entry.u32le(0) ?? 0)
  }

  return diskOfExtents(file, header.capacityBytes, function* (at, most) {
    const skip = at % grainBytes
    const length = Math.min(grainBytes - skip, most)
    const grain = yield* grainAt(Math.floor(at / grainBytes))
    if (grain === 'zeros') return { kind: 'zeros', length }
    if (typeof grain === 'string') return { kind: 'missing', short: grain, length }
    return header.isCompressed
      ? yield* packedGrain(file, header, grain, { skip, length })
      : { kind: 'stored', at: grain + skip, length }
  })
}

/** A compressed grain has its place on the disk and its length before it, where the file has such markers. */
function* packedGrain(
  file: Medium,
  { grainBytes, hasMarkers }: SparseHeader,
  at: number,
  wanted: { readonly skip: number; readonly length: number },
): Reading<Extent> {
  // What does not shrink becomes a little longer, and never twice as long.
  const mostPackedBytes = grainBytes * 2
  const packed = { kind: 'packed', packing: 'zlib', ...wanted } as const
  if (!hasMarkers) return { ...packed, at, packedBytes: mostPackedBytes }
  const marker = yield* readEntry(file, at, markerBytes)
  if (typeof marker === 'string') return { kind: 'missing', short: marker, length: wanted.length }
  const packedBytes = marker.u32le(8) ?? 0
  return packedBytes === 0 || packedBytes > mostPackedBytes
    ? { kind: 'missing', short: 'damaged', length: wanted.length }
    : { ...packed, at: at + markerBytes, packedBytes }
}
