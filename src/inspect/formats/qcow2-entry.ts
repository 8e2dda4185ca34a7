import type { ByteReader } from '../byte-reader.ts'
import type { Qcow2Header } from './qcow2-header.ts'

const sectorBytes = 512
const compressedFlag = 0x4000_0000
const zeroFlag = 1
/** How many parts an extended entry tells apart. */
export const subclusters = 32

/** What an entry of an L2 table says of one cluster of the guest. Places and lengths are in bytes. */
export type L2Entry =
  | {
      readonly kind: 'standard'
      /** Where the cluster lies in the file; 0 for nowhere. */
      readonly at: number
      /** The cluster reads as zeros, wherever it lies. */
      readonly isZero: boolean
      /** Of an extended entry: a bit for each of the cluster's 32 parts that is in the file, and for each that reads as zeros. */
      readonly parts?: { readonly stored: number; readonly zero: number } | undefined
    }
  | {
      readonly kind: 'compressed'
      /** Where the packed bytes begin in the file. */
      readonly at: number
      /** The sectors that they touch, from where they begin; the last may hold a single byte of them. */
      readonly packedBytes: number
    }

/** The place that an entry of any of qcow2's tables names: bits 9 to 55. */
export const placeIn = (reader: ByteReader, at: number): number | undefined => {
  const high = reader.u32be(at)
  const low = reader.u32be(at + 4)
  return high === undefined || low === undefined ? undefined : (high & 0x00ff_ffff) * 2 ** 32 + ((low & ~0x1ff) >>> 0)
}

/** The entry at a place of an L2 table; `undefined` where it is not wholly there. */
export const readL2Entry = (reader: ByteReader, at: number, header: Qcow2Header): L2Entry | undefined => {
  const high = reader.u32be(at)
  const low = reader.u32be(at + 4)
  const place = placeIn(reader, at)
  if (high === undefined || low === undefined || place === undefined) return undefined
  if ((high & compressedFlag) !== 0) return compressedEntry(header.clusterBits, high, low)
  if (header.l2EntryBytes === 8) return { kind: 'standard', at: place, isZero: (low & zeroFlag) !== 0 }
  const zero = reader.u32be(at + 8)
  const stored = reader.u32be(at + 12)
  return zero === undefined || stored === undefined
    ? undefined
    : { kind: 'standard', at: place, isZero: false, parts: { stored, zero } }
}

/** A compressed cluster says how many sectors it touches beyond the one that it begins in. */
const compressedEntry = (clusterBits: number, high: number, low: number): L2Entry => {
  const highOffsetBits = 62 - (clusterBits - 8) - 32
  const furtherSectors = (high & 0x3fff_ffff) >>> highOffsetBits
  const at = (high & (2 ** highOffsetBits - 1)) * 2 ** 32 + low
  return { kind: 'compressed', at, packedBytes: (furtherSectors + 1) * sectorBytes - (at % sectorBytes) }
}

/**
 * How far the file must reach for an entry, in bytes from its start; 0 where it needs nothing. `visibleBytes` is how much of the
 * cluster lies within the disk: of the last one the file need hold no more.
 */
export const endOfEntry = (entry: L2Entry, visibleBytes: number, { clusterBytes }: Qcow2Header): number => {
  if (entry.kind === 'compressed') return entry.at + Math.max(0, entry.packedBytes - sectorBytes) + 1
  const usedBytes = entry.parts === undefined ? clusterBytes : lastPartEnd(entry.parts.stored, clusterBytes)
  if (entry.isZero || entry.at === 0 || usedBytes === 0) return 0
  return entry.at + Math.min(usedBytes, Math.max(1, visibleBytes))
}

/** The file may end after the last part that is in use. */
const lastPartEnd = (stored: number, clusterBytes: number): number =>
  (subclusters - Math.clz32(stored)) * (clusterBytes / subclusters)
