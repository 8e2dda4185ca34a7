import { type ByteReader, byteReader } from '../byte-reader.ts'
import { crc32 } from '../crc32.ts'
import type { Medium, Reading } from '../reading.ts'
import type { Layer } from './layer.ts'

const headerBytes = 12
const footerBytes = 12
const flagsBytes = 2
/** Of a file with nothing in it: the index alone is eight bytes. */
const leastBytes = headerBytes + 8 + footerBytes
const tailBytes = 64 * 2 ** 10
const mostIndexBytes = 256 * 2 ** 10
/** A number takes nine bytes of seven bits each at the most. */
const mostNumberBytes = 9

type Announced = Pick<Layer, 'unpackedBytes' | 'unpackedBytesAre' | 'truncated'>

const contradiction: Announced = { truncated: true }

/** Behind the last byte that is no padding, in bytes from the part's start: streams are padded by zeros, four at a time. */
const paddedFrom = (bytes: Uint8Array): number => {
  let end = bytes.length
  while (end >= 4 && bytes.subarray(end - 4, end).every((byte) => byte === 0)) end -= 4
  return end
}

const roundedUp = (bytes: number): number => Math.ceil(bytes / 4) * 4

/** One number in the manner of the format, seven bits a byte, the lowest first; `undefined` where it is cut or beyond 2^53. */
const readNumber = (reader: ByteReader, at: number): { readonly value: number; readonly next: number } | undefined => {
  let value = 0
  for (let index = 0; index < mostNumberBytes; index += 1) {
    const byte = reader.u8(at + index)
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, next: at + index + 1 } : undefined
  }
  return undefined
}

interface Sums {
  /** What the blocks take in the file, in bytes. */
  readonly packed: number
  readonly unpacked: number
}

/** The sums over an index, whose check sum is right; `undefined` where it is none. */
const readIndex = (index: Uint8Array): Sums | undefined => {
  const reader = byteReader(index)
  const checked = index.length - 4
  if (reader.u8(0) !== 0 || crc32(index.subarray(0, checked)) !== reader.u32le(checked)) return undefined
  const records = readNumber(reader, 1)
  if (records === undefined) return undefined
  let at = records.next
  let packed = 0
  let unpacked = 0
  for (let record = 0; record < records.value; record += 1) {
    const block = readNumber(reader, at)
    const content = block === undefined ? undefined : readNumber(reader, block.next)
    if (block === undefined || content === undefined || content.next > checked) return undefined
    packed += roundedUp(block.value)
    unpacked += content.value
    at = content.next
  }
  return Number.isSafeInteger(packed) && Number.isSafeInteger(unpacked) ? { packed, unpacked } : undefined
}

/** The length of the index before a footer, in bytes; `undefined` where there is no footer, or one that contradicts the header. */
const indexBytesOf = (footer: Uint8Array, header: Uint8Array): number | undefined => {
  const reader = byteReader(footer)
  const isRight =
    reader.has(footerBytes - 2, 'YZ') &&
    crc32(footer.subarray(4, footerBytes - 2)) === reader.u32le(0) &&
    reader.latin1(8, flagsBytes) === byteReader(header).latin1(6, flagsBytes)
  return isRight ? ((reader.u32le(4) ?? 0) + 1) * 4 : undefined
}

/**
 * What the index at the end of an xz file announces: the length of every block. Where several streams follow each other it is known of the
 * last one only, and so not of the file. A file without a footer, or whose index does not fit what is before it, was cut.
 */
export function* xzLength(file: Medium): Reading<Announced> {
  const { length } = file
  if (length === undefined) return {}
  if (length < leastBytes) return contradiction
  const header = yield* file.read(0, headerBytes)
  const tailAt = Math.max(0, length - tailBytes)
  const tail = yield* file.read(tailAt, length - tailAt)
  if (header.short !== undefined || tail.short !== undefined) return {}

  const footerEnd = paddedFrom(tail.bytes)
  // Nothing but zeros tell nothing: there may be more of them than were read.
  if (footerEnd < footerBytes) return {}
  const footerAt = tailAt + footerEnd - footerBytes
  const indexBytes = indexBytesOf(tail.bytes.subarray(footerEnd - footerBytes, footerEnd), header.bytes)
  if (indexBytes === undefined || footerAt - indexBytes < headerBytes) return contradiction
  if (indexBytes > mostIndexBytes) return {}

  const indexAt = footerAt - indexBytes
  const index =
    indexAt >= tailAt
      ? { bytes: tail.bytes.subarray(indexAt - tailAt, footerAt - tailAt) }
      : yield* file.read(indexAt, indexBytes)
  if (index.bytes.length < indexBytes) return {}
  const sums = readIndex(index.bytes)
  if (sums === undefined || headerBytes + sums.packed > indexAt) return contradiction
  if (headerBytes + sums.packed < indexAt) return {}
  return { unpackedBytes: sums.unpacked, unpackedBytesAre: 'exact', truncated: false }
}
