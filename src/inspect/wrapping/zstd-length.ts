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
 * What the headers of Zstandard frames announce, of a file that is seen to its end. Of another one nobody knows how many frames follow, and
 * so the first one's length is not the file's.
 */
export function* zstdLength(file: Medium): Reading<Announced> {
  const first = yield* file.read(0, firstLookBytes)
  if (!isWholeFile(file, first)) return {}
  const { frames, ending } = zstdFrames(byteReader(first.bytes))
  if (ending === 'cut') return { truncated: true }
  return ending === 'whole' ? { ...total(frames), truncated: false } : {}
}
