import type { ByteReader } from '../byte-reader.ts'

/** The length of a header, at the least, by version; in bytes. */
export const leastHeaderBytes = { 2: 72, 3: 104 } as const
const compressionTypeAt = 104
const rawExternal = 2

/** The incompatible features of qcow2 that this reader knows, by their bits. */
export const incompatibleBit = {
  dirty: 0,
  corrupt: 1,
  externalData: 2,
  compressionType: 3,
  extendedL2: 4,
} as const

/** What stands at the beginning of a qcow2 file, versions 2 and 3. What the file is too short for is 0. Sizes and places are in bytes. */
export interface Qcow2Header {
  readonly version: 2 | 3
  readonly headerBytes: number
  /** As the header itself says, which may be less than there has to be. */
  readonly toldHeaderBytes: number
  readonly virtualBytes: number
  readonly clusterBits: number
  readonly clusterBytes: number
  readonly backingName: Stretch
  /** 0 for none, 1 for AES, 2 for LUKS. */
  readonly encryption: number
  /** The table's length is that of its 64-bit entries. */
  readonly l1Table: Stretch
  readonly refcountTable: Stretch
  /** How wide one reference count is, as a power of 2. */
  readonly refcountOrder: number
  readonly snapshots: { readonly at: number; readonly count: number }
  /** By bit number, the lowest first. */
  readonly incompatible: readonly number[]
  /** Whether the data are said to stand in another file as they are. */
  readonly isRawExternal: boolean
  /** How compressed clusters are packed: 0 for deflate, 1 for Zstandard. */
  readonly compressionType: number
  readonly l2EntryBytes: 8 | 16
}

/** A part of the file, in bytes. */
export interface Stretch {
  readonly at: number
  readonly length: number
}

/** The header of a qcow2 file of a known version. */
export const readQcow2Header = (reader: ByteReader, version: 2 | 3): Qcow2Header => {
  const u32 = (at: number): number => reader.u32be(at) ?? 0
  const u64 = (at: number): number => reader.u64be(at) ?? 0
  const toldHeaderBytes = version === 2 ? leastHeaderBytes[2] : u32(100)
  const headerBytes = Math.max(toldHeaderBytes, leastHeaderBytes[version])
  const clusterBytes = 2 ** u32(20)
  const incompatible = version === 2 ? [] : [...bits(u32(76), 0), ...bits(u32(72), 32)]
  return {
    version,
    headerBytes,
    toldHeaderBytes,
    virtualBytes: u64(24),
    clusterBits: u32(20),
    clusterBytes,
    backingName: { at: u64(8), length: u32(16) },
    encryption: u32(32),
    l1Table: { at: u64(40), length: u32(36) * 8 },
    refcountTable: { at: u64(48), length: u32(56) * clusterBytes },
    refcountOrder: version === 2 ? 4 : u32(96),
    snapshots: { at: u64(64), count: u32(60) },
    incompatible,
    isRawExternal: version === 3 && (u32(92) & rawExternal) !== 0,
    compressionType: headerBytes > compressionTypeAt ? (reader.u8(compressionTypeAt) ?? 0) : 0,
    l2EntryBytes: incompatible.includes(incompatibleBit.extendedL2) ? 16 : 8,
  }
}

const bits = (word: number, first: number): readonly number[] =>
  Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit) => (((word >>> bit) & 1) === 0 ? [] : [first + bit]))
