import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreErrorKind } from '../model/error.ts'
import type { StoreOperation } from '../store/capabilities.ts'
import type { ImageStore } from '../store/image-store.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import { aroundEachMember } from './each-member.ts'

interface AnyStoreEvent {
  /** The name of the store. */
  readonly store: string
  readonly operation: StoreOperation
  /** The number of the call, from 1: the same for its start and its end. */
  readonly call: number
}

/**
 * What an observer is told of. Never an argument, a result or a message: an import's URL may hold a secret, and what a
 * provider says may quote it.
 */
export type StoreEvent =
  | (AnyStoreEvent & { readonly type: 'call-started' })
  | (AnyStoreEvent & {
      readonly type: 'call-ended'
      /** How long the call took, retries and all, in milliseconds. */
      readonly durationMs: number
      /** Why it failed; absent where it succeeded. */
      readonly error?: ImageStoreErrorKind | undefined
    })

/** Is told of every call of a store. */
export type StoreObserver = (event: StoreEvent) => void

/**
 * The same store with somebody watching: every call is an event when it is run and one when it has ended, also a call
 * that fails before anything is sent. An observer that throws is not heard of: the result of a call, of an import above
 * all, must not be lost for it.
 */
export const observed = (
  store: ImageStore,
  observer: StoreObserver,
  { runtime = systemRuntime }: { readonly runtime?: Runtime | undefined } = {},
): ImageStore => {
  let calls = 0
  const tell = (event: StoreEvent): void => {
    try {
      // One that is asynchronous fails later, and would end the process where nobody listens.
      const told: unknown = observer(event)
      if (told instanceof Promise) told.catch(() => undefined)
    } catch {
      // See above.
    }
  }
  return aroundEachMember(store, (operation, options, run) => async () => {
    calls += 1
    const about = { store: store.name, operation, call: calls }
    const begun = runtime.now()
    tell({ type: 'call-started', ...about })
    const result = await run(options)()
    // A machine's clock can be put back meanwhile.
    const durationMs = Math.max(0, runtime.now() - begun)
    tell({ type: 'call-ended', ...about, durationMs, ...(E.isLeft(result) ? { error: result.left.kind } : {}) })
    return result
  })
}
