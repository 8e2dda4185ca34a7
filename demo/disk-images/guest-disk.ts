import { createHash } from 'node:crypto'

/** Bytes at a place of a disk, as its guest sees it; everything between is zeros. */
export interface Extent {
  /** In bytes from the disk's start. */
  readonly at: number
  readonly bytes: Uint8Array
}

/** The size of a disk sector, in bytes. */
export const sectorBytes = 512

/** The smallest disk that the makers make, in bytes. */
export const smallestDiskBytes = 128 * 1024

const bootCodeBytes = 440
const firstPartitionSector = 64
const linuxPartition = 0x83

/** Fails for a size that a disk cannot have: not whole sectors, or too small for the partition. `bytes` is in bytes. */
export const checkDiskSize = (bytes: number): void => {
  if (!Number.isSafeInteger(bytes) || bytes % sectorBytes !== 0 || bytes < smallestDiskBytes) {
    throw new RangeError(`A disk has whole sectors and at least ${smallestDiskBytes} bytes, not ${bytes}`)
  }
}

/** The boot sector's code: an endless loop, then the label as UTF-8. It is what makes two disks differ in the first bytes. */
export const bootCode = (label: string): Buffer => {
  const code = Buffer.concat([Buffer.from([0xeb, 0xfe, 0x90]), Buffer.from(label)])
  if (code.length > bootCodeBytes) throw new RangeError(`A label has at most ${bootCodeBytes - 3} bytes of UTF-8`)
  return code
}

/** An MBR partition entry that leaves the old cylinder addresses at "beyond what they can say". */
export const mbrEntry = (type: number, firstSector: number, sectors: number): Buffer => {
  const entry = Buffer.from([0, 0xfe, 0xff, 0xff, type, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
  entry.writeUInt32LE(firstSector, 8)
  entry.writeUInt32LE(Math.min(sectors, 0xffff_ffff), 12)
  return entry
}

/** Some bytes that are the same for the same label, and of which no two sectors are alike. `length` is in bytes. */
export const contentOf = (label: string, length: number): Buffer => {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(`${label}/${index}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, length)
}

/** A disk of `bytes` bytes as its guest sees it: an MBR, and one Linux partition to the disk's end with a little data. */
export const guestDisk = (bytes: number, label: string): readonly Extent[] => {
  checkDiskSize(bytes)
  const mbr = Buffer.alloc(sectorBytes)
  mbr.set(bootCode(label))
  mbr.set(mbrEntry(linuxPartition, firstPartitionSector, bytes / sectorBytes - firstPartitionSector), 446)
  mbr.set([0x55, 0xaa], 510)
  return [
    { at: 0, bytes: mbr },
    { at: firstPartitionSector * sectorBytes, bytes: contentOf(label, 8 * sectorBytes) },
  ]
}
