import type { NotKnown } from './not-known.ts'
import { noPart, type Packing, type Part } from './reading.ts'
import { type Meter, meter } from './unpacking/meter.ts'
import { beginningOf, nothingRecent } from './unpacking/recent.ts'
import { workClock } from './unpacking/work-clock.ts'

/** No more than this is unpacked at once, in bytes. */
const mostUnpackedBytes = 64 * 2 ** 20

/** How much time one look may spend on unpacking. */
export interface UnpackLimits {
  /** In milliseconds: 1000 unless told. What was made in good faith takes a fraction of that, most of it where it is 50 MiB of zeros in bzip2. */
  readonly budgetMs?: number | undefined
  /** A clock that counts milliseconds; unless told one of the work in this process, that stands nearly still while the machine does other things. */
  readonly now?: (() => number) | undefined
}

/** Undoes the packings that one look meets. */
export interface Unpacker {
  /**
   * The beginning of what is packed in some bytes, `most` bytes of it at the most, and 64 MiB in no case. `short` tells why there are
   * fewer: `end` is the end of what is packed in these bytes, `unavailable` that they end before, are packed in a way that cannot be undone
   * here (`reason`), that the time is spent, or that the signal was aborted, `damaged` that they are not packed that way at all. Never
   * rejects, whatever the bytes; in memory bounded by 64 MiB and the length of the bytes. The same bytes are not unpacked again and again.
   * Other threads do the work.
   */
  readonly unpack: (packing: Packing, packed: Uint8Array, most: number, signal?: AbortSignal) => Promise<Part>
  /** What could not be unpacked; each reason once. */
  readonly unavailable: () => readonly NotKnown[]
}

/** An unpacker for one look, which shares the time between all that the look unpacks: a file may be made to take it. */
export const unpacker = ({ budgetMs = 1000, now = workClock() }: UnpackLimits = {}): Unpacker => {
  const time: Meter = meter(budgetMs, now)
  const recent = nothingRecent()
  const reasons = new Set<string>()

  const unpacked = async (packing: Packing, packed: Uint8Array, most: number, signal?: AbortSignal): Promise<Part> => {
    if (time.leftMs() === 0) return noPart('unavailable')
    // What undoes a packing is loaded when it is first met.
    if (packing === 'bzip2' || packing === 'xz' || packing === 'zstd')
      return (await import('./unpacking/in-thread.ts')).unpackInThread(packing, packed, most, time, signal)
    return (await import('./unpacking/zlib.ts')).unpackDeflated(packing, packed, most, time, signal)
  }

  const isLate = ({ short }: Part): boolean => short === 'unavailable' && time.leftMs() === 0

  const unpackNow = async (packing: Packing, packed: Uint8Array, most: number, signal?: AbortSignal): Promise<Part> => {
    const part = await unpacked(packing, packed, most, signal)
    if (isLate(part)) reasons.add(`unpacking it takes longer than ${budgetMs} ms, and a look takes no longer for it`)
    else recent.keep({ packing, packed, most: Math.max(most, part.bytes.length), part })
    if (part.reason !== undefined) reasons.add(`it is packed in a way that is not unpacked here (${part.reason})`)
    return beginningOf(part, most)
  }

  return {
    unpack: async (packing, packed, most, signal) => {
      const wanted = Math.min(most, mostUnpackedBytes)
      if (packed.length === 0 || !(wanted > 0)) return noPart('unavailable')
      return recent.find(packing, packed, wanted) ?? unpackNow(packing, packed, wanted, signal)
    },
    unavailable: () =>
      [...reasons].map((reason) => ({ about: 'packed', what: 'what is compressed in the file', reason })),
  }
}
