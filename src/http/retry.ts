import * as E from 'fp-ts/lib/Either.js'
import pRetry from 'p-retry'
import { type ImageStoreError, isImageStoreError, isTransient } from '../model/error.ts'
import type { Runtime } from '../store/runtime.ts'
import type { StoreTask } from '../store/store-task.ts'

/** How often and after what delay an attempt is repeated. */
export interface RetryPolicy {
  /** The most attempts beside the first. */
  readonly retries: number
  /** The first delay at the most, in milliseconds; each further one may be twice as long. */
  readonly firstDelayMs: number
  /** The longest delay that is drawn, in milliseconds. */
  readonly longestDelayMs: number
  /** The longest delay that a provider may ask for before the caller is told instead, in milliseconds. */
  readonly longestRequestedDelayMs: number
}

/** Five attempts within about half a minute; a provider that asks for more than a minute is the caller's decision. */
export const defaultRetryPolicy: RetryPolicy = {
  retries: 4,
  firstDelayMs: 500,
  longestDelayMs: 8_000,
  longestRequestedDelayMs: 60_000,
}

const requestedDelayMs = (error: ImageStoreError): number => (error.retryAfterSeconds ?? 0) * 1000

/** Full jitter: any delay up to the present bound, so that many callers do not come back together. */
const drawnDelayMs = (policy: RetryPolicy, retriesConsumed: number, random: number): number =>
  random * Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** retriesConsumed)

/**
 * Repeats an attempt that may be repeated: p-retry says when to give up, `isRepeatable` whether the error allows another
 * try. The delays are slept on the `runtime`, not by p-retry, whose own clock cannot be passed in.
 */
export const retrying =
  (runtime: Runtime, policy: RetryPolicy = defaultRetryPolicy) =>
  <A>(
    attempt: StoreTask<A>,
    signal: AbortSignal,
    isRepeatable: (error: ImageStoreError) => boolean = isTransient,
  ): StoreTask<A> =>
  async () => {
    const attemptOrThrow = async (): Promise<A> => {
      const result = await attempt()
      if (E.isLeft(result)) throw result.left
      return result.right
    }
    try {
      return E.right(
        await pRetry(attemptOrThrow, {
          retries: policy.retries,
          minTimeout: 0,
          shouldRetry: async ({ error, retriesConsumed }) => {
            if (!isImageStoreError(error) || !isRepeatable(error) || signal.aborted) return false
            if (requestedDelayMs(error) > policy.longestRequestedDelayMs) return false
            const drawn = drawnDelayMs(policy, retriesConsumed, runtime.random())
            await runtime.sleep(Math.max(drawn, requestedDelayMs(error)), signal)
            return true
          },
        }),
      )
    } catch (error) {
      if (isImageStoreError(error)) return E.left(error)
      throw error
    }
  }
