/// <reference path="./seek-bzip.d.ts" />
// biome-ignore lint/correctness/noUnresolvedImports: the linter does not find a main file in another folder.
import bunzip from 'seek-bzip'
import type { Part, Shortage } from '../reading.ts'
import type { Meter } from './meter.ts'
import { type Pieces, piecesUpTo } from './pieces.ts'
import { withinTime } from './within-time.ts'

const bufferBytes = 2 ** 16

/** What comes byte by byte from one block. It counts only when the block is whole, because the check sum over it is looked at last. */
const blockOutput = (most: number) => {
  const buffer = new Uint8Array(bufferBytes)
  let used = 0
  let block = piecesUpTo(most)
  let isEmpty = true
  const flush = (): void => {
    block.add(buffer.subarray(0, used))
    used = 0
  }

  return {
    writeByte: (byte: number): void => {
      if (used === bufferBytes) flush()
      buffer[used] = byte
      used += 1
      isEmpty = false
    },
    moveTo: (pieces: Pieces): void => {
      if (isEmpty) return
      flush()
      pieces.add(block.part('end').bytes)
      block = piecesUpTo(most)
      isEmpty = true
    },
  }
}

const startsStream = (bytes: Uint8Array): boolean => Buffer.from(bytes).toString('latin1') === 'BZh'

const stopped = Symbol('stopped')

/**
 * Unpacks bzip2 streams block by block, at most so many bytes of them, and as long as there is time. A block that is there in part only cannot be unpacked; one is
 * 900,000 bytes at the most before it is packed.
 */
export const unpackBzip2 = (packed: Uint8Array, most: number, meter: Meter): Part => {
  const pieces = piecesUpTo(most)
  const output = blockOutput(most)
  let ending: Shortage = 'damaged'
  let at = 0
  // Thrown through the library, which takes missing input for zeros.
  const stop = (short: Shortage): never => {
    ending = short
    throw stopped
  }
  const input = {
    readByte: (): number => {
      // The library reads on only when the block before was right.
      output.moveTo(pieces)
      if (pieces.isFull() || at >= packed.length) stop('unavailable')
      at += 1
      return packed[at - 1] ?? 0
    },
    read: (into: Uint8Array, offset: number, length: number): number => {
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
    const outcome = withinTime(meter, () => bunzip.decode(input, output, true))
    if (outcome === 'broken-off') ending = 'unavailable'
  } catch {
    // What ended it is known: the bytes were at fault unless it was stopped here.
  }
  return pieces.part(ending)
}
