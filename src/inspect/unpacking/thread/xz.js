// @ts-check
import { ReadableStream } from 'node:stream/web'
// biome-ignore lint/correctness/noUnresolvedImports: a CommonJS module's exports are its default for plain node.
import xz from 'xz-decompress'

/** @import { Outcome, Task } from '../task.ts' */
/** @import { outputTo } from './output.js' */

/**
 * The library tells its numbers in its messages.
 *
 * @param {unknown} error
 */
const codeOf = (error) => {
  const [, code] = (error instanceof Error ? error.message : '').match(/error code (\d+)$/) ?? []
  return code === undefined ? undefined : Number(code)
}

/**
 * The bytes as a stream that ends behind them.
 *
 * @param {Uint8Array} bytes
 */
const streamOf = (bytes) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })

/**
 * Unpacks xz streams, at most so many bytes of them.
 *
 * @param {Task} task
 * @param {ReturnType<typeof outputTo>} output
 * @returns {Promise<Outcome>}
 */
export const unpack = async ({ packed }, output) => {
  const reader = new xz.XzReadableStream(streamOf(packed)).getReader()
  try {
    let piece = await reader.read()
    while (!piece.done) {
      output.add(piece.value)
      if (output.isFull()) return { ending: 'unavailable' }
      piece = await reader.read()
    }
    return { ending: 'end' }
  } catch (error) {
    return { ending: 'unavailable', code: codeOf(error) }
  } finally {
    // The library unpacks one stream at a time, and the next one waits until this is given back.
    await reader.cancel().catch(() => {})
  }
}
