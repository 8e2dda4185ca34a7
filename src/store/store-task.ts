import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ImageStoreError } from '../model/error.ts'

/**
 * What every member of the port returns: a description of the work, which starts when it is called as a function and
 * resolves to a `Left` with an {@link ImageStoreError} or a `Right` with the result. It never rejects. One that nobody
 * calls does nothing; `withPromises` gives the same members as promises.
 */
export interface StoreTask<A> extends TaskEither<ImageStoreError, A> {}

/** What every call takes beside its arguments. */
export interface CallOptions {
  /**
   * Stops the call: no further request leaves, and it fails with `canceled` in the same tick; while a request is under way that
   * makes something, as soon as that is answered, or after ten seconds.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * The longest the whole call may take, retries and pauses included, in milliseconds from when it is run. Then: `timeout`; sooner,
   * and with what went wrong, where the next try could only come later.
   */
  readonly timeoutMs?: number | undefined
}

/** What reading one image takes beside its ref. */
export interface ReadOptions extends CallOptions {
  /** Has the provider tell what the image costs (`Image.price`), where it can; elsewhere the price stays absent. */
  readonly withPrices?: boolean | undefined
}
