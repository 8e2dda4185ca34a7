// @ts-check
/// <reference path="./seek-bzip.d.ts" />
// biome-ignore lint/correctness/noUnresolvedImports: the linter does not find a main file in another folder.
import bunzip from 'seek-bzip'

/** @import { Shortage } from '../../reading.ts' */
/** @import { Outcome, Task } from '../task.ts' */
/** @import { outputTo } from './output.js' */

/** @param {Uint8Array} bytes */
const startsStream = (bytes) => Buffer.from(bytes).toString('latin1') === 'BZh'

const stopped = Symbol('stopped')

/**
 * Unpacks bzip2 streams block by block, until so many bytes of them are there. A block that is there in part only cannot be unpacked; one is
 * 900,000 bytes at the most before it is packed.
 *
 * @param {Task} task
 * @param {ReturnType<typeof outputTo>} output
 * @returns {Outcome}
 */
export const unpack = ({ packed }, output) => {
  /** @type {Shortage} */
  let ending = 'damaged'
  let at = 0
  /**
   * Thrown through the library, which takes missing input for zeros.
   *
   * @param {Shortage} short
   */
  const stop = (short) => {
    ending = short
    throw stopped
  }
  const input = {
    readByte: () => {
      // The library reads on only when the block before was right: the check sum over it is looked at last.
      output.tell()
      if (output.isFull() || at >= packed.length) stop('unavailable')
      at += 1
      return packed[at - 1] ?? 0
    },
    /** @type {(into: Uint8Array, offset: number, length: number) => number} */
    read: (into, offset, length) => {
      const header = packed.subarray(at, at + length)
      // Streams may follow each other; other bytes behind one are ignored, as bzip2 itself does.
      if (at > 0 && !startsStream(header.subarray(0, 3))) stop('end')
      if (header.length < length) stop('unavailable')
      into.set(header, offset)
      at += length
      return length
    },
    eof: () => false,
  }
  try {
    bunzip.decode(input, output, true)
  } catch {
    // What ended it is known: the bytes were at fault unless it was stopped here.
  }
  return { ending }
}
