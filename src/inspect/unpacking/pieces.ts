import type { Part, Shortage } from '../reading.ts'

/** Unpacked bytes as they come, up to as many as are wanted: what comes beyond is dropped. */
export interface Pieces {
  /** Keeps a copy of what is still wanted of these bytes. */
  readonly add: (bytes: Uint8Array) => void
  readonly isFull: () => boolean
  /** What has come; `short` and perhaps `reason` tell why there is no more, where that is less than wanted. */
  readonly part: (short: Shortage, reason?: string) => Part
}

/** A collection of at most so many bytes. */
export const piecesUpTo = (most: number): Pieces => {
  const pieces: Uint8Array[] = []
  let length = 0

  return {
    add: (bytes) => {
      const piece = bytes.slice(0, most - length)
      pieces.push(piece)
      length += piece.length
    },
    isFull: () => length >= most,
    part: (short, reason) => ({
      bytes: Buffer.concat(pieces),
      ...(length < most && { short, ...(reason !== undefined && { reason }) }),
    }),
  }
}
