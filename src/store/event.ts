import { channel } from 'node:diagnostics_channel'
import type { ImageStoreErrorKind } from '../model/error.ts'
import type { StoreOperation } from './capabilities.ts'

/** What every event tells. */
interface AnyStoreEvent {
  /** The name of the store. */
  readonly store: string
  /** The member on whose behalf it happened. */
  readonly operation: StoreOperation
}

/** One call of a member. */
interface CallEvent extends AnyStoreEvent {
  /** The number of the call at whoever observes it, from 1: the same for its start and its end. */
  readonly call: number
}

/** One request, without its query, which may hold what a provider was asked to look for. */
interface RequestEvent extends AnyStoreEvent {
  readonly method: string
  readonly path: string
}

/**
 * What an observer is told of. Never a message, a header or a body: an import's URL may hold a secret, and what a provider says
 * may quote it.
 */
export type StoreEvent =
  | (CallEvent & { readonly type: 'call-started' })
  | (CallEvent & {
      readonly type: 'call-ended'
      /** How long the call took, retries and all, in milliseconds. */
      readonly durationMs: number
      /** Why it failed; absent where it succeeded. */
      readonly error?: ImageStoreErrorKind | undefined
    })
  /** A request leaves. */
  | (RequestEvent & { readonly type: 'request' })
  /** A request was answered, or no answer is waited for any more. */
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
  | (AnyStoreEvent & { readonly type: 'answer-lost'; readonly change: string })
  /** What came of such a change: it had been carried out (`found`), or nothing of it has shown up. */
  | (AnyStoreEvent & { readonly type: 'reconciled'; readonly change: string; readonly found: boolean })
  /** An operation key had begun more than one image, and a later one was removed, or could not be. */
  | (AnyStoreEvent & { readonly type: 'duplicate'; readonly image: string; readonly removed: boolean })

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

/** An event without whose it is. */
export type StoreEventDetails = StoreEvent extends infer Event
  ? Event extends StoreEvent
    ? Omit<Event, keyof AnyStoreEvent>
    : never
  : never

/** Is told of what a store does. */
export type StoreObserver = (event: StoreEvent) => void

/** Tells an observer, if there is one, and whoever has subscribed to the channel of the event's type. */
export type Tell = (event: StoreEvent) => void

const asIfNothing = (): void => undefined

/** Tells one observer. One that throws is not heard of: the result of a call, of an import above all, must not be lost for it. */
export const telling =
  (observer: StoreObserver): Tell =>
  (event) => {
    try {
      // One that is asynchronous fails later, and would end the process where nobody listens.
      const told: unknown = observer(event)
      if (told instanceof Promise) told.catch(asIfNothing)
    } catch {
      // See above.
    }
  }

/** Tells an observer and `node:diagnostics_channel`, where the channel of an event is `imageferry:` and its type. */
export const tellingEverybody = (observer: StoreObserver | undefined): Tell => {
  const tellObserver = observer === undefined ? asIfNothing : telling(observer)
  return (event) => {
    tellObserver(event)
    const listened = channel(`imageferry:${event.type}`)
    if (listened.hasSubscribers) listened.publish(event)
  }
}
