import type { ByteReader } from '../byte-reader.ts'

/** VMDK counts in these, in bytes. */
export const sectorBytes = 512

const useRedundantDirectory = 1 << 1
const zeroedGrains = 1 << 2
const compressedGrains = 1 << 16
const markers = 1 << 17
const directoryAtEnd = 2 ** 64

/** The header of a sparse extent (`KDMV`). Places and sizes are in bytes. */
export interface SparseHeader {
  readonly version: number
  /** How large the extent is that a guest sees. */
  readonly capacityBytes: number
  /** What is stored at a time. */
  readonly grainBytes: number
  readonly grainsPerTable: number
  readonly descriptor: { readonly at: number; readonly bytes: number }
  /** The grain directory; `at-end` where only a footer tells its place. */
  readonly directoryAt: number | 'at-end'
  /** The directory's copy, where the header says that it is to be used. */
  readonly redundantDirectoryAt?: number | undefined
  /** The header, the descriptor and all tables, where these stand before the grains. */
  readonly overheadBytes: number
  /** Whether an entry of 1 means a grain of zeros. */
  readonly hasZeroedGrains: boolean
  readonly isCompressed: boolean
  /** 1 is zlib, the only one there is. */
  readonly compression: number
  /** Whether each compressed grain has its length before it. */
  readonly hasMarkers: boolean
  /** Whether somebody has the file open, or had when his machine stopped. */
  readonly isUnclean: boolean
}

/** The header at a place (in bytes), of which what lies beyond the bytes reads as zero; absent where none stands there. */
export const sparseHeaderAt = (reader: ByteReader, at: number): SparseHeader | undefined => {
  if (!reader.has(at, 'KDMV')) return undefined
  const sectors = (field: number): number => (reader.u64le(at + field) ?? 0) * sectorBytes
  const flags = reader.u32le(at + 8) ?? 0
  const redundant = sectors(48)
  return {
    version: reader.u32le(at + 4) ?? 0,
    capacityBytes: sectors(12),
    grainBytes: sectors(20),
    grainsPerTable: reader.u32le(at + 44) ?? 0,
    descriptor: { at: sectors(28), bytes: sectors(36) },
    directoryAt: reader.u64le(at + 56) === directoryAtEnd ? 'at-end' : sectors(56),
    redundantDirectoryAt: (flags & useRedundantDirectory) !== 0 && redundant !== 0 ? redundant : undefined,
    overheadBytes: sectors(64),
    hasZeroedGrains: (flags & zeroedGrains) !== 0,
    isCompressed: (flags & compressedGrains) !== 0,
    compression: reader.u16le(at + 77) ?? 0,
    hasMarkers: (flags & markers) !== 0,
    isUnclean: (reader.u8(at + 72) ?? 0) !== 0,
  }
}

const mostGrainsPerTable = 512
const mostGrainBytes = 2 ** 25
// A packed grain costs a wish or two; the format wants at least 4 KiB of any.
const packedGrainBytes = { least: 2 ** 12, most: 2 ** 18 }

/** Whether the header says of the tables what the format does not allow. */
export const hasWrongTables = ({
  grainBytes,
  grainsPerTable,
}: Pick<SparseHeader, 'grainBytes' | 'grainsPerTable'>): boolean =>
  grainBytes === 0 || grainsPerTable < 1 || grainsPerTable > mostGrainsPerTable

/** Whether the tables are such as the format allows, so that they can be followed. */
export const hasAllowedGrains = ({ grainBytes, grainsPerTable, isCompressed }: SparseHeader): boolean => {
  const { least, most } = isCompressed ? packedGrainBytes : { least: sectorBytes, most: mostGrainBytes }
  return grainBytes >= least && grainBytes <= most && !hasWrongTables({ grainBytes, grainsPerTable })
}
