import { perform } from '../../src/inspect/perform.ts'
import { type Reading, wholeFile } from '../../src/inspect/reading.ts'
import { unpacker } from '../../src/inspect/unpack.ts'

/** What the first request for a file fetches, in bytes. */
export const fetchedAtOnce = 320 * 2 ** 10

/** What a reading asked for on its way. */
export interface Measured<A> {
  readonly answer: A
  /** How many stretches it asked for that do not lie in the first 320 KiB: each costs a request. */
  readonly furtherRequests: number
  /** Bytes in those stretches. */
  readonly furtherBytes: number
  readonly wishes: number
  readonly longestWish: number
}

/** Carries a reading out over a file in memory with the real unpacking. A wish for what is no place in a file is an error. */
export const measuredLook = async <A>(
  reading: (file: ReturnType<typeof wholeFile>) => Reading<A>,
  bytes: Uint8Array,
  length: number | undefined = bytes.length,
): Promise<Measured<A>> => {
  let furtherRequests = 0
  let furtherBytes = 0
  let wishes = 0
  let longestWish = 0
  const answer = await perform(reading(wholeFile(length)), {
    read: async (at, wanted) => {
      if (!Number.isSafeInteger(at) || at < 0 || !Number.isSafeInteger(wanted) || wanted < 0) {
        throw new RangeError(`No place in a file: ${wanted} bytes at ${at}`)
      }
      wishes += 1
      longestWish = Math.max(longestWish, wanted)
      const end = Math.min(at + wanted, bytes.length)
      if (end > fetchedAtOnce) {
        furtherRequests += 1
        furtherBytes += end - Math.max(at, fetchedAtOnce)
      }
      const part = bytes.subarray(at, end)
      return part.length < wanted ? { bytes: part, short: 'end' } : { bytes: part }
    },
    unpack: unpacker().unpack,
  })
  return { answer, furtherRequests, furtherBytes, wishes, longestWish }
}
