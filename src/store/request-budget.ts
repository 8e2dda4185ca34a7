import { ImageStoreError } from '../model/error.ts'
import { onAbort } from './on-abort.ts'
import { type Runtime, systemRuntime } from './runtime.ts'
import { turns } from './turns.ts'

/** What a provider's answer says of the requests that are left. Whatever it leaves out is not known. */
export interface RequestStanding {
  /** How many requests the longest of the provider's windows still holds. */
  readonly remaining?: number | undefined
  /** How many it holds in all. */
  readonly limit?: number | undefined
  /** When the oldest request in it expires, in milliseconds since the epoch. */
  readonly resetAt?: number | undefined
}

/** How a request that had its turn came out. To be told once. */
export type Answered = (outcome: {
  /** Absent where no answer came. */
  readonly standing?: RequestStanding | undefined
  /** For how long the provider wants no further request, in milliseconds; only of an answer that refuses one for being too many. */
  readonly pauseMs?: number | undefined
}) => void

/** Why a request waits. */
export type PauseReason = 'rate-limited' | 'budget'

/** What a request brings when it asks for its turn. */
export interface TurnRequest {
  readonly signal: AbortSignal
  /** When the caller's time is over, in milliseconds since the epoch. */
  readonly deadline?: number | undefined
  /** Told before each wait of more than a moment; milliseconds. */
  readonly onPause?: ((reason: PauseReason, delayMs: number) => void) | undefined
}

/**
 * The requests that one credential may still send, for all that use it. Whoever sends a request takes a turn first and tells
 * how it came out.
 */
export interface RequestBudget {
  /**
   * Comes when a request may be sent, in the order of asking. Rejects with `canceled` as soon as the signal is aborted, and with
   * `rate-limited` (`notSent`, `retryAfterSeconds`) at once where the turn cannot come before the deadline.
   */
  readonly take: (request: TurnRequest) => Promise<Answered>
  /** The share of what may be sent that is left at the moment, from 0 to 1: of the window, and of the provider's own where it tells. */
  readonly left: () => number
}

/** How much a budget lets through. */
export interface RequestBudgetOptions {
  /** The most requests in any window; as many as the provider takes unless told. */
  readonly requests?: number | undefined
  /** The length of the window, in seconds; 60 unless told. */
  readonly perSeconds?: number | undefined
  /** Whose time it is; the machine's own unless told. */
  readonly runtime?: Pick<Runtime, 'now' | 'sleep'> | undefined
}

/** So many requests may be unanswered at first; each answer that is no refusal allows one more. */
const firstUnanswered = 10
/** … and so many after a refusal. */
const unansweredAfterRefusal = 4
/** Below this share of the provider's limit, what is left is spread over the time until requests expire. */
const scarceShare = 0.2
/** A pause that is not told of, in milliseconds. */
const shortestToldMs = 1_000
/** Nothing that a provider asks for is waited for longer by a budget, in milliseconds: its hour, and a minute. */
export const longestPauseMs = 61 * 60_000

/** A request that counts for a window; without an end while it is unanswered. */
interface Sent {
  endedAt?: number
}

/** What a provider has asked for. Moments are milliseconds since the epoch. */
interface Pause {
  readonly from: number
  readonly until: number
}

interface Delay {
  readonly reason: PauseReason
  /** Absent where nothing but an answer ends it. */
  readonly milliseconds?: number | undefined
}

const canceled = () => new ImageStoreError('canceled', 'The call was canceled', { notSent: true })

const tooLate = (milliseconds: number) =>
  new ImageStoreError('rate-limited', 'The next request may be sent only after the time that the call has left', {
    retryAfterSeconds: Math.ceil(milliseconds / 1000),
    notSent: true,
  })

/**
 * A budget of its own. A request counts from when it is sent until a window after its end, because nobody knows when in between
 * the provider has counted it: so no window of the provider's ever holds more than `requests`, however slow the network is.
 * What answers say of the hour slows it down before nothing is left, and a refusal (429) pauses all who share it, once.
 */
export const requestBudget = ({
  requests = Number.POSITIVE_INFINITY,
  perSeconds = 60,
  runtime = systemRuntime,
}: RequestBudgetOptions = {}): RequestBudget => {
  if (!(requests >= 1) || !(perSeconds > 0 && Number.isFinite(perSeconds)))
    throw new ImageStoreError('invalid-argument', `${requests} requests in ${perSeconds} seconds are no budget`)
  const windowMs = perSeconds * 1000
  const takeTurn = turns(1)
  let log: readonly Sent[] = []
  let unanswered = 0
  let mostUnanswered = firstUnanswered
  let standing: RequestStanding = {}
  let pause: Pause = { from: 0, until: 0 }
  let lastSentAt = 0
  const waitingForAnswer = new Set<() => void>()

  /** Forgets what no longer counts. What ended in the future ended before the clock was put back. */
  const counted = (now: number): void => {
    log = log.filter(({ endedAt = now }) => endedAt <= now && now - endedAt < windowMs)
  }

  /** How long the provider wants no further request, in milliseconds. */
  const pauseLeft = (now: number): number => (pause.from <= now ? Math.max(pause.until - now, 0) : 0)

  /** How long a request waits for the window of its own making. */
  const windowDelay = (now: number): Delay | undefined => {
    counted(now)
    if (log.length < requests && unanswered < mostUnanswered) return undefined
    const ended = log.flatMap(({ endedAt }) => (endedAt === undefined ? [] : [endedAt]))
    if (log.length < requests || ended.length === 0) return { reason: 'budget' }
    return { reason: 'budget', milliseconds: Math.min(...ended) + windowMs - now }
  }

  /** How long it waits so that what the provider's longest window still holds lasts until requests leave that window. */
  const scarcityDelay = (now: number): Delay | undefined => {
    const { remaining, limit = 0, resetAt = 0 } = standing
    if (remaining === undefined || remaining - unanswered > limit * scarceShare) return undefined
    const left = remaining - unanswered
    // A request has expired, or more: the answer to one that is sent now tells how many.
    if (resetAt <= now) return left < 1 && unanswered > 0 ? { reason: 'budget' } : undefined
    const next = left < 1 ? resetAt : lastSentAt + (resetAt - now) / left
    return next > now ? { reason: 'budget', milliseconds: next - now } : undefined
  }

  const delayNow = (now: number): Delay | undefined =>
    pauseLeft(now) > 0
      ? { reason: 'rate-limited', milliseconds: pauseLeft(now) }
      : (windowDelay(now) ?? scarcityDelay(now))

  const anAnswer = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const come = () => {
        waitingForAnswer.delete(come)
        release()
        resolve()
      }
      const release = onAbort(signal, () => {
        waitingForAnswer.delete(come)
        reject(canceled())
      })
      waitingForAnswer.add(come)
    })

  const untilFree = async ({ signal, deadline = Number.POSITIVE_INFINITY, onPause }: TurnRequest): Promise<void> => {
    for (;;) {
      if (signal.aborted) throw canceled()
      const now = runtime.now()
      const delay = delayNow(now)
      if (delay === undefined) return
      if (delay.milliseconds === undefined) {
        await anAnswer(signal)
        continue
      }
      const milliseconds = Math.min(delay.milliseconds, longestPauseMs)
      if (now + milliseconds > deadline) throw tooLate(milliseconds)
      if (milliseconds >= shortestToldMs) onPause?.(delay.reason, milliseconds)
      try {
        await runtime.sleep(milliseconds, signal)
      } catch {
        throw canceled()
      }
    }
  }

  const send = (): Answered => {
    const sent: Sent = {}
    if (Number.isFinite(requests)) log = [...log, sent]
    unanswered += 1
    lastSentAt = runtime.now()
    return ({ standing: told, pauseMs }) => {
      const now = runtime.now()
      sent.endedAt = now
      unanswered -= 1
      if (pauseMs !== undefined) {
        const until = now + Math.min(pauseMs, longestPauseMs)
        if (until > pause.until || now < pause.from) pause = { from: now, until }
        mostUnanswered = unansweredAfterRefusal
      } else if (told !== undefined) {
        standing = { ...standing, ...told }
        mostUnanswered += 1
      }
      for (const come of [...waitingForAnswer]) come()
    }
  }

  const shareOf = (remaining: number, limit: number): number =>
    Number.isFinite(limit) && limit > 0 ? Math.min(Math.max(remaining / limit, 0), 1) : 1

  return {
    left: () => {
      const now = runtime.now()
      if (pauseLeft(now) > 0) return 0
      counted(now)
      const { remaining, limit = 0 } = standing
      const ofProvider = remaining === undefined ? 1 : shareOf(remaining - unanswered, limit * scarceShare)
      return Math.min(shareOf(requests - log.length, requests), ofProvider)
    },
    take: async (request) => {
      const end = await takeTurn(request.signal)
      if (end === undefined) throw canceled()
      try {
        await untilFree(request)
        return send()
      } finally {
        end()
      }
    },
  }
}
