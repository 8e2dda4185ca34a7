import type { Cost } from '../facts.ts'
import type { LookLimits } from './source-options.ts'

/** What a look may still spend, and what it has. */
export interface Allowance {
  /** Counts one request; `false` where none is left, and then none may be sent. */
  readonly takeRequest: () => boolean
  /**
   * Says of a request that it was only sent because the one before it got no answer, its connection having been gone: the two cost one.
   * Neither is sent any more than allowed.
   */
  readonly wasSentAgain: () => void
  /** How many bytes may still be taken in. */
  readonly bytesLeft: () => number
  /**
   * Counts bytes that were taken out of a body. What a connection has fetched ahead of that is not counted, and is given up with it.
   */
  readonly tookBytes: (count: number) => void
  readonly spent: () => Cost
  /** Why no more can be had, in words; absent while there is something left. */
  readonly exhausted: () => string | undefined
}

/** A whole allowance. */
export const allowance = ({
  maximumRequests,
  maximumBytes,
}: Pick<LookLimits, 'maximumRequests' | 'maximumBytes'>): Allowance => {
  let requests = 0
  let sentAgain = 0
  let bytes = 0
  const exhausted = (): string | undefined => {
    if (bytes >= maximumBytes) return `${maximumBytes} bytes were fetched, and a look may fetch no more`
    return requests >= maximumRequests
      ? `${maximumRequests} requests were sent, and a look may send no more`
      : undefined
  }
  return {
    takeRequest: () => {
      if (requests >= maximumRequests) return false
      requests += 1
      return true
    },
    wasSentAgain: () => {
      sentAgain += 1
    },
    bytesLeft: () => maximumBytes - bytes,
    tookBytes: (count) => {
      bytes += count
    },
    spent: () => ({ requests: requests - sentAgain, bytes }),
    exhausted,
  }
}
