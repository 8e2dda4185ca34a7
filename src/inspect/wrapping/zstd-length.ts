import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { firstLookBytes, isWholeFile } from './beginning.ts'
import type { Layer } from './layer.ts'
import { type ZstdFrame, zstdFrames } from './zstd-frames.ts'

type Announced = Pick<Layer, 'unpackedBytes' | 'unpackedBytesAre' | 'truncated'>

const total = (frames: readonly ZstdFrame[]): Announced => {
  const bytes = frames.reduce((sum, { contentBytes }) => sum + (contentBytes ?? Number.NaN), 0)
  return Number.isSafeInteger(bytes) ? { unpackedBytes: bytes, unpackedBytesAre: 'exact' } : {}
}

/**
 * What the headers of Zstandard frames announce. Of a file that is not seen to its end only a frame that begins it, and does not end within
 * what is seen, is taken for the only one: parallel compressors, which make several, put a skippable one first.
 */
export function* zstdLength(file: Medium): Reading<Announced> {
  const first = yield* file.read(0, firstLookBytes)
  const { frames, ending } = zstdFrames(byteReader(first.bytes))
  if (isWholeFile(file, first)) {
    if (ending === 'cut') return { truncated: true }
    return ending === 'whole' ? { ...total(frames), truncated: false } : {}
  }
  const isOnly = frames.length === 1 && frames.every(({ at, isWhole }) => at === 0 && !isWhole)
  return isOnly ? total(frames) : {}
}
