/** The requests that count for a window of time. Moments are milliseconds since the epoch. */
export interface RequestWindow {
  /** Counts a request from now on; what it returns is called with the moment of its end. */
  readonly begin: () => (endedAt: number) => void
  /** How many count at a moment. */
  readonly count: (now: number) => number
  /** How long nothing more fits in, in milliseconds: 0 where something does, absent where nothing but an end of a request helps. */
  readonly fullFor: (now: number) => number | undefined
}

/**
 * A log of requests, not a bucket. Each counts from when it is sent until a window after its end, because nobody knows when in
 * between the provider has counted it: so no window of the provider's ever holds more than so many, however slow the network is.
 */
export const requestWindow = (requests: number, windowMs: number): RequestWindow => {
  let log: readonly { endedAt?: number }[] = []
  const counted = (now: number): void => {
    // What ended in the future ended before the clock was put back.
    log = log.filter(({ endedAt = now }) => endedAt <= now && now - endedAt < windowMs)
  }
  return {
    begin: () => {
      const sent: { endedAt?: number } = {}
      if (Number.isFinite(requests)) log = [...log, sent]
      return (endedAt) => {
        sent.endedAt = endedAt
      }
    },
    count: (now) => {
      counted(now)
      return log.length
    },
    fullFor: (now) => {
      counted(now)
      if (log.length < requests) return 0
      const ended = log.flatMap(({ endedAt }) => (endedAt === undefined ? [] : [endedAt]))
      return ended.length === 0 ? undefined : Math.min(...ended) + windowMs - now
    },
  }
}
