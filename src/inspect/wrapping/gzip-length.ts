import { type ByteReader, byteReader } from '../byte-reader.ts'
import { type Medium, type Reading, unpacked } from '../reading.ts'
import { firstLookBytes, isWholeFile } from './beginning.ts'
import type { Layer } from './layer.ts'

const fixedHeaderBytes = 10
const trailerBytes = 8
const lengthEnd = 4
/** No deflated byte stands for more than 1032. */
const mostRatio = 1032
const mostUnpackedBytes = 64 * 2 ** 20
const memberProbeBytes = 4 * 2 ** 20
const lengthsBegin = 2 ** 32

const hasChecksum = 2
const hasExtra = 4
const hasName = 8
const hasComment = 16

/** Where the deflated data of the first member begin, in bytes (RFC 1952); beyond the bytes where the header is longer than they are. */
const headerBytes = (reader: ByteReader, bytes: Uint8Array): number => {
  const flags = reader.u8(3) ?? 0
  const afterText = (at: number): number => {
    const zero = bytes.indexOf(0, at)
    return zero < 0 ? bytes.length + 1 : zero + 1
  }
  let at = fixedHeaderBytes
  if ((flags & hasExtra) !== 0) at += 2 + (reader.u16le(at) ?? 0)
  if ((flags & hasName) !== 0) at = afterText(at)
  if ((flags & hasComment) !== 0) at = afterText(at)
  return (flags & hasChecksum) !== 0 ? at + 2 : at
}

type Announced = Pick<Layer, 'unpackedBytes' | 'unpackedBytesAre' | 'truncated'>

/** Of a file that is there wholly nothing needs to be believed. */
function* counted(packed: Uint8Array): Reading<Announced | undefined> {
  const { bytes, short } = yield* unpacked('gzip', packed, mostUnpackedBytes)
  if (short === 'end') return { unpackedBytes: bytes.length, unpackedBytesAre: 'exact', truncated: false }
  return short === 'unavailable' && bytes.length > 0 ? { truncated: true } : undefined
}

/** Whether the first member ends within the beginning, so that the length at the file's end is another member's. */
function* hasSeveralMembers(packed: Uint8Array): Reading<boolean> {
  const deflated = packed.subarray(headerBytes(byteReader(packed), packed))
  const { short } = yield* unpacked('deflate', deflated, memberProbeBytes)
  return short === 'end'
}

/**
 * What the last four bytes of a gzip file announce: the length of what is in the last member, less what exceeds a multiple of 4 GiB. They
 * are of no use where there are several members. A length that cannot be packed so small is none: the file's end is missing.
 */
export function* gzipLength(file: Medium): Reading<Announced> {
  const first = yield* file.read(0, firstLookBytes)
  if (isWholeFile(file, first)) {
    const known = yield* counted(first.bytes)
    if (known !== undefined) return known
  }
  const { length } = file
  if (length === undefined || length < fixedHeaderBytes + trailerBytes) return {}
  if (!isWholeFile(file, first) && (yield* hasSeveralMembers(first.bytes))) return {}

  const trailer = yield* file.read(length - trailerBytes, trailerBytes)
  const announced = byteReader(trailer.bytes).u32le(lengthEnd)
  // Zeros are what files are filled up with, and the end of an empty member.
  if (announced === undefined || announced === 0) return {}
  const most = length * mostRatio
  if (announced > most) return { truncated: true }
  // Deflated data are hardly longer than what is in them, so that this is what one of several members holds.
  const isOneOfSeveral = announced < length / 2 && most < lengthsBegin
  return isOneOfSeveral ? {} : { unpackedBytes: announced, unpackedBytesAre: 'modulo' }
}
