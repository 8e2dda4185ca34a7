import type { Compression } from '../../model/disk-format.ts'
import { type Medium, noPart, type Part, type Reading, unpacked } from '../reading.ts'

/** What a look at a file begins with, in bytes: it is fetched anyway, so that reading it costs nothing. */
export const firstLookBytes = 320 * 2 ** 10

/** Of bzip2 a block can only be unpacked whole, which is 900,000 bytes and a little where nothing could be saved. */
const mostPackedBytes: Readonly<Record<Compression, number>> = {
  gzip: 640 * 2 ** 10,
  bzip2: 925_000,
  xz: 640 * 2 ** 10,
  zstd: 640 * 2 ** 10,
}

const mostUnpackedBytes = 64 * 2 ** 20
const readAheadBytes = 2 ** 20

const nothingYet = noPart('unavailable')

const isPlace = (at: number, length: number): boolean =>
  Number.isSafeInteger(at) && at >= 0 && Number.isSafeInteger(length) && length >= 0

/** Whether a part from the file's start is all of the file. */
export const isWholeFile = (file: Medium, { bytes, short }: Part): boolean =>
  short === 'end' || bytes.length === file.length

/**
 * The beginning of what is packed in a file, unpacked as far as is asked for, and kept: what the first 320 KiB give, then what 640 KiB give
 * (of bzip2 925,000 bytes), and at most 64 MiB. What lies beyond is `unavailable`, and there is an `end` only where the whole file was seen.
 */
export const beginning = (compression: Compression, file: Medium): Medium => {
  let packed: Part | undefined
  let known = nothingYet

  function* unpackUpTo(wanted: number, from: Part): Reading<void> {
    const most = Math.min(mostUnpackedBytes, Math.max(wanted + readAheadBytes, 2 * known.bytes.length))
    known = yield* unpacked(compression, from.bytes, most)
  }

  function* morePacked(from: Part): Reading<Part> {
    const more = yield* file.read(from.bytes.length, mostPackedBytes[compression] - from.bytes.length)
    return { ...more, bytes: Buffer.concat([from.bytes, more.bytes]) }
  }

  function* know(wanted: number): Reading<void> {
    if (packed === undefined) {
      packed = yield* file.read(0, firstLookBytes)
      yield* unpackUpTo(wanted, packed)
    } else if (known.short === undefined) {
      yield* unpackUpTo(wanted, packed)
    }
    const endsTooSoon = known.bytes.length < wanted && (known.short === 'end' || known.short === 'unavailable')
    const mayHaveMore = !isWholeFile(file, packed) && packed.short === undefined
    if (!endsTooSoon || !mayHaveMore || packed.bytes.length >= mostPackedBytes[compression]) return
    packed = yield* morePacked(packed)
    yield* unpackUpTo(wanted, packed)
  }

  const shortage = () => {
    if (known.short === 'damaged') return 'damaged'
    return known.short === 'end' && packed !== undefined && isWholeFile(file, packed) ? 'end' : 'unavailable'
  }

  return {
    *read(at, length) {
      if (!isPlace(at, length)) return noPart('end')
      const wanted = Math.min(at + length, mostUnpackedBytes)
      if (at < mostUnpackedBytes && known.bytes.length < wanted) yield* know(wanted)
      const bytes = known.bytes.subarray(at, at + length)
      return bytes.length < length ? { bytes, short: shortage() } : { bytes }
    },
  }
}
