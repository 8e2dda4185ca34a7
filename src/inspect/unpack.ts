import { noPart, type Packing, type Part } from './reading.ts'
import { type Meter, meter } from './unpacking/meter.ts'
import { nothingRecent } from './unpacking/recent.ts'

/** No more than this is unpacked at once, in bytes. */
const mostUnpackedBytes = 64 * 2 ** 20

/** How much time one look may spend on unpacking. */
export interface UnpackLimits {
  /** In milliseconds: 5000 unless told. What was made in good faith takes a fraction of a second, and 2 s where it is 50 MiB of zeros in bzip2. */
  readonly budgetMs?: number | undefined
  /** A clock that counts milliseconds; the machine's own unless told. */
  readonly now?: (() => number) | undefined
}

/** Undoes the packings that one look meets. */
export interface Unpacker {
  /**
   * The beginning of what is packed in some bytes, `most` bytes of it at the most, and 64 MiB in no case. `short` tells why there are
   * fewer: `end` is the end of what is packed in these bytes, `unavailable` that they end before, are packed in a way that cannot be undone
   * here (`reason`), or that the time is spent, `damaged` that they are not packed that way at all. Never rejects, whatever the bytes; in
   * memory bounded by `most` and the length of the bytes. The same bytes are not unpacked again and again.
   */
  readonly unpack: (packing: Packing, packed: Uint8Array, most: number) => Promise<Part>
  /** What could not be unpacked, in words, with the reason; each once. */
  readonly unavailable: () => readonly string[]
}

/** What undoes a packing is loaded when it is first met. */
const unpacked = async (packing: Packing, packed: Uint8Array, most: number, time: Meter): Promise<Part> => {
  if (packing === 'bzip2') return (await import('./unpacking/bzip2.ts')).unpackBzip2(packed, most, time)
  if (packing === 'xz') return (await import('./unpacking/xz.ts')).unpackXz(packed, most, time)
  if (packing === 'zstd') return (await import('./unpacking/zstd.ts')).unpackZstd(packed, most, time)
  return (await import('./unpacking/zlib.ts')).unpackDeflated(packing, packed, most, time)
}

/** An unpacker for one look, which shares the time between all that the look unpacks: a file may be made to take it. */
export const unpacker = ({ budgetMs = 5000, now = () => performance.now() }: UnpackLimits = {}): Unpacker => {
  const time = meter(budgetMs, now)
  const recent = nothingRecent()
  const reasons = new Set<string>()

  const isLate = ({ short }: Part): boolean => short === 'unavailable' && time.leftMs() === 0

  const unpackNow = async (packing: Packing, packed: Uint8Array, most: number): Promise<Part> => {
    const part = time.leftMs() > 0 ? await unpacked(packing, packed, most, time) : noPart('unavailable')
    if (isLate(part)) reasons.add(`unpacking it takes longer than ${budgetMs} ms, and a look takes no longer for it`)
    else recent.keep({ packing, packed, most, part })
    if (part.reason !== undefined) reasons.add(`it is packed in a way that is not unpacked here (${part.reason})`)
    return part
  }

  return {
    unpack: async (packing, packed, most) => {
      const wanted = Math.min(most, mostUnpackedBytes)
      if (packed.length === 0 || !(wanted > 0)) return noPart('unavailable')
      return recent.find(packing, packed, wanted) ?? unpackNow(packing, packed, wanted)
    },
    unavailable: () => [...reasons].map((reason) => `what is compressed in the file: ${reason}`),
  }
}
