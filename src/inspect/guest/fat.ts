import type { ByteReader } from '../byte-reader.ts'

/** How a FAT file system is laid out; places and lengths in bytes from its beginning. */
export interface FatLayout {
  readonly kind: 'fat12' | 'fat16' | 'fat32'
  readonly clusterBytes: number
  /** How many clusters there are; the first has the number 2. */
  readonly clusters: number
  /** The first table of clusters. */
  readonly tableAt: number
  readonly tableBytes: number
  /** The root directory: in a place of its own, or (FAT32) in clusters, of which this is the first. */
  readonly root: { readonly at: number; readonly bytes: number } | { readonly cluster: number }
  /** Where the first cluster lies. */
  readonly dataAt: number
}

const mostClustersOfFat12 = 4084
const entryBytes = 32

const isPowerOfTwo = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most && (value & (value - 1)) === 0

/**
 * The layout by the boot sector; `undefined` for what is none. FAT12 and FAT16 differ in the number of clusters alone. FAT32 is known by the
 * fields that only it has: tools make small ones, whose clusters are fewer than the specification asks for, and systems take them.
 */
export const fatLayout = (sector: ByteReader): FatLayout | undefined => {
  const jump = sector.u8(0)
  if (!sector.has(510, '\x55\xaa') || (jump !== 0xeb && jump !== 0xe9)) return undefined
  const sectorBytes = sector.u16le(11) ?? 0
  const clusterSectors = sector.u8(13) ?? 0
  const reserved = sector.u16le(14) ?? 0
  const tables = sector.u8(16) ?? 0
  const rootEntries = sector.u16le(17) ?? 0
  const media = sector.u8(21) ?? 0
  if (!isPowerOfTwo(sectorBytes, 512, 4096) || !isPowerOfTwo(clusterSectors, 1, 128)) return undefined
  if (reserved === 0 || tables === 0 || tables > 4 || media < 0xf0) return undefined

  const sectors = sector.u16le(19) || sector.u32le(32) || 0
  const shortTable = sector.u16le(22) ?? 0
  const tableSectors = shortTable || (sector.u32le(36) ?? 0)
  const rootSectors = Math.ceil((rootEntries * entryBytes) / sectorBytes)
  const rootAt = reserved + tables * tableSectors
  const dataAt = rootAt + rootSectors
  const clusters = Math.floor((sectors - dataAt) / clusterSectors)
  if (tableSectors === 0 || clusters < 1) return undefined
  const isFat32 = shortTable === 0
  if (!isFat32 && rootEntries === 0) return undefined
  return {
    kind: isFat32 ? 'fat32' : clusters <= mostClustersOfFat12 ? 'fat12' : 'fat16',
    clusterBytes: clusterSectors * sectorBytes,
    clusters,
    tableAt: reserved * sectorBytes,
    tableBytes: tableSectors * sectorBytes,
    root: isFat32 ? { cluster: sector.u32le(44) ?? 0 } : { at: rootAt * sectorBytes, bytes: rootSectors * sectorBytes },
    dataAt: dataAt * sectorBytes,
  }
}
