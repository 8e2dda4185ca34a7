import { byteReader } from '../byte-reader.ts'
import { isInEntry } from '../guest/mbr.ts'
import { partitionTableIn, tableBytes } from '../guest/partition-table.ts'
import type { Medium, Reading } from '../reading.ts'
import type { FormatReader } from './container.ts'

const descriptorAt = 0x8000
const descriptorBytes = 2048
const primaryDescriptor = 1

/**
 * ISO 9660, known by the first of its volume descriptors (ECMA-119, 8.4). The promise is the volume's number of blocks. A guest sees the
 * file as it is; one that boots from a disk too has a partition table in it.
 */
export const readIso: FormatReader = function* (file) {
  const reader = byteReader((yield* file.read(descriptorAt, descriptorBytes)).bytes)
  if (!reader.has(1, 'CD001')) return undefined
  const blocks = reader.u32le(80)
  const blockBytes = reader.u16le(128)
  const isKnown = reader.u8(0) === primaryDescriptor && blocks !== undefined && blockBytes !== undefined
  const volumeBytes = isKnown ? blocks * blockBytes : undefined
  if (volumeBytes !== undefined && (yield* isLeftOnDisk(file, volumeBytes))) return undefined
  return {
    format: 'iso',
    virtualBytes: volumeBytes,
    features: {},
    disk: file,
    // biome-ignore lint/correctness/useYield: the descriptor has told it already.
    *completeness() {
      return { promisedBytes: Math.max(volumeBytes ?? 0, descriptorAt + descriptorBytes) }
    },
  }
}

/**
 * Whether the volume was left on a disk that was parted anew, since no tool clears so much: the disk reaches further, and its partitions leave out
 * where the volume is. On a disc one begins with it, and others may follow.
 */
function* isLeftOnDisk(file: Medium, volumeBytes: number): Reading<boolean> {
  const start = yield* file.read(0, tableBytes)
  const { partitions } = yield* partitionTableIn(file, start)
  const isWithin = partitions.some(({ at, bytes }) => at <= descriptorAt && descriptorAt < at + bytes)
  if (isWithin || isInEntry(byteReader(start.bytes), descriptorAt)) return false
  return partitions.some(({ at, bytes }) => at + bytes > volumeBytes)
}
