import { ReadableStream } from 'node:stream/web'
// biome-ignore lint/correctness/noUnresolvedImports: a CommonJS module's exports are its default for plain node.
import xz from 'xz-decompress'
import type { Part, Shortage } from '../reading.ts'
import { piecesUpTo } from './pieces.ts'

// The library's own numbers, which it tells in its messages: 5 is a wrong format, 7 are wrong data.
const tellsDamage = (error: unknown): boolean => error instanceof Error && /error code [57]$/.test(error.message)

/** The bytes as a stream that ends behind them. */
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })

/**
 * Unpacks xz streams, at most so many bytes of them. What the library does not know (more than 64 MiB of dictionary, other filters than
 * LZMA2, SHA-256 as check) is `unavailable`.
 */
export const unpackXz = async (packed: Uint8Array, most: number): Promise<Part> => {
  const pieces = piecesUpTo(most)
  const reader = new xz.XzReadableStream(streamOf(packed)).getReader()
  const ended = async (): Promise<Shortage> => {
    while (!pieces.isFull()) {
      const { done, value } = await reader.read()
      if (done) return 'end'
      pieces.add(value)
    }
    return 'unavailable'
  }
  try {
    return pieces.part(await ended())
  } catch (error) {
    return pieces.part(tellsDamage(error) ? 'damaged' : 'unavailable')
  } finally {
    // The library unpacks one stream at a time, and the next one waits until this is given back.
    await reader.cancel().catch(() => {})
  }
}
