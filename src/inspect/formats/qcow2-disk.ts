import type { Medium, Packing, Reading, Shortage } from '../reading.ts'
import { diskOfExtents, type Extent } from './extents.ts'
import { type L2Entry, placeIn, readL2Entry, subclusters } from './qcow2-entry.ts'
import type { Qcow2Header } from './qcow2-header.ts'
import { readEntry } from './table-entry.ts'

const packings: readonly Packing[] = ['deflate', 'zstd']

const missing = (short: Shortage, length: number): Extent => ({ kind: 'missing', short, length })
const stored = (at: number, length: number): Extent => ({ kind: 'stored', at, length })

/**
 * The disk that a qcow2 file holds, through its L1 and L2 tables, which are read from `tables`. What no table names reads as zeros, and is `unavailable` where the image
 * is a layer: it stands in the backing file.
 */
export const qcow2Disk = (file: Medium, tables: Medium, header: Qcow2Header): Medium => {
  const { clusterBytes, l1Table, l2EntryBytes, virtualBytes } = header
  const clustersPerTable = clusterBytes / l2EntryBytes
  const partBytes = l2EntryBytes === 8 ? clusterBytes : clusterBytes / subclusters

  const nowhere = (length: number): Extent =>
    header.backingName.at === 0 ? { kind: 'zeros', length } : missing('unavailable', length)

  function* extentAt(at: number, most: number): Reading<Extent> {
    const cluster = Math.floor(at / clusterBytes)
    const inTable = cluster % clustersPerTable
    const untilTableEnd = (clustersPerTable - inTable) * clusterBytes - (at % clusterBytes)

    const l1At = Math.floor(cluster / clustersPerTable) * 8
    if (l1At >= l1Table.length) return missing('damaged', most)
    const l1Entry = yield* readEntry(tables, l1Table.at + l1At, 8)
    if (typeof l1Entry === 'string') return missing(l1Entry, most)
    const table = placeIn(l1Entry, 0) ?? 0
    if (table === 0) return nowhere(Math.min(untilTableEnd, most))
    if (table % clusterBytes !== 0) return missing('damaged', most)

    const l2Entry = yield* readEntry(tables, table + inTable * l2EntryBytes, l2EntryBytes)
    if (typeof l2Entry === 'string') return missing(l2Entry, most)
    const entry = readL2Entry(l2Entry, 0, header)
    return entry === undefined ? missing('damaged', most) : clusterExtent(entry, at % clusterBytes, most)
  }

  const clusterExtent = (entry: L2Entry, skip: number, most: number): Extent => {
    const clusterLength = Math.min(clusterBytes - skip, most)
    if (entry.kind === 'compressed') {
      const packing = packings[header.compressionType] ?? 'deflate'
      return { ...entry, kind: 'packed', packing, skip, length: clusterLength }
    }
    const length = Math.min(partBytes - (skip % partBytes), most)
    const part = partState(entry, Math.floor(skip / partBytes))
    if (part === 'zero') return { kind: 'zeros', length }
    if (part === 'nowhere') return nowhere(length)
    return part === 'damaged' || entry.at % clusterBytes !== 0
      ? missing('damaged', length)
      : stored(entry.at + skip, length)
  }

  /** What contradicts the format (zeros in version 2; a part both stored and zero, or stored nowhere) is damage. */
  const partState = (
    { at, isZero, parts }: Extract<L2Entry, { kind: 'standard' }>,
    index: number,
  ): 'stored' | 'zero' | 'nowhere' | 'damaged' => {
    if (isZero) return header.version === 2 ? 'damaged' : 'zero'
    const isStored = parts === undefined ? at !== 0 : ((parts.stored >>> index) & 1) === 1
    const isZeroPart = parts !== undefined && ((parts.zero >>> index) & 1) === 1
    if (isStored) return isZeroPart || at === 0 ? 'damaged' : 'stored'
    return isZeroPart ? 'zero' : 'nowhere'
  }

  return diskOfExtents(file, virtualBytes, extentAt)
}
