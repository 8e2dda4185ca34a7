import type { ByteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'
import { sectorBytes } from './format-facts.ts'

const headerBytesV2 = 72
const externalDataFile = 1 << 2
const extendedL2Entries = 1 << 4
const compressedCluster = 0x4000_0000
const smallestSnapshotBytes = 40

interface Layout {
  readonly clusterBits: number
  readonly clusterBytes: number
  readonly virtualBytes: number
  readonly l2EntryBytes: 8 | 16
  readonly dataIsHere: boolean
}

/**
 * qcow2, versions 2 and 3. The promise is the furthest of the header, the L1 table, every L2 table and every data cluster
 * that they name, the refcount table with its blocks, and the table of snapshots. Each L2 table is walked once, so the
 * work never exceeds the length of the file, however the tables are linked.
 */
export const readQcow2 = (reader: ByteReader): FormatFacts | undefined => {
  const version = reader.u32be(4)
  if (!reader.has(0, 'QFI\xfb') || (version !== 2 && version !== 3)) return undefined

  const virtualBytes = reader.u64be(24)
  const clusterBits = reader.u32be(20) ?? 0
  const headerBytes = version === 3 ? Math.max(reader.u32be(100) ?? 104, 104) : headerBytesV2
  // Other cluster sizes than 512 bytes to 2 MiB are not allowed; nothing can be concluded from the tables then.
  if (virtualBytes === undefined || clusterBits < 9 || clusterBits > 21) {
    return { format: 'qcow2', virtualBytes, promisedBytes: headerBytes }
  }

  const incompatible = version === 3 ? (reader.u32be(76) ?? 0) : 0
  const layout: Layout = {
    clusterBits,
    clusterBytes: 2 ** clusterBits,
    virtualBytes,
    l2EntryBytes: (incompatible & extendedL2Entries) === 0 ? 8 : 16,
    dataIsHere: (incompatible & externalDataFile) === 0,
  }
  const promisedBytes = Math.max(
    headerBytes,
    mappingEnd(reader, layout),
    refcountsEnd(reader, layout),
    snapshotsEnd(reader),
  )
  return { format: 'qcow2', virtualBytes, promisedBytes }
}

/** The cluster offset in a table entry: bits 9 to 55. */
const clusterOffset = (high: number, low: number): number => (high & 0x00ff_ffff) * 2 ** 32 + ((low & ~0x1ff) >>> 0)

const mappingEnd = (reader: ByteReader, layout: Layout): number => {
  const entries = reader.u32be(36) ?? 0
  const table = reader.u64be(40) ?? 0
  const guestBytesPerTable = (layout.clusterBytes / layout.l2EntryBytes) * layout.clusterBytes
  const walked = new Set<number>()
  let end = entries === 0 ? 0 : table + entries * 8

  for (let index = 0; index < entries; index += 1) {
    const high = reader.u32be(table + index * 8)
    const low = reader.u32be(table + index * 8 + 4)
    if (high === undefined || low === undefined) break
    const l2Table = clusterOffset(high, low)
    if (l2Table === 0 || walked.has(l2Table)) continue
    end = Math.max(end, l2Table + layout.clusterBytes)
    if (l2Table % layout.clusterBytes !== 0) continue
    walked.add(l2Table)
    if (layout.dataIsHere) end = Math.max(end, dataEnd(reader, layout, l2Table, index * guestBytesPerTable))
  }
  return end
}

const dataEnd = (reader: ByteReader, layout: Layout, table: number, firstGuestByte: number): number => {
  const { clusterBytes, l2EntryBytes, virtualBytes } = layout
  let end = 0
  for (let at = 0; at < clusterBytes; at += l2EntryBytes) {
    const high = reader.u32be(table + at)
    const low = reader.u32be(table + at + 4)
    if (high === undefined || low === undefined) break
    if ((high & compressedCluster) !== 0) {
      end = Math.max(end, compressedEnd(layout.clusterBits, high, low))
    } else if ((low & 1) === 0 && clusterOffset(high, low) !== 0) {
      // Of the disk's last cluster only the part that the guest can see needs to be in the file.
      const visibleBytes = virtualBytes - firstGuestByte - (at / l2EntryBytes) * clusterBytes
      const usedBytes = l2EntryBytes === 8 ? clusterBytes : subclustersEnd(reader, layout, table + at)
      end = Math.max(end, clusterOffset(high, low) + Math.min(usedBytes, Math.max(1, visibleBytes)))
    }
  }
  return end
}

/** An extended entry has a bit for each of the cluster's 32 parts; the file may end after the last that is in use. */
const subclustersEnd = (reader: ByteReader, { clusterBytes }: Layout, entry: number): number => {
  const inUse = reader.u32be(entry + 12) ?? 0
  return (32 - Math.clz32(inUse)) * (clusterBytes / 32)
}

/** A compressed cluster says how many sectors it touches; the last of them may hold a single byte of it. */
const compressedEnd = (clusterBits: number, high: number, low: number): number => {
  const offsetBits = 62 - (clusterBits - 8)
  const sectors = (high & 0x3fff_ffff) >>> (offsetBits - 32)
  const offset = (high & (2 ** (offsetBits - 32) - 1)) * 2 ** 32 + low
  return sectors === 0 ? offset + 1 : (Math.floor(offset / sectorBytes) + sectors) * sectorBytes + 1
}

const refcountsEnd = (reader: ByteReader, { clusterBytes }: Layout): number => {
  const table = reader.u64be(48) ?? 0
  const tableBytes = (reader.u32be(56) ?? 0) * clusterBytes
  let end = table + tableBytes
  for (let at = 0; at < tableBytes; at += 8) {
    const high = reader.u32be(table + at)
    const low = reader.u32be(table + at + 4)
    if (high === undefined || low === undefined) break
    const block = clusterOffset(high, low)
    if (block !== 0) end = Math.max(end, block + clusterBytes)
  }
  return end
}

const snapshotsEnd = (reader: ByteReader): number => {
  const count = reader.u32be(60) ?? 0
  return count === 0 ? 0 : (reader.u64be(64) ?? 0) + count * smallestSnapshotBytes
}
