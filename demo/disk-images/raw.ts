import { crc32 } from 'node:zlib'
import { bootCode, checkDiskSize, contentOf, guestDisk, mbrEntry, sectorBytes } from './guest-disk.ts'

/** What a plain disk is to be like. */
export interface RawDiskOptions {
  /** The length of the disk and of the file, in bytes; whole sectors. 1 MiB by default. */
  readonly bytes?: number
  /** Goes into the first bytes of the disk, so that two disks differ. */
  readonly label?: string
}

const defaultBytes = 1024 * 1024
const entrySectors = 32
const entryBytes = 128
const entryCount = 128
const headerBytes = 92
const linuxFileSystem = Buffer.from('af3dc60f838472478e793d69d8477de4', 'hex')

/** A plain disk with an MBR and one Linux partition. */
export const rawDisk = ({ bytes = defaultBytes, label = 'imageferry' }: RawDiskOptions = {}): Uint8Array => {
  const extents = guestDisk(bytes, label)
  const disk = Buffer.alloc(bytes)
  for (const extent of extents) disk.set(extent.bytes, extent.at)
  return disk
}

/** A plain disk with a GPT, both copies of it, and one Linux partition. */
export const gptDisk = ({ bytes = defaultBytes, label = 'imageferry' }: RawDiskOptions = {}): Uint8Array => {
  checkDiskSize(bytes)
  const disk = Buffer.alloc(bytes)
  const last = bytes / sectorBytes - 1
  const first = 2 + entrySectors
  const lastUsable = last - entrySectors - 1

  disk.set(bootCode(label))
  disk.set(mbrEntry(0xee, 1, last), 446)
  disk.set([0x55, 0xaa], 510)

  const entries = Buffer.alloc(entrySectors * sectorBytes)
  entries.set(linuxFileSystem, 0)
  entries.set(contentOf(`${label}/partition`, 16), 16)
  entries.writeBigUInt64LE(BigInt(first), 32)
  entries.writeBigUInt64LE(BigInt(lastUsable), 40)
  entries.write('root', 56, 'utf16le')

  const header = (own: number, other: number, entriesAt: number): Buffer => {
    const fields = Buffer.alloc(headerBytes)
    fields.write('EFI PART', 0, 'latin1')
    fields.writeUInt32LE(0x0001_0000, 8)
    fields.writeUInt32LE(headerBytes, 12)
    for (const [at, sector] of [
      [24, own],
      [32, other],
      [40, first],
      [48, lastUsable],
      [72, entriesAt],
    ] as const) {
      fields.writeBigUInt64LE(BigInt(sector), at)
    }
    fields.set(contentOf(`${label}/disk`, 16), 56)
    fields.writeUInt32LE(entryCount, 80)
    fields.writeUInt32LE(entryBytes, 84)
    fields.writeUInt32LE(crc32(entries), 88)
    fields.writeUInt32LE(crc32(fields), 16)
    return fields
  }

  disk.set(header(1, last, 2), sectorBytes)
  disk.set(entries, 2 * sectorBytes)
  disk.set(contentOf(label, 8 * sectorBytes), first * sectorBytes)
  disk.set(entries, (last - entrySectors) * sectorBytes)
  disk.set(header(last, 1, last - entrySectors), last * sectorBytes)
  return disk
}
