import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { onAbort } from '../../store/on-abort.ts'
import type { Part, Shortage } from '../reading.ts'
import type { Meter } from './meter.ts'
import { piecesUpTo } from './pieces.ts'

const openers = { gzip: createGunzip, deflate: createInflateRaw, zlib: createInflate }

const pieceBytes = 2 ** 16

/** Other threads do the work, and what it takes until it is done tells nothing: so much is a millisecond, as it is on a slow machine. */
const bytesInMillisecond = 200 * 2 ** 10

/** Z_BUF_ERROR: it ends within what was packed. Z_NEED_DICT: it was packed with bytes that only its maker has. */
const shortageOf = (error: Error): Shortage =>
  'code' in error && (error.code === 'Z_BUF_ERROR' || error.code === 'Z_NEED_DICT') ? 'unavailable' : 'damaged'

/**
 * Unpacks deflated data, at most so many bytes of it, and as long as there is time and nobody aborts it: raw, or with the frame of gzip (members that follow too)
 * or of zlib.
 */
export const unpackDeflated = (
  packing: keyof typeof openers,
  packed: Uint8Array,
  most: number,
  meter: Meter,
  signal?: AbortSignal,
): Promise<Part> =>
  new Promise((resolve) => {
    const pieces = piecesUpTo(most)
    const stream = openers[packing]({ chunkSize: pieceBytes })
    const end = (short: Shortage): void => {
      release()
      stream.destroy()
      resolve(pieces.part(short))
    }
    const release = onAbort(signal, () => end('unavailable'))
    // Read by events and not by iteration, which drops what was unpacked before an error.
    stream.on('data', (piece: Uint8Array) => {
      pieces.add(piece)
      meter.spend(piece.length / bytesInMillisecond)
      if (pieces.isFull() || meter.leftMs() === 0) end('unavailable')
    })
    stream.on('error', (error) => end(shortageOf(error)))
    stream.on('end', () => end('end'))
    stream.end(packed)
  })
