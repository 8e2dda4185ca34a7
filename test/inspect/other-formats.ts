/** Small images of the formats that the project only reads, just complete enough for a reader to walk them. */

const mebibyte = 2 ** 20
const virtualBytes = 4 * mebibyte

/** Gives a VHD's footer at a place the check sum that it has to have. */
export const signedFooter = (file: Buffer, at: number): void => {
  file.writeUInt32BE(0, at + 64)
  const sum = file.subarray(at, at + 512).reduce((total, byte) => total + byte, 0)
  file.writeUInt32BE(~sum >>> 0, at + 64)
}

const vhdFooter = (type: number, bytes: number, dataOffset: bigint): Buffer => {
  const footer = Buffer.alloc(512)
  footer.write('conectix', 0, 'latin1')
  footer.writeUInt32BE(0x0001_0000, 12)
  footer.writeBigUInt64BE(dataOffset, 16)
  footer.writeBigUInt64BE(BigInt(bytes), 40)
  footer.writeBigUInt64BE(BigInt(bytes), 48)
  footer.writeUInt32BE(type, 60)
  signedFooter(footer, 0)
  return footer
}

/** A VHD of 1 MiB: the disk and the footer. */
export const fixedVhd = (): Uint8Array =>
  Buffer.concat([Buffer.alloc(mebibyte), vhdFooter(2, mebibyte, 2n ** 64n - 1n)])

/** A VHD of 4 MiB with two blocks, of which the second is in the file. */
export const dynamicVhd = (): Uint8Array => {
  const blockBytes = 2 * mebibyte
  const header = Buffer.alloc(1024)
  header.write('cxsparse', 0, 'latin1')
  header.writeBigUInt64BE(1536n, 16)
  header.writeUInt32BE(2, 28)
  header.writeUInt32BE(blockBytes, 32)
  const table = Buffer.alloc(512, 0xff)
  table.writeUInt32BE(2048 / 512, 4)
  const footer = vhdFooter(3, virtualBytes, 512n)
  return Buffer.concat([footer, header, table, Buffer.alloc(512 + blockBytes), footer])
}

/**
 * The dynamic VHD as a layer over `name`, whose second block holds `data` in its first sector; its bitmap says that of this block the first and
 * the ninth sector are in it.
 */
export const differencingVhd = (name: string): Buffer => {
  const file = Buffer.from(dynamicVhd())
  file.writeUInt32BE(4, 60)
  signedFooter(file, 0)
  file.set(Buffer.from('33221100554477668899aabbccddeeff', 'hex'), 512 + 40)
  file.set(Buffer.from(name, 'utf16le').swap16(), 512 + 64)
  file.set([0x80, 0x80], 2048)
  return file.fill('data', 2560, 2560 + 512)
}

/** A VDI of 4 MiB, of which one block of 1 MiB is in the file. */
export const vdi = (): Uint8Array => {
  const file = Buffer.alloc(2 * 512 + mebibyte)
  file.write('<<< Test VDI >>>\n', 0, 'latin1')
  file.writeUInt32LE(0xbeda_107f, 64)
  file.writeUInt32LE(0x0001_0001, 68)
  file.writeUInt32LE(512, 340)
  file.writeUInt32LE(1024, 344)
  file.writeUInt32LE(512, 360)
  file.writeBigUInt64LE(BigInt(virtualBytes), 368)
  file.writeUInt32LE(mebibyte, 376)
  file.writeUInt32LE(4, 384)
  file.writeUInt32LE(1, 388)
  return file
}

const grainSectors = 128
const vmdkHeader = (flags: number, directory: bigint): Buffer => {
  const header = Buffer.alloc(512)
  header.write('KDMV', 0, 'latin1')
  header.writeUInt32LE(1, 4)
  header.writeUInt32LE(flags, 8)
  header.writeBigUInt64LE(BigInt(virtualBytes / 512), 12)
  header.writeBigUInt64LE(BigInt(grainSectors), 20)
  header.writeUInt32LE(512, 44)
  header.writeBigUInt64LE(directory, 56)
  header.writeBigUInt64LE(1n, 64)
  return header
}

const sectorNumber = (sector: number): Buffer => {
  const bytes = Buffer.alloc(512)
  bytes.writeUInt32LE(sector, 0)
  return bytes
}

/** A VMDK of 4 MiB: header, grain directory, one grain table, one grain. */
export const sparseVmdk = (): Uint8Array =>
  Buffer.concat([
    vmdkHeader(3, 1n),
    sectorNumber(2),
    sectorNumber(6),
    Buffer.alloc(3 * 512),
    Buffer.alloc(grainSectors * 512),
  ])

/** A stream-optimised VMDK of 4 MiB: header, one compressed grain, grain table, grain directory, footer, end marker. */
export const streamVmdk = (): Uint8Array => {
  const grain = Buffer.alloc(4 * 512, 1)
  grain.writeUInt32LE(2000, 8)
  return Buffer.concat([
    vmdkHeader(0x30001, 2n ** 64n - 1n),
    grain,
    sectorNumber(1),
    Buffer.alloc(3 * 512),
    sectorNumber(5),
    vmdkHeader(0x30001, 9n),
    Buffer.alloc(512),
  ])
}

/** An ISO 9660 volume of 20 blocks. */
export const isoVolume = (): Uint8Array => {
  const volume = Buffer.alloc(20 * 2048)
  volume.write('\x01CD001\x01', 0x8000, 'latin1')
  volume.writeUInt32LE(20, 0x8000 + 80)
  volume.writeUInt16LE(2048, 0x8000 + 128)
  return volume
}

/** A ploop disk of three clusters of 4 KiB: nothing, the second one in the file, the first one in the file. */
export const ploop = (magic: 'WithoutFreeSpace' | 'WithouFreSpacExt' = 'WithoutFreeSpace'): Buffer => {
  const file = Buffer.alloc(3 * 4096)
  file.write(magic)
  file.writeUInt32LE(2, 16)
  file.writeUInt32LE(8, 28)
  file.writeUInt32LE(3, 32)
  file.writeUInt32LE(20, 36)
  // Above four bytes of the size only the newer kind looks.
  if (magic === 'WithoutFreeSpace') file.writeUInt32LE(7, 40)
  const clusters = magic === 'WithoutFreeSpace' ? [0, 16, 8] : [0, 2, 1]
  for (const [index, place] of clusters.entries()) file.writeUInt32LE(place, 64 + index * 4)
  return file.fill('b', 4096, 8192).fill('a', 8192)
}
