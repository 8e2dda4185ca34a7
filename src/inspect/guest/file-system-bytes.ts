import type { ByteReader } from '../byte-reader.ts'
import type { FileSystem } from './disk-facts.ts'

const extAt = 1024
const largestExtShift = 6
const has64Bit = 0x80

const extBytes = (reader: ByteReader): number | undefined => {
  const low = reader.u32le(extAt + 4)
  const shift = reader.u32le(extAt + 24)
  const incompatible = reader.u32le(extAt + 96)
  const high = reader.u32le(extAt + 336)
  if (low === undefined || shift === undefined || incompatible === undefined || high === undefined) return undefined
  if (shift > largestExtShift) return undefined
  return (low + ((incompatible & has64Bit) === 0 ? 0 : high * 2 ** 32)) * 2 ** (10 + shift)
}

const xfsBytes = (reader: ByteReader): number | undefined => {
  const blockBytes = reader.u32be(4)
  const blocks = reader.u64be(8)
  return blockBytes === undefined || blocks === undefined ? undefined : blockBytes * blocks
}

// Of the device that the superblock lies on, which may be one of several.
const btrfsBytes = (reader: ByteReader): number | undefined => reader.u64le(64 * 1024 + 201 + 8)

/**
 * How long a volume must be for the file system on it, in bytes, by its superblock: Linux mounts none that is longer than what it lies on. Of the
 * kinds that roots are made of; absent for others, and where the beginning was not read far enough.
 */
export const fileSystemBytes = (fileSystem: FileSystem, beginning: ByteReader): number | undefined => {
  if (fileSystem === 'ext2' || fileSystem === 'ext3' || fileSystem === 'ext4') return extBytes(beginning)
  if (fileSystem === 'xfs') return xfsBytes(beginning)
  return fileSystem === 'btrfs' ? btrfsBytes(beginning) : undefined
}
