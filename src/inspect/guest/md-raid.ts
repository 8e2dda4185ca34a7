import type { ByteReader } from '../byte-reader.ts'

const magic = 0xa92b_4efc

/** Where the superblock of a Linux software RAID member lies, in bytes: of versions 1.1 and 1.2, which have it at the beginning. */
export const mdRaidAt = (reader: ByteReader): number | undefined =>
  [0, 4096].find((at) => reader.u32le(at) === magic && reader.u32le(at + 4) === 1)

/** How many devices the array has; absent where that makes no sense. */
export const mdRaidMembers = (reader: ByteReader, at: number): number | undefined => {
  const disks = reader.u32le(at + 92)
  return disks === undefined || disks === 0 || disks > 4096 ? undefined : disks
}
