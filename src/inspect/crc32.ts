const polynomial = 0xedb8_8320

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
  return value
})

/** The CRC-32 check sum, as a GPT wants it, of the stretches of bytes one after the other; unsigned. */
export const crc32 = (...stretches: readonly Uint8Array[]): number => {
  let value = 0xffff_ffff
  for (const bytes of stretches) {
    for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0)
  }
  return (value ^ 0xffff_ffff) >>> 0
}
