const castagnoli = 0x82f6_3b78

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ castagnoli : value >>> 1
  return value
})

const checksumAt = 4
const checksumBytes = 4

/** Whether the CRC-32C check sum at byte 4 is that of the bytes, taken with its own field at zero: so VHDX guards its structures. */
export const checksumHolds = (bytes: Uint8Array): boolean => {
  let value = 0xffff_ffff
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = at >= checksumAt && at < checksumAt + checksumBytes ? 0 : (bytes[at] ?? 0)
    value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0)
  }
  const expected = (value ^ 0xffff_ffff) >>> 0
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(checksumAt, true) === expected
}
