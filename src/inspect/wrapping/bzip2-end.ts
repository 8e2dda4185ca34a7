import type { Medium, Reading } from '../reading.ts'
import type { Layer } from './layer.ts'

/** The mark before the check sum that a bzip2 stream ends with: 48 bits, the digits of the square root of pi. */
const endMark = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
const markBits = 48
const checksumBits = 32
const bitsOfByte = 8

/** Mark and check sum, which may begin at any bit of a byte; in bytes. */
const tailBytes = (markBits + checksumBits) / bitsOfByte + 1

/** The byte that begins `shift` bits before the end of this one. */
const byteAt = (bytes: Uint8Array, index: number, shift: number): number =>
  (((bytes[index] ?? 0) << shift) | ((bytes[index + 1] ?? 0) >> (bitsOfByte - shift))) & 0xff

/** After the check sum the last byte is filled up, so that the mark ends from 32 to 39 bits before the end. */
const endsWithMark = (bytes: Uint8Array): boolean =>
  Array.from({ length: bitsOfByte }, (_, filled) => filled).some((filled) => {
    const fromEnd = markBits + checksumBits + filled
    const at = bytes.length - Math.ceil(fromEnd / bitsOfByte)
    const shift = (bitsOfByte - (fromEnd % bitsOfByte)) % bitsOfByte
    return at >= 0 && endMark.every((byte, index) => byteAt(bytes, at + index, shift) === byte)
  })

/**
 * A bzip2 file tells no length anywhere, but the last of its streams ends with a mark. A file that ends with anything else was cut; one
 * that has something behind its streams is taken for cut as well, which is for whoever made it to put right.
 */
export function* bzip2End(file: Medium): Reading<Pick<Layer, 'truncated'>> {
  const { length } = file
  if (length === undefined || length < tailBytes) return {}
  const { bytes, short } = yield* file.read(length - tailBytes, tailBytes)
  return short === undefined ? { truncated: !endsWithMark(bytes) } : {}
}
