import type { ImageStoreErrorKind } from '../model/error.ts'
import type { StoreOperation } from './capabilities.ts'
import type { OperationKind } from './operation.ts'

/** What every event tells. */
interface AnyStoreEvent {
  /** The name of the store. */
  readonly store: string
  /** The member on whose behalf it happened. */
  readonly operation: StoreOperation
}

/** Something that one call of a member does. */
interface AnyCallEvent extends AnyStoreEvent {
  /** The number of the call in this process: the same for all that it does, and no other one's, whatever the stores are called. */
  readonly call: number
}

/** One request, without its query, which may hold what a provider was asked to look for. */
interface RequestEvent extends AnyCallEvent {
  readonly method: string
  readonly path: string
}

/** What a call tells of. */
export type CallEvent =
  | (AnyCallEvent & { readonly type: 'call-started' })
  | (AnyCallEvent & {
      readonly type: 'call-ended'
      /** How long the call took, retries and all, in milliseconds. */
      readonly durationMs: number
      /** Why it failed; absent where it succeeded. */
      readonly error?: ImageStoreErrorKind | undefined
    })
  /** A request leaves. */
  | (RequestEvent & { readonly type: 'request' })
  /** A request was answered, or no answer is waited for any more: that may be after its call has ended. */
  | (RequestEvent & {
      readonly type: 'response'
      /** The HTTP status; absent where no answer came. */
      readonly status?: number | undefined
      /** How long it took, in milliseconds. */
      readonly durationMs: number
    })
  /** A request failed for a passing reason, and is sent again. */
  | (RequestEvent & {
      readonly type: 'retry'
      readonly error: ImageStoreErrorKind
      /** How long is waited before, in milliseconds. */
      readonly delayMs: number
    })
  /** A request waits for its turn. */
  | (RequestEvent & {
      readonly type: 'pause'
      /** The provider has asked for it (429), or the request budget is used up for the moment. */
      readonly reason: 'rate-limited' | 'budget'
      /** How long it waits at the least, in milliseconds. */
      readonly delayMs: number
    })
  /** The answer to a change was lost: what came of it is looked up. */
  | (AnyCallEvent & { readonly type: 'answer-lost'; readonly change: string })
  /** What came of such a change: it had been carried out (`found`), or nothing of it has shown up. */
  | (AnyCallEvent & { readonly type: 'reconciled'; readonly change: string; readonly found: boolean })
  /** An operation key had begun more than one image, and a later one was removed, or could not be. */
  | (AnyCallEvent & { readonly type: 'duplicate'; readonly image: string; readonly removed: boolean })
  /**
   * An answer holds something that this version does not know. What is met again is not told again: once for each value and store,
   * of the first 200 values of a sort.
   */
  | (AnyCallEvent & {
      readonly type: 'drift'
      readonly what: 'status' | 'region' | 'field'
      /** What has it. */
      readonly of: 'image' | 'action' | 'task' | 'region'
      /**
       * The word of the status, the id of the region, or the name of the field. The provider's own, so that only what looks like a
       * word is shown; of anything else, and of what holds a credential, its length: `(812 characters)`.
       */
      readonly value: string
    })

/** What a wait tells of. */
export type WaitEvent =
  /** Operations were looked up for all who wait for them. */
  | (AnyStoreEvent & {
      readonly type: 'wait-tick'
      /** How many operations were looked up. */
      readonly waiting: number
      /** How many of them have ended. */
      readonly ended: number
    })
  /** An operation that is waited for has come into another phase. */
  | (AnyStoreEvent & {
      readonly type: 'phase'
      readonly ref: string
      readonly from: string
      readonly to: string
      /** How long it was in the one before, in milliseconds, as far as the wait has seen. */
      readonly afterMs: number
    })
  /** Nothing of an operation that is waited for has changed for so many milliseconds. */
  | (AnyStoreEvent & { readonly type: 'stalled'; readonly ref: string; readonly unchangedMs: number })
  /** An operation is not waited for any more, by one of those who did. */
  | (AnyStoreEvent & {
      readonly type: 'wait-ended'
      readonly ref: string
      /** Absent where no look has told. */
      readonly kind?: OperationKind | undefined
      /** How long it was waited for, in milliseconds. */
      readonly waitedMs: number
      /** Why it failed, or `timeout` or `canceled` where only the wait has ended; absent where it succeeded. */
      readonly error?: ImageStoreErrorKind | undefined
    })

/**
 * What an observer is told of. Never a message, a header or a body: an import's URL may hold a secret, and what a provider says
 * may quote it.
 */
export type StoreEvent = CallEvent | WaitEvent

type Without<Event, Key extends PropertyKey> = Event extends unknown ? Omit<Event, Key> : never

/** What a call tells of, without whose it is. */
export type CallEventDetails = Without<CallEvent, keyof AnyCallEvent>

/** What a wait tells of, without whose it is. */
export type WaitEventDetails = Without<WaitEvent, keyof AnyStoreEvent>

/** Is told of what a store does. */
export type StoreObserver = (event: StoreEvent) => void
