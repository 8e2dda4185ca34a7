import type { Readable } from 'node:stream'

/** The body of an answer, read as far as it is wanted. */
export interface Body {
  /** Some of the next bytes, `most` at the most, as soon as there are any. None where it ends or breaks off. */
  readonly next: (most: number) => Promise<Uint8Array>
  /** The next bytes, `most` of them; fewer where it ends or breaks off. */
  readonly take: (most: number) => Promise<Uint8Array>
  /** `broken`: it ended before it should have. */
  readonly state: () => 'open' | 'ended' | 'broken'
  /**
   * Reads no further, and comes when that is done. The connection can be used again where all of the promised bytes were taken, and is
   * closed otherwise.
   */
  readonly leave: () => Promise<void>
}

/** The body that a stream gives. `promisedBytes` is what its headers say of its length, if anything. */
export const bodyOf = (stream: Readable, promisedBytes: number | undefined): Body => {
  let taken = 0
  let isBroken = false
  let wake = (): void => undefined
  const happened = (): void => wake()
  stream.on('readable', happened)
  stream.on('end', happened)
  stream.on('close', happened)
  // There for as long as the stream is: a connection may break while nobody reads.
  stream.on('error', () => {
    isBroken = true
    wake()
  })

  const state: Body['state'] = () => {
    if (stream.readableEnded) return 'ended'
    return isBroken || stream.destroyed ? 'broken' : 'open'
  }

  /** What is there already; `read` with nothing there is what makes the stream fetch more, or end. */
  const available = (most: number): Buffer | undefined => {
    const piece: unknown = stream.read(Math.max(1, Math.min(most, stream.readableLength)))
    return piece instanceof Buffer ? piece : undefined
  }

  const next: Body['next'] = async (most) => {
    while (state() === 'open') {
      const change = new Promise<void>((resolve) => {
        wake = resolve
      })
      const piece = available(most)
      if (piece !== undefined) {
        taken += piece.length
        return piece
      }
      await change
    }
    return new Uint8Array()
  }

  return {
    next,
    take: async (most) => {
      const into = new Uint8Array(most)
      let filled = 0
      while (filled < most) {
        const piece = await next(most - filled)
        if (piece.length === 0) break
        into.set(piece, filled)
        filled += piece.length
      }
      return into.subarray(0, filled)
    },
    state,
    leave: async () => {
      if (taken !== promisedBytes) stream.destroy()
      // The end of what was read whole has to be read as well: with it the connection is given back, for the next request to find.
      while (!stream.closed) {
        const change = new Promise<void>((resolve) => {
          wake = resolve
        })
        stream.read()
        await change
      }
    },
  }
}
