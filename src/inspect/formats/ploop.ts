import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import { diskOfBlocks } from './blocks.ts'
import type { Completeness, Container, ContainerFeatures } from './container.ts'
import { furthest, promised } from './promise.ts'
import { remembered } from './remembered.ts'
import { readEntry } from './table-entry.ts'
import { readTableEnds } from './table-stretch.ts'

const headerBytes = 64
const sectorBytes = 512
const entryBytes = 4
const mostTableBytes = 256 * 1024
const stretchBytes = 64 * 1024
const knownVersion = 2
const openedMark = 0x746f_6e59

interface Layout {
  readonly virtualBytes: number
  readonly clusterBytes: number
  /** How many clusters the block table has entries for. */
  readonly clusters: number
  /** What an entry of the block table counts in, in bytes. */
  readonly unitBytes: number
}

/**
 * Parallels' disk, which OpenVZ calls ploop, as QEMU's docs/interop/parallels.txt describes it: a header, and behind it a table of
 * where each cluster lies. The promise is the end of the table and the furthest cluster that it names.
 */
export function* readPloop(file: Medium): Reading<Container | undefined> {
  const reader = byteReader((yield* file.read(0, headerBytes)).bytes)
  const isExtended = reader.has(0, 'WithouFreSpacExt')
  if (!isExtended && !reader.has(0, 'WithoutFreeSpace')) return undefined

  const sectors = isExtended ? reader.u64le(36) : reader.u32le(36)
  const clusterBytes = (reader.u32le(28) ?? 0) * sectorBytes
  const layout: Layout = {
    virtualBytes: (sectors ?? 0) * sectorBytes,
    clusterBytes,
    clusters: reader.u32le(32) ?? 0,
    unitBytes: isExtended ? clusterBytes : sectorBytes,
  }
  const features = featuresIn(reader)
  const isReadable = features.unknownFeatures === undefined && clusterBytes > 0
  return {
    format: 'ploop',
    ...(sectors !== undefined && { virtualBytes: sizeInBytes(layout.virtualBytes) }),
    features,
    ...(isReadable && { disk: ploopDisk(file, layout) }),
    completeness: () => completeness(file, layout),
  }
}

const featuresIn = (reader: ByteReader): ContainerFeatures => {
  const version = reader.u32le(16)
  return {
    ...(reader.u32le(44) === openedMark && { dirty: true }),
    ...(version !== undefined && version !== knownVersion && { unknownFeatures: [`version ${version}`] }),
  }
}

const ploopDisk = (file: Medium, { clusterBytes, clusters, unitBytes, virtualBytes }: Layout): Medium => {
  const table = remembered(file, stretchBytes)
  return diskOfBlocks(file, { virtualBytes, blockBytes: clusterBytes }, function* (cluster) {
    if (cluster >= clusters) return 'damaged'
    const entry = yield* readEntry(table, headerBytes + cluster * entryBytes, entryBytes)
    if (typeof entry === 'string') return entry
    const place = entry.u32le(0) ?? 0
    return place === 0 ? 'zeros' : place * unitBytes
  })
}

function* completeness(
  file: Medium,
  { clusterBytes, clusters, unitBytes, virtualBytes }: Layout,
): Reading<Completeness> {
  const table = { at: headerBytes, length: clusters * entryBytes }
  const { isUnread, parts } = yield* readTableEnds(file, table, mostTableBytes)
  let end = table.at + table.length
  for (const { from, reader } of parts) {
    for (let at = 0; at + entryBytes <= reader.length; at += entryBytes) {
      const place = reader.u32le(at) ?? 0
      // Of the last cluster the file need hold no more than the guest sees.
      const visibleBytes = virtualBytes - ((from + at) / entryBytes) * clusterBytes
      if (place !== 0) end = Math.max(end, place * unitBytes + Math.max(1, Math.min(clusterBytes, visibleBytes)))
    }
  }
  return promised(file, furthest(end), isUnread)
}
