import { ImageStoreError } from '../model/error.ts'
import { onAbort } from './on-abort.ts'
import { refusals } from './refusals.ts'
import { requestWindow } from './request-window.ts'
import { type Runtime, systemRuntime } from './runtime.ts'

/** What a provider's answer says of the requests that are left. Whatever it leaves out is not known. */
export interface RequestStanding {
  /** How many requests the longest of the provider's windows still holds. */
  readonly remaining?: number | undefined
  /** How many it holds in all. */
  readonly limit?: number | undefined
  /** When the oldest request in it expires, in milliseconds since the epoch. */
  readonly resetAt?: number | undefined
}

/** How a request that had its turn came out. */
export type RequestOutcome =
  | { readonly kind: 'answered'; readonly standing: RequestStanding }
  /** Refused for being one too many, and for how long the provider wants no further one, in milliseconds, where it tells. */
  | { readonly kind: 'refused'; readonly pauseMs?: number | undefined }
  | { readonly kind: 'unanswered' }
  /** It had its turn and did not leave. */
  | { readonly kind: 'not-sent' }

/** To be told once how a request came out. */
export type TellOutcome = (outcome: RequestOutcome) => void

/** Why a request waits. */
export type PauseReason = 'rate-limited' | 'budget'

/** What a request brings when it asks for its turn. */
export interface TurnRequest {
  readonly signal: AbortSignal
  /** When the caller's time is over, in milliseconds since the epoch. */
  readonly deadline?: number | undefined
  /** Told before each wait of a second or more; milliseconds. */
  readonly onPause?: ((reason: PauseReason, delayMs: number) => void) | undefined
}

/**
 * The requests that one credential may still send, for all that use it. Whoever sends a request takes a turn first and tells
 * how it came out.
 */
export interface RequestBudget {
  /**
   * Comes when a request may be sent, in the order of asking. Rejects with `canceled` as soon as the signal is aborted, and with
   * `rate-limited` (`notSent`, `retryAfterSeconds`) as soon as it is known that the turn comes only after the deadline, or after more
   * than an hour.
   */
  readonly take: (request: TurnRequest) => Promise<TellOutcome>
  /** The share of what may be sent that is left at the moment, from 0 to 1: of the window, and of the provider's own where it tells. */
  readonly left: () => number
}

/** How much a budget lets through. */
export interface RequestBudgetOptions {
  /** The most requests in any window; as many as the provider takes unless told. */
  readonly requests?: number | undefined
  /** The length of the window, in seconds; 60 unless told. */
  readonly perSeconds?: number | undefined
  /** How many requests may be unanswered before any was answered, one more with each; 10 unless told. */
  readonly unanswered?: number | undefined
  /** Whose time and chance it is; the machine's own unless told. */
  readonly runtime?: Pick<Runtime, 'now' | 'sleep' | 'random'> | undefined
}

/** Below this share of the provider's limit, what is left is spread over the time until requests expire. */
const scarceShare = 0.2
/** A pause that is not told of, in milliseconds. */
const shortestToldMs = 1_000
/** No turn is waited for longer, in milliseconds: the provider's hour, and a minute. */
export const longestPauseMs = 61 * 60_000

interface Delay {
  readonly reason: PauseReason
  /** Absent where nothing but the end of a request helps. */
  readonly milliseconds?: number | undefined
}

/** Somebody who waits for a turn. */
interface Waiter extends TurnRequest {
  readonly send: (tell: TellOutcome) => void
  readonly refuse: (error: ImageStoreError) => void
  /** Until when it was told to wait, in milliseconds since the epoch. */
  toldUntil: number
}

const canceled = () => new ImageStoreError('canceled', 'The call was canceled', { notSent: true })

const tooLate = (milliseconds: number) =>
  new ImageStoreError('rate-limited', 'The next request may be sent only after the time that the call has left', {
    retryAfterSeconds: Math.ceil(milliseconds / 1000),
    notSent: true,
  })

/**
 * A budget of its own: at most so many requests in any window, slowed down by what answers say is left of the provider's own before
 * nothing is, and paused for all who share it by a refusal (429), once.
 */
export const requestBudget = ({
  requests = Number.POSITIVE_INFINITY,
  perSeconds = 60,
  unanswered: firstUnanswered = 10,
  runtime = systemRuntime,
}: RequestBudgetOptions = {}): RequestBudget => {
  if (!(requests >= 1) || !(perSeconds > 0 && Number.isFinite(perSeconds)) || !(firstUnanswered >= 1))
    throw new ImageStoreError('invalid-argument', `${requests} requests in ${perSeconds} seconds are no budget`)
  const window = requestWindow(requests, perSeconds * 1000)
  const refused = refusals(runtime, firstUnanswered)
  const waiting = new Set<Waiter>()
  let unanswered = 0
  let standing: RequestStanding = {}
  let lastSentAt = 0
  let isPumping = false
  let nap = new AbortController()

  /** How long a request waits so that what the provider's own window still holds lasts until requests leave that window. */
  const scarcityDelay = (now: number): Delay | undefined => {
    const { remaining, limit = 0, resetAt = 0 } = standing
    const left = (remaining ?? Number.POSITIVE_INFINITY) - unanswered
    if (left > limit * scarceShare || resetAt - now > longestPauseMs) return undefined
    // A request has expired, or more: the answer to one that is sent now tells how many.
    if (resetAt <= now) return left < 1 && unanswered > 0 ? { reason: 'budget' } : undefined
    const next = left < 1 ? resetAt : lastSentAt + (resetAt - now) / left
    return next > now ? { reason: 'budget', milliseconds: next - now } : undefined
  }

  const delayAt = (now: number): Delay | undefined => {
    const pauseMs = refused.pauseLeft(now)
    if (pauseMs > 0) return { reason: 'rate-limited', milliseconds: pauseMs }
    const fullMs = window.fullFor(now)
    if (fullMs === undefined || unanswered >= refused.mostUnanswered()) return { reason: 'budget' }
    return fullMs > 0 ? { reason: 'budget', milliseconds: fullMs } : scarcityDelay(now)
  }

  const send = (): TellOutcome => {
    const sentAt = runtime.now()
    const end = window.begin()
    unanswered += 1
    lastSentAt = sentAt
    return (outcome) => {
      end(runtime.now())
      unanswered -= 1
      if (outcome.kind === 'refused') refused.note(sentAt, outcome.pauseMs)
      else if (outcome.kind !== 'not-sent') refused.allowMore()
      if (outcome.kind === 'answered') {
        refused.over()
        standing = { ...standing, ...outcome.standing }
      }
      nap.abort()
    }
  }

  /** Tells one who waits that it does, or refuses it where that takes too long. */
  const hold = (waiter: Waiter, { reason, milliseconds = 0 }: Delay, now: number): void => {
    const end = now + milliseconds
    if (end > (waiter.deadline ?? Number.POSITIVE_INFINITY) || milliseconds > longestPauseMs) {
      waiting.delete(waiter)
      waiter.refuse(tooLate(milliseconds))
    } else if (milliseconds >= shortestToldMs && end > waiter.toldUntil) {
      waiter.toldUntil = end
      waiter.onPause?.(reason, milliseconds)
    }
  }

  /** Comes after so long, or as soon as something has happened that may let a request through, or make it wait longer. */
  const napFor = async (milliseconds: number | undefined): Promise<void> => {
    nap = new AbortController()
    const { signal } = nap
    if (milliseconds === undefined) await new Promise<void>((resolve) => onAbort(signal, resolve))
    else await runtime.sleep(milliseconds, signal).catch(() => undefined)
  }

  const pump = async (): Promise<void> => {
    isPumping = true
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      const now = runtime.now()
      const delay = delayAt(now)
      if (delay === undefined) {
        waiting.delete(first)
        first.send(send())
        continue
      }
      for (const waiter of [...waiting]) hold(waiter, delay, now)
      if (waiting.size > 0) await napFor(delay.milliseconds)
    }
    isPumping = false
  }

  return {
    left: () => {
      const now = runtime.now()
      if (refused.pauseLeft(now) > 0) return 0
      const { remaining = Number.POSITIVE_INFINITY, limit = 0 } = standing
      const ofProvider = limit > 0 ? (remaining - unanswered) / (limit * scarceShare) : 1
      const ofWindow = Number.isFinite(requests) ? (requests - window.count(now)) / requests : 1
      return Math.max(Math.min(ofProvider, ofWindow, 1), 0)
    },
    take: ({ signal, deadline, onPause }) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(canceled())
          return
        }
        const waiter: Waiter = {
          signal,
          deadline,
          onPause,
          toldUntil: 0,
          send: (tell) => {
            release()
            resolve(tell)
          },
          refuse: (error) => {
            release()
            reject(error)
          },
        }
        const release = onAbort(signal, () => {
          waiting.delete(waiter)
          nap.abort()
          waiter.refuse(canceled())
        })
        waiting.add(waiter)
        const now = runtime.now()
        const delay = isPumping ? delayAt(now) : undefined
        if (delay !== undefined) hold(waiter, delay, now)
        if (!isPumping) void pump()
      }),
  }
}
