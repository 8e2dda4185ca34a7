import { byteReader } from '../byte-reader.ts'
import { gzipHeaderEnd } from '../gzip-header.ts'
import { type Medium, type Reading, unpacked } from '../reading.ts'
import { firstLookBytes, isWholeFile } from './beginning.ts'
import { endsWithMember } from './gzip-last-member.ts'
import { tailBytes } from './kept-tail.ts'
import type { Layer } from './layer.ts'
import { mostDeflated } from './packed-end.ts'

const leastBytes = 18
const lengthBytes = 4
const mostUnpackedBytes = 64 * 2 ** 20
const memberProbeBytes = 4 * 2 ** 20
const lengthsBegin = 2 ** 32

type Announced = Pick<Layer, 'unpackedBytes' | 'unpackedBytesAre' | 'truncated'>

/** Of a file that is there wholly nothing needs to be believed. */
function* counted(packed: Uint8Array): Reading<Announced | undefined> {
  const { bytes, short } = yield* unpacked('gzip', packed, mostUnpackedBytes)
  if (short === 'end') return { unpackedBytes: bytes.length, unpackedBytesAre: 'exact', truncated: false }
  return short === 'unavailable' && bytes.length > 0 ? { truncated: true } : undefined
}

/** Whether the first member ends within the beginning, so that the length at the file's end is another member's. */
function* hasSeveralMembers(packed: Uint8Array): Reading<boolean> {
  const headerEnd = gzipHeaderEnd(packed)
  if (typeof headerEnd === 'string') return false
  const { short } = yield* unpacked('deflate', packed.subarray(headerEnd), memberProbeBytes)
  return short === 'end'
}

/**
 * What the last four bytes of a gzip file announce: the length of what is in the last member, less what exceeds a multiple of 4 GiB. They
 * are of no use where there are several members; but where the last one was seen from its header to its end, the file's end is there. A
 * length that cannot be packed so small is none: the file's end is missing.
 */
export function* announcedGzipLength(file: Medium): Reading<Announced> {
  const first = yield* file.read(0, firstLookBytes)
  const isWhole = isWholeFile(file, first)
  if (isWhole) {
    const known = yield* counted(first.bytes)
    if (known !== undefined) return known
  }
  const { length } = file
  if (length === undefined || length < leastBytes) return {}
  if (!isWhole && (yield* hasSeveralMembers(first.bytes))) return {}

  const { bytes: tail } = yield* file.read(Math.max(0, length - tailBytes), tailBytes)
  const announced =
    tail.length < Math.min(length, tailBytes) ? undefined : byteReader(tail).u32le(tail.length - lengthBytes)
  if (announced === undefined) return {}
  if (!isWhole && (yield* endsWithMember(tail, announced))) return { truncated: false }
  // Zeros are what files are filled up with, and the end of an empty member.
  if (announced === 0) return {}
  const most = length * mostDeflated
  if (announced > most) return { truncated: true }
  // Deflated data are hardly longer than what is in them, so that this is what one of several members holds.
  const isOneOfSeveral = announced < length / 2 && most < lengthsBegin
  return isOneOfSeveral ? {} : { unpackedBytes: announced, unpackedBytesAre: 'modulo' }
}
