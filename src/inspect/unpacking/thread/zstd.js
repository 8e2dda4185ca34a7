// @ts-check
import { Decompress } from 'fzstd'

/** @import { Outcome, Task } from '../task.ts' */
/** @import { outputTo } from './output.js' */

const enough = Symbol('enough')

/**
 * Unpacks Zstandard frames, at most so many bytes of them.
 *
 * @param {Extract<Task, { packing: 'zstd' }>} task
 * @param {ReturnType<typeof outputTo>} output
 * @returns {Outcome}
 */
export const unpack = ({ packed, ends, isCut }, output) => {
  let at = 0
  try {
    for (const end of ends) {
      const stream = new Decompress((piece) => {
        output.add(piece)
        // Thrown through the library, which would go on to the end otherwise.
        if (output.isFull()) throw enough
      })
      stream.push(packed.subarray(at, end), !isCut || end < packed.length)
      at = end
    }
    return { ending: 'end' }
  } catch {
    return { ending: output.isFull() ? 'unavailable' : 'damaged' }
  }
}
