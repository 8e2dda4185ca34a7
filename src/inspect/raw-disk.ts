import type { ByteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'
import { sectorBytes } from './format-facts.ts'

const protectiveType = 0xee
const wholeDisk = 0xffff_ffff

interface Partition {
  readonly type: number
  readonly firstSector: number
  readonly sectors: number
}

/**
 * A plain disk, known by its partition table: an MBR with at least one plausible partition, or a GPT (with sectors of 512
 * or 4096 bytes). The promise is the end of the last partition, or of the GPT's second header, which is the last sector.
 */
export const readRawDisk = (reader: ByteReader): FormatFacts | undefined => {
  const gptEnd = gptDiskEnd(reader)
  const partitions = mbrPartitions(reader)
  if (gptEnd === undefined && partitions.length === 0) return undefined

  const promisedBytes = gptEnd ?? mbrDiskEnd(partitions)
  return {
    format: 'raw',
    partitionTable: gptEnd === undefined ? 'mbr' : 'gpt',
    promisedBytes,
    virtualBytes: Math.max(reader.length, promisedBytes),
  }
}

const gptDiskEnd = (reader: ByteReader): number | undefined => {
  const lbaBytes = [512, 4096].find((at) => reader.has(at, 'EFI PART') && reader.u64le(at + 24) === 1)
  if (lbaBytes === undefined) return undefined
  const alternate = reader.u64le(lbaBytes + 32)
  return alternate === undefined ? lbaBytes * 2 : (alternate + 1) * lbaBytes
}

const mbrPartitions = (reader: ByteReader): readonly Partition[] => {
  if (!reader.has(510, '\x55\xaa')) return []
  const entries = [446, 462, 478, 494]
  // A file system's boot sector ends in the same two bytes, but has code where a partition says if it is active.
  if (!entries.every((at) => reader.u8(at) === 0 || reader.u8(at) === 0x80)) return []
  return entries
    .map((at) => ({
      type: reader.u8(at + 4) ?? 0,
      firstSector: reader.u32le(at + 8) ?? 0,
      sectors: reader.u32le(at + 12) ?? 0,
    }))
    .filter(({ type, firstSector, sectors }) => type !== 0 && firstSector > 0 && sectors > 0)
}

/** A protective partition may span "everything" instead of the disk's real length; that promises nothing. */
const mbrDiskEnd = (partitions: readonly Partition[]): number =>
  Math.max(
    sectorBytes,
    ...partitions
      .filter(({ type, sectors }) => type !== protectiveType || sectors !== wholeDisk)
      .map(({ firstSector, sectors }) => (firstSector + sectors) * sectorBytes),
  )
