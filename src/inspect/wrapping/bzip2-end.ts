import type { Medium, Reading } from '../reading.ts'
import type { Layer } from './layer.ts'

/** The mark before the check sum that a bzip2 stream ends with: 48 bits, the digits of the square root of pi. */
const endMark = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
const markBits = 48
const checksumBits = 32
const bitsOfByte = 8

/** Mark and check sum, which may begin at any bit of a byte; in bytes. */
const leastBytes = (markBits + checksumBits) / bitsOfByte

/** How much is looked at for the mark where something follows the streams, in bytes. */
const tailBytes = 4096

/** The byte that begins `shift` bits into this one. */
const byteAt = (bytes: Uint8Array, index: number, shift: number): number =>
  (((bytes[index] ?? 0) << shift) | ((bytes[index + 1] ?? 0) >> (bitsOfByte - shift))) & 0xff

/** The bits behind the last mark and its check sum; absent where there is no mark. */
const bitsBehindMark = (bytes: Uint8Array): number | undefined => {
  for (let bit = bytes.length * bitsOfByte - markBits - checksumBits; bit >= 0; bit -= 1) {
    const [at, shift] = [Math.floor(bit / bitsOfByte), bit % bitsOfByte]
    if (endMark.every((byte, index) => byteAt(bytes, at + index, shift) === byte))
      return bytes.length * bitsOfByte - bit - markBits - checksumBits
  }
  return undefined
}

/**
 * A bzip2 file tells no length anywhere, but each of its streams ends with a mark, a check sum, and the bits that fill the last byte. A file
 * without a mark near its end was cut; where more follows than those bits, which bzip2 itself takes no notice of, nothing is told.
 */
export function* bzip2End(file: Medium): Reading<Pick<Layer, 'truncated'>> {
  const { length } = file
  if (length === undefined || length < leastBytes) return {}
  const wanted = Math.min(length, tailBytes)
  const { bytes, short } = yield* file.read(length - wanted, wanted)
  if (short !== undefined) return {}
  const behind = bitsBehindMark(bytes)
  if (behind === undefined) return { truncated: true }
  return behind < bitsOfByte ? { truncated: false } : {}
}
