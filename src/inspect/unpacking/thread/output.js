// @ts-check
/** @import { SharedOutput } from '../task.ts' */

/**
 * Where unpacked bytes go: what does not fit into the room is dropped. Only what was told by `tell` is there for the owner.
 *
 * @param {SharedOutput} shared
 * @param {number} most How many bytes are wanted.
 */
export const outputTo = ({ count, room }, most) => {
  let used = 0
  const tell = () => {
    Atomics.store(count, 0, used)
  }
  return {
    /** @param {number} byte */
    writeByte: (byte) => {
      if (used === room.length) return
      room[used] = byte
      used += 1
    },
    /** Writes a piece and tells of it. @param {Uint8Array} piece */
    add: (piece) => {
      const wanted = piece.subarray(0, most - used)
      room.set(wanted, used)
      used += wanted.length
      tell()
    },
    tell,
    isFull: () => used >= most,
    /** A copy of what was told. */
    told: () => new Uint8Array(room.subarray(0, Atomics.load(count, 0))),
  }
}
