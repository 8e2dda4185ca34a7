import { gzipHeaderEnd } from '../gzip-header.ts'
import { type Reading, unpacked } from '../reading.ts'

/** What looks like a header stands by chance once in 16 MiB, and where packed files lie in an image that is packed. */
const mostCandidates = 4
const magicByte = 0x1f
const mostUnpackedBytes = 48 * 2 ** 20

/** Where headers seem to stand, in bytes, the last first. */
const candidatesIn = (tail: Uint8Array): readonly number[] => {
  const found: number[] = []
  let tries = 0
  for (let at = tail.lastIndexOf(magicByte); at >= 0 && tries < mostCandidates; ) {
    const end = gzipHeaderEnd(tail.subarray(at))
    if (end !== 'none') tries += 1
    if (typeof end === 'number') found.push(at)
    at = at === 0 ? -1 : tail.lastIndexOf(magicByte, at - 1)
  }
  return found
}

/**
 * Whether the last member of a gzip file begins within the bytes that it ends with, unpacks to the length that stands at the very end, with
 * the right check sum, and ends there: without the last byte it has none.
 */
export function* endsWithMember(tail: Uint8Array, announced: number): Reading<boolean> {
  if (announced > mostUnpackedBytes) return false
  for (const at of candidatesIn(tail)) {
    const member = yield* unpacked('gzip', tail.subarray(at), announced + 1)
    if (member.short !== 'end' || member.bytes.length !== announced) continue
    const without = yield* unpacked('gzip', tail.subarray(at, -1), announced + 1)
    if (without.short !== 'end') return true
  }
  return false
}
