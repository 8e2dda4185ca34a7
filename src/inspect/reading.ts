import type { Compression } from '../model/disk-format.ts'

/** Why a {@link Part} holds fewer bytes than were asked for. */
export type Shortage =
  /** There are no more: the file, or what was unpacked, ends there. */
  | 'end'
  /** There may be more, but they cannot be had: the allowance is spent, the server serves no ranges, or a request failed. */
  | 'unavailable'
  /** What stands there contradicts itself: it cannot be unpacked, or a table leads out of the file. */
  | 'damaged'

/** Bytes from a place, as many as could be had. */
export interface Part {
  readonly bytes: Uint8Array
  /** Absent where all that was asked for is there. */
  readonly short?: Shortage | undefined
  /** The way in which something is packed that is not unpacked here, in words, where that is why it is `unavailable`. */
  readonly reason?: string | undefined
}

/** A packing that readers meet: around a whole file, or of single clusters within one (`deflate` has no header, `zlib` has one). */
export type Packing = Compression | 'deflate' | 'zlib'

/** What a reader cannot do by itself, and asks for: a stretch of the file, or the beginning of what is packed in some bytes. */
export type Wish =
  | { readonly kind: 'bytes' /** In bytes from the file's start. */; readonly at: number; readonly length: number }
  | {
      readonly kind: 'unpack'
      readonly packing: Packing
      /** From the start of what is packed; it may end anywhere. */
      readonly packed: Uint8Array
      /** How many unpacked bytes are wanted from their start, at the most. */
      readonly most: number
    }

/**
 * A calculation over bytes that it has not got yet: it yields what it wants and goes on with what it is granted. It does no I/O
 * itself, so that the same reader serves a server far away, a file and an array, and can be tried with any bytes.
 */
export type Reading<A> = Generator<Wish, A, Part>

/** Something that can be read at any place: a file, what is packed in one, or the disk that a container format holds. */
export interface Medium {
  /** In bytes; absent where it is not known. */
  readonly length?: number | undefined
  /** Bytes from `at` on, `length` at the most. A place beyond the end, or none at all (negative, no whole number), has none. */
  readonly read: (at: number, length: number) => Reading<Part>
}

const nothing = new Uint8Array()

const isPlace = (at: number, length: number): boolean =>
  Number.isSafeInteger(at) && at >= 0 && Number.isSafeInteger(length) && length >= 0

/** A part that has nothing. */
export const noPart = (short: Shortage): Part => ({ bytes: nothing, short })

/** The medium that the driver of a reading reads. `length` is in bytes, absent where it is not known. */
export const wholeFile = (length: number | undefined): Medium => ({
  length,
  *read(at, wanted) {
    if (!isPlace(at, wanted) || (length !== undefined && at >= length)) return noPart('end')
    if (wanted === 0) return { bytes: nothing }
    return yield { kind: 'bytes', at, length: wanted }
  },
})

/** The beginning of what is packed in some bytes, `most` bytes of it at the most. `short` tells why there are fewer. */
export function* unpacked(packing: Packing, packed: Uint8Array, most: number): Reading<Part> {
  return yield { kind: 'unpack', packing, packed, most }
}

/** Bytes that are all there, as a medium: for what was read already. */
export const bytesAsMedium = (bytes: Uint8Array): Medium => ({
  length: bytes.length,
  // biome-ignore lint/correctness/useYield: bytes that are here need not be asked for.
  *read(at, wanted) {
    if (!isPlace(at, wanted)) return noPart('end')
    const part = bytes.subarray(at, at + wanted)
    return part.length < wanted ? { bytes: part, short: 'end' } : { bytes: part }
  },
})
