import type { Runtime } from './runtime.ts'

/** What a credential has been refused for being used too often. Moments are milliseconds since the epoch, durations milliseconds. */
export interface Refusals {
  /** A request that was sent at that moment was refused; the provider may tell for how long it wants to be left alone. */
  readonly note: (sentAt: number, pauseMs: number | undefined) => void
  /** A request was answered, and not refused. */
  readonly over: () => void
  /** How long nothing is to be sent. */
  readonly pauseLeft: (now: number) => number
  /** How many requests may be unanswered. */
  readonly mostUnanswered: () => number
  /** A request has ended in another way than by a refusal: one more may be unanswered. */
  readonly allowMore: () => void
}

/** So many may be unanswered after a first refusal, half as many after a further one. */
const unansweredAfterRefusal = 4
/** Where a provider does not tell for how long it wants to be left alone, the first pause is drawn up to this, each further up to twice … */
const firstPauseMs = 2_000
/** … and none beyond this. */
const longestDrawnPauseMs = 60_000
/** Nothing that is told is believed beyond this. */
const longestToldPauseMs = 24 * 3_600_000

/** No refusals yet; at first so many requests may be unanswered. */
export const refusals = ({ now, random }: Pick<Runtime, 'now' | 'random'>, firstUnanswered: number): Refusals => {
  let pause = { from: 0, until: 0 }
  let inARow = 0
  let mostUnanswered = firstUnanswered

  const drawn = (): number => {
    const bound = Math.min(firstPauseMs * 2 ** (inARow - 1), longestDrawnPauseMs)
    return bound / 2 + (random() * bound) / 2
  }

  return {
    note: (sentAt, pauseMs) => {
      // Those that were on their way when the first one was refused tell nothing new.
      const isNew = sentAt >= pause.from
      if (isNew) {
        inARow += 1
        mostUnanswered = Math.max(1, Math.floor(unansweredAfterRefusal / 2 ** (inARow - 1)))
      }
      if (pauseMs === undefined && !isNew) return
      const from = now()
      const until = from + Math.min(pauseMs ?? drawn(), longestToldPauseMs)
      if (until > pause.until || from < pause.from) pause = { from, until }
    },
    over: () => {
      inARow = 0
    },
    // A pause that begins in the future is of before the clock was put back.
    pauseLeft: (at) => (pause.from <= at ? Math.max(pause.until - at, 0) : 0),
    mostUnanswered: () => mostUnanswered,
    allowMore: () => {
      mostUnanswered += 1
    },
  }
}
