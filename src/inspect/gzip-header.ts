import { byteReader } from './byte-reader.ts'

const magic = [0x1f, 0x8b, 8]
const fixedBytes = 10
const hasChecksum = 2
const hasExtra = 4
const hasName = 8
const hasComment = 16
const reserved = 0xe0

/**
 * Where the header of a gzip member ends, in bytes from its start. `short`: the bytes end before it does. `none`: it is no such header.
 * Source: RFC 1952, section 2.3.
 */
export const gzipHeaderEnd = (bytes: Uint8Array): number | 'short' | 'none' => {
  if (!magic.every((byte, index) => index >= bytes.length || bytes[index] === byte)) return 'none'
  const reader = byteReader(bytes)
  const flags = reader.u8(3)
  if (flags === undefined || bytes.length < fixedBytes) return 'short'
  if ((flags & reserved) !== 0) return 'none'

  let end = fixedBytes
  if ((flags & hasExtra) !== 0) {
    const extraBytes = reader.u16le(end)
    if (extraBytes === undefined) return 'short'
    end += 2 + extraBytes
  }
  for (const text of [hasName, hasComment]) {
    if ((flags & text) === 0) continue
    const zero = bytes.indexOf(0, end)
    if (zero < 0) return 'short'
    end = zero + 1
  }
  if ((flags & hasChecksum) !== 0) end += 2
  return end > bytes.length ? 'short' : end
}
