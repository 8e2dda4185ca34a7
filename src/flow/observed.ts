import * as E from 'fp-ts/lib/Either.js'
import { type StoreObserver, telling } from '../store/event.ts'
import type { ImageStore } from '../store/image-store.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import { aroundEachMember } from './each-member.ts'

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
  const tell = telling(observer)
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
