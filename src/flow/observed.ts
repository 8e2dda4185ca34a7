import type { StoreObserver } from '../store/event.ts'
import type { ImageStore } from '../store/image-store.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import { telling } from '../store/telling.ts'
import { toldCalls } from '../store/told-calls.ts'
import { aroundEachMember } from './each-member.ts'

/**
 * The same store with somebody watching: every call is an event when it is run and one when it has ended, also a call
 * that fails before anything is sent. An observer that throws is not heard of: the result of a call, of an import above
 * all, must not be lost for it.
 *
 * For stores that take no `observer` themselves, and for what decorators add, such as the time in the queue of `limited`. The stores
 * over HTTP tell of their calls already, with all that happens below them: an observer that is given to both hears of each call
 * twice, under two numbers. Nothing of this goes to `node:diagnostics_channel`, where each call is told by its own store.
 */
export const observed = (
  store: ImageStore,
  observer: StoreObserver,
  { runtime = systemRuntime }: { readonly runtime?: Runtime | undefined } = {},
): ImageStore => {
  const told = toldCalls(store.name, runtime, telling(observer))
  return aroundEachMember(store, (operation, options, run) => told(operation, () => run(options)))
}
