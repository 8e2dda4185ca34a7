const castagnoli = 0x82f6_3b78

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ castagnoli : value >>> 1
  return value
})

/** The CRC-32C check sum (Castagnoli's polynomial, as VHDX wants it) of the bytes, unsigned. */
export const crc32c = (bytes: Uint8Array): number => {
  let value = 0xffff_ffff
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0)
  return (value ^ 0xffff_ffff) >>> 0
}
