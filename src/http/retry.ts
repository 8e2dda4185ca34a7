import * as E from 'fp-ts/lib/Either.js'
import pRetry from 'p-retry'
import { type ImageStoreError, isImageStoreError } from '../model/error.ts'
import { longestPauseMs } from '../store/request-budget.ts'
import type { Runtime } from '../store/runtime.ts'
import type { StoreTask } from '../store/store-task.ts'

/** How often and after what delay an attempt is repeated. */
export interface RetryPolicy {
  /** The most attempts beside the first. One that the provider has told when to repeat does not count. */
  readonly retries: number
  /** The first delay at the most, in milliseconds; each further one may be twice as long. */
  readonly firstDelayMs: number
  /** The longest delay that is drawn, in milliseconds. */
  readonly longestDelayMs: number
  /** The longest that all the delays together take which a provider asks for, where the caller names no time-out; in milliseconds. */
  readonly patienceMs: number
}

/** Five attempts within about half a minute, and whatever the provider asks for within its hour. */
export const defaultRetryPolicy: RetryPolicy = {
  retries: 4,
  firstDelayMs: 500,
  longestDelayMs: 8_000,
  patienceMs: longestPauseMs,
}

/** What is repeated, for whom and for how long. */
export interface Repeatable<A> {
  readonly attempt: StoreTask<A>
  readonly signal: AbortSignal
  /** When the caller's time is over, in milliseconds since the epoch. */
  readonly deadline?: number | undefined
  /** Whether the error allows another try. */
  readonly isRepeatable: (error: ImageStoreError) => boolean
  /** Told of each repetition before its delay, in milliseconds. */
  readonly onRetry: (error: ImageStoreError, delayMs: number) => void
}

/** Full jitter: any delay up to the present bound, so that many callers do not come back together. */
const drawnDelayMs = (policy: RetryPolicy, attempts: number, random: number): number =>
  random * Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** Math.min(attempts, 30))

const requestedDelayMs = ({ retryAfterSeconds = 0 }: ImageStoreError): number => retryAfterSeconds * 1000

/** Whether the provider itself has said when the next attempt may come; "at once" over and over is no appointment. */
const isAppointment = ({ kind, retryAfterSeconds = 0 }: ImageStoreError): boolean =>
  kind === 'rate-limited' && retryAfterSeconds > 0

/**
 * Repeats an attempt that may be repeated: p-retry counts the attempts and says when to give up, the error decides whether and
 * how long. What a provider asks for is waited for whole, with a drawn delay on top, unless the caller's time or our patience
 * ends before. All delays are slept on the `runtime`: p-retry's own clock cannot be passed in, and its own abort throws away a
 * success that races it.
 */
export const retrying =
  (runtime: Runtime, policy: RetryPolicy = defaultRetryPolicy) =>
  <A>({ attempt, signal, deadline, isRepeatable, onRetry }: Repeatable<A>): StoreTask<A> =>
  async () => {
    const attemptOrThrow = async (): Promise<A> => {
      const result = await attempt()
      if (E.isLeft(result)) throw result.left
      return result.right
    }
    const patientUntil = runtime.now() + policy.patienceMs
    const mayWait = async (error: ImageStoreError, attempts: number): Promise<boolean> => {
      if (!isRepeatable(error) || signal.aborted) return false
      const delayMs = requestedDelayMs(error) + drawnDelayMs(policy, attempts, runtime.random())
      if (runtime.now() + delayMs > Math.min(deadline ?? patientUntil, patientUntil)) return false
      onRetry(error, delayMs)
      await runtime.sleep(delayMs, signal)
      return true
    }
    try {
      return E.right(
        await pRetry(attemptOrThrow, {
          retries: policy.retries,
          minTimeout: 0,
          shouldConsumeRetry: ({ error }) => !(isImageStoreError(error) && isAppointment(error)),
          shouldRetry: async ({ error, attemptNumber }) =>
            isImageStoreError(error) && mayWait(error, attemptNumber - 1),
        }),
      )
    } catch (error) {
      if (isImageStoreError(error)) return E.left(error)
      throw error
    }
  }
