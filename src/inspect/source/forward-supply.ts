import type { Allowance } from './allowance.ts'
import type { Body } from './body.ts'
import type { Supply } from './reads.ts'
import type { Stretches } from './stretches.ts'

/** What is taken from a body at once, in bytes. */
const pieceBytes = 256 * 2 ** 10

/**
 * The one answer of a server that gives no parts, read on as far as is needed and the allowance goes. `promisedBytes` is the length
 * that the server tells; where it tells none, the length is known when the end is seen. Where it breaks off, what it told was wrong, and
 * the length is not known.
 */
export const forwardSupply = (
  body: Body,
  promisedBytes: number | undefined,
  known: Stretches,
  spending: Allowance,
): Supply => {
  let length = promisedBytes
  let position = 0
  let isBroken = false

  const why = (): string => {
    if (isBroken) return `the server broke off after ${position} bytes`
    return `the server gives no parts, and a look reads no further than ${position} bytes from the start`
  }

  return {
    length: () => length,
    brokenOff: () => isBroken,
    fetch: async (at, end) => {
      // What lies too far ahead is not worth the way there.
      if (at - position >= spending.bytesLeft()) return why()
      while (position < end) {
        const bytes = await body.take(Math.min(end - position, pieceBytes, spending.bytesLeft()))
        if (bytes.length === 0) break
        spending.tookBytes(bytes.length)
        known.put(position, bytes)
        position += bytes.length
      }
      if (body.state() === 'ended') length ??= position
      // A body that was left looks alike, but then there is nothing left to spend.
      if (body.state() === 'broken' && position < end && spending.bytesLeft() > 0) {
        isBroken = true
        length = undefined
      }
      if (spending.bytesLeft() === 0) await body.leave()
      return why()
    },
  }
}
