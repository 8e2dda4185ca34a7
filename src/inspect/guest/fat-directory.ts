import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import type { FatLayout } from './fat.ts'
import { entriesIn, type FatEntry, hasEnd } from './fat-entries.ts'

const mostBytes = 32_768
const mostClusters = 16
const firstCluster = 2

/** What stands in a directory. */
export interface FatDirectory {
  readonly entries: readonly FatEntry[]
  /** Whether it was read to its end. */
  readonly complete: boolean
}

/** Reads a directory, 32 KiB and 16 clusters of it at the most. The table of clusters is asked only where a directory has a second one. */
export function* readDirectory(volume: Medium, layout: FatLayout, place: FatLayout['root']): Reading<FatDirectory> {
  if (!('cluster' in place)) {
    const { bytes } = yield* volume.read(place.at, Math.min(place.bytes, mostBytes))
    return { entries: entriesIn(bytes, layout), complete: hasEnd(bytes) || bytes.length === place.bytes }
  }
  const bytes = new Uint8Array(mostBytes)
  let length = 0
  let cluster: number | undefined = place.cluster
  for (let count = 0; count < mostClusters && cluster !== undefined && length < mostBytes; count += 1) {
    if (cluster < firstCluster || cluster >= layout.clusters + firstCluster) break
    const at = layout.dataAt + (cluster - firstCluster) * layout.clusterBytes
    const part = yield* volume.read(at, Math.min(layout.clusterBytes, mostBytes - length))
    bytes.set(part.bytes, length)
    length += part.bytes.length
    const last = hasEnd(part.bytes)
    if (part.short !== undefined || last) return directoryOf(bytes.subarray(0, length), layout, last)
    cluster = yield* nextCluster(volume, layout, cluster)
  }
  return directoryOf(bytes.subarray(0, length), layout, cluster === undefined)
}

const directoryOf = (bytes: Uint8Array, layout: FatLayout, complete: boolean): FatDirectory => ({
  entries: entriesIn(bytes, layout),
  complete,
})

const endOfChain = { fat12: 0xff8, fat16: 0xfff8, fat32: 0x0fff_fff8 }
const unknownCluster = 0

/** The cluster that follows; `undefined` at the end of the chain, and one that cannot be where the table could not be read. */
function* nextCluster(
  volume: Medium,
  { kind, tableAt, tableBytes }: FatLayout,
  cluster: number,
): Reading<number | undefined> {
  const at = kind === 'fat32' ? cluster * 4 : kind === 'fat16' ? cluster * 2 : Math.floor((cluster * 3) / 2)
  const width = kind === 'fat32' ? 4 : 2
  if (at + width > tableBytes) return unknownCluster
  const reader = byteReader((yield* volume.read(tableAt + at, width)).bytes)
  const value = (kind === 'fat32' ? reader.u32le(0) : reader.u16le(0)) ?? unknownCluster
  // FAT12 packs two entries in three bytes; the upper four bits of FAT32's do not count.
  const next = kind === 'fat12' ? (cluster % 2 === 0 ? value & 0xfff : value >>> 4) : value & 0x0fff_ffff
  return next >= endOfChain[kind] ? undefined : next
}
