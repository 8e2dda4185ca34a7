import { crc32c } from './crc32c.ts'
import { contentOf, guestDisk } from './guest-disk.ts'
import type { SparseDiskOptions } from './qcow2.ts'

const kibibyte = 2 ** 10
const mebibyte = 2 ** 20
const blockBytes = mebibyte
const logicalSectorBytes = 512
const physicalSectorBytes = 4096
const blocksPerChunk = (2 ** 23 * logicalSectorBytes) / blockBytes
const presentBlock = 6n

// The file's parts, each a MiB: headers, log, metadata, block allocation table, then the blocks of the disk.
const at = { log: mebibyte, metadata: 2 * mebibyte, bat: 3 * mebibyte, data: 4 * mebibyte }

/** The largest disk that fits the block allocation table's one MiB, in bytes. */
const mostVirtualBytes = (mebibyte / 8 - 64) * blockBytes

/** A dynamic VHDX image with an empty log. About 5 MiB, since every part of the format takes whole MiB. */
export const vhdxDisk = ({
  virtualBytes = 16 * mebibyte,
  label = 'imageferry',
}: SparseDiskOptions = {}): Uint8Array => {
  if (virtualBytes > mostVirtualBytes) throw new RangeError(`At most ${mostVirtualBytes} bytes`)
  const extents = guestDisk(virtualBytes, label)
  const written = [...new Set(extents.map((extent) => Math.floor(extent.at / blockBytes)))]
  const file = Buffer.alloc(at.data + written.length * blockBytes)

  file.write('vhdxfile', 0, 'latin1')
  file.write('imageferry', 8, 'utf16le')
  file.set(header(1n, label), 64 * kibibyte)
  file.set(header(2n, label), 128 * kibibyte)
  file.set(regionTable(), 192 * kibibyte)
  file.set(regionTable(), 256 * kibibyte)
  file.set(metadata(virtualBytes, label), at.metadata)

  for (const [index, block] of written.entries()) {
    const entry = block + Math.floor(block / blocksPerChunk)
    file.writeBigUInt64LE(BigInt(at.data + index * blockBytes) | presentBlock, at.bat + entry * 8)
  }
  for (const extent of extents) {
    const index = written.indexOf(Math.floor(extent.at / blockBytes))
    file.set(extent.bytes, at.data + index * blockBytes + (extent.at % blockBytes))
  }
  return file
}

/** The check sum is taken with its own field at zero. */
const withChecksum = (bytes: Buffer): Buffer => {
  bytes.writeUInt32LE(crc32c(bytes), 4)
  return bytes
}

const header = (sequence: bigint, label: string): Buffer => {
  const bytes = Buffer.alloc(4 * kibibyte)
  bytes.write('head', 0, 'latin1')
  bytes.writeBigUInt64LE(sequence, 8)
  bytes.set(contentOf(`${label}/file`, 16), 16)
  bytes.set(contentOf(`${label}/data`, 16), 32)
  // The log's GUID stays zero: there is nothing to replay.
  bytes.writeUInt16LE(1, 66)
  bytes.writeUInt32LE(mebibyte, 68)
  bytes.writeBigUInt64LE(BigInt(at.log), 72)
  return withChecksum(bytes)
}

/** A GUID as it stands in the file: the first three groups little-endian. */
const guid = (text: string): Buffer => {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}

const regionTable = (): Buffer => {
  const bytes = Buffer.alloc(64 * kibibyte)
  const regions = [
    ['2dc27766-f623-4200-9d64-115e9bfd4a08', at.bat],
    ['8b7ca206-4790-4b9a-b8fe-575f050f886e', at.metadata],
  ] as const
  bytes.write('regi', 0, 'latin1')
  bytes.writeUInt32LE(regions.length, 8)
  for (const [index, [id, offset]] of regions.entries()) {
    const entry = 16 + index * 32
    bytes.set(guid(id), entry)
    bytes.writeBigUInt64LE(BigInt(offset), entry + 16)
    bytes.writeUInt32LE(mebibyte, entry + 24)
    bytes.writeUInt32LE(1, entry + 28)
  }
  return withChecksum(bytes)
}

const isRequired = 4
const ofTheDisk = 2

const metadata = (virtualBytes: number, label: string): Buffer => {
  const items = [
    { id: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b', flags: isRequired, value: littleEndian(8, blockBytes) },
    { id: '2fa54224-cd1b-4876-b211-5dbed83bf4b8', flags: isRequired | ofTheDisk, value: littleEndian(8, virtualBytes) },
    {
      id: 'beca12ab-b2e6-4523-93ef-c309e000c746',
      flags: isRequired | ofTheDisk,
      value: contentOf(`${label}/page83`, 16),
    },
    {
      id: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
      flags: isRequired | ofTheDisk,
      value: littleEndian(4, logicalSectorBytes),
    },
    {
      id: 'cda348c7-445d-4471-9cc9-e9885251c556',
      flags: isRequired | ofTheDisk,
      value: littleEndian(4, physicalSectorBytes),
    },
  ]
  const bytes = Buffer.alloc(128 * kibibyte)
  bytes.write('metadata', 0, 'latin1')
  bytes.writeUInt16LE(items.length, 10)
  let offset = 64 * kibibyte
  for (const [index, { id, flags, value }] of items.entries()) {
    const entry = 32 + index * 32
    bytes.set(guid(id), entry)
    bytes.writeUInt32LE(offset, entry + 16)
    bytes.writeUInt32LE(value.length, entry + 20)
    bytes.writeUInt32LE(flags, entry + 24)
    bytes.set(value, offset)
    offset += value.length
  }
  return bytes
}

const littleEndian = (width: 4 | 8, value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes.subarray(0, width)
}
