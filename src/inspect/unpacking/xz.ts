import { ReadableStream } from 'node:stream/web'
// biome-ignore lint/correctness/noUnresolvedImports: a CommonJS module's exports are its default for plain node.
import xz from 'xz-decompress'
import type { Part } from '../reading.ts'
import type { Meter } from './meter.ts'
import { type Pieces, piecesUpTo } from './pieces.ts'

// The library's own numbers, which it tells in its messages.
const dictionaryTooLarge = 4
const wrongFormat = 5
const unknownOption = 6
const wrongData = 7

const codeOf = (error: unknown): number | undefined => {
  const [, code] = (error instanceof Error ? error.message : '').match(/error code (\d+)$/) ?? []
  return code === undefined ? undefined : Number(code)
}

const checkAt = 7
const knownChecks: ReadonlySet<number | undefined> = new Set([0, 1, 4])
const sha256 = 10

/** What the library does not know; its number is the same for checks and for filters. */
const unknownOptionOf = (packed: Uint8Array): string => {
  if (packed[checkAt] === sha256) return 'xz with a SHA-256 check'
  return knownChecks.has(packed[checkAt]) ? 'xz with another filter than LZMA2' : 'xz with an unknown check'
}

const failed = (packed: Uint8Array, pieces: Pieces, error: unknown): Part => {
  const code = codeOf(error)
  if (code === wrongFormat || code === wrongData) return pieces.part('damaged')
  if (code === dictionaryTooLarge) return pieces.part('unavailable', 'xz with a dictionary above 64 MiB')
  return pieces.part('unavailable', code === unknownOption ? unknownOptionOf(packed) : undefined)
}

/** The bytes as a stream that ends behind them. */
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })

/**
 * Unpacks xz streams, at most so many bytes of them, and as long as there is time. What the library does not know (more than 64 MiB of
 * dictionary, other filters than LZMA2, SHA-256 as check) is `unavailable`.
 */
export const unpackXz = async (packed: Uint8Array, most: number, meter: Meter): Promise<Part> => {
  const pieces = piecesUpTo(most)
  const reader = new xz.XzReadableStream(streamOf(packed)).getReader()
  try {
    // The first piece waits until others have unpacked theirs, and is not counted.
    let piece = await reader.read()
    while (!piece.done) {
      pieces.add(piece.value)
      if (pieces.isFull() || meter.leftMs() === 0) return pieces.part('unavailable')
      const end = meter.begin()
      piece = await reader.read().finally(end)
    }
    return pieces.part('end')
  } catch (error) {
    return failed(packed, pieces, error)
  } finally {
    // The library unpacks one stream at a time, and the next one waits until this is given back.
    await reader.cancel().catch(() => {})
  }
}
