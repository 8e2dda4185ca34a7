import type { NotKnown } from '../not-known.ts'
import type { Part } from '../reading.ts'
import { noPart } from '../reading.ts'
import { nothingMissed } from './missed.ts'
import type { Stretches } from './stretches.ts'

/** Where the bytes of a file come from. Offsets and lengths are in bytes. */
export interface Supply {
  /** The length of the file; absent while it is not known. */
  readonly length: () => number | undefined
  /** Whether an answer has ended before all was there that it told of. */
  readonly brokenOff: () => boolean
  /**
   * Fetches some of the bytes from `at`, which is not known, to `end`, from `at` on, and perhaps others, into what is known. Gives
   * the reason, in words, where it has fetched nothing of them.
   */
  readonly fetch: (at: number, end: number) => Promise<string | undefined>
}

/** Reads of a file that fetch only what is not known yet. */
export interface Reads {
  /** See `ImageSource.read`. One after the other, in the order in which they were asked for. */
  readonly read: (at: number, length: number) => Promise<Part>
  /** What could not be had: one entry for each reason. */
  readonly unavailable: () => readonly NotKnown[]
}

const isPlace = (at: number, length: number): boolean =>
  at >= 0 && length >= 0 && Number.isSafeInteger(at) && Number.isSafeInteger(length)

/** Reads out of what is known, and from the supply what is not. */
export const readsOf = (known: Stretches, supply: Supply): Reads => {
  const missed = nothingMissed()
  let last: Promise<unknown> = Promise.resolve()

  const endOfRead = (at: number, length: number): number =>
    Math.min(at + length, supply.length() ?? Number.POSITIVE_INFINITY)

  /** Fetches until all is known, or nothing more comes. */
  const fill = async (at: number, length: number): Promise<void> => {
    for (;;) {
      const unknown = known.endFrom(at)
      const end = endOfRead(at, length)
      if (unknown >= end) return
      const reason = await supply.fetch(unknown, end)
      if (known.endFrom(at) > unknown || endOfRead(at, length) <= unknown) continue
      missed.add(unknown, end, reason ?? 'they did not come')
      return
    }
  }

  const readNow = async (at: number, length: number): Promise<Part> => {
    if (!isPlace(at, length) || endOfRead(at, length) < at) return noPart('end')
    await fill(at, length)
    const bytes = known.from(at, length)
    if (bytes.length === length) return { bytes }
    return { bytes, short: at + bytes.length >= endOfRead(at, length) ? 'end' : 'unavailable' }
  }

  return {
    read: (at, length) => {
      const next = last.then(() => readNow(at, length))
      last = next.catch(() => undefined)
      return next
    },
    unavailable: missed.told,
  }
}
