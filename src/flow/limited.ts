import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'
import type { ImageStore } from '../store/image-store.ts'
import { memberOf } from '../store/member.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import type { CallOptions } from '../store/store-task.ts'
import { type EndTurn, turns } from '../store/turns.ts'
import { aroundEachMember } from './each-member.ts'

/** How a store is limited. */
export interface LimitOptions {
  /** The most calls that are under way at a time, one or more. */
  readonly concurrency: number
  /** Whose time the time-outs of calls go by; the machine's unless told. */
  readonly runtime?: Runtime | undefined
}

const refused = (store: ImageStore, concurrency: number): ImageStoreError => {
  const reason = `${concurrency} calls at a time is not a whole number from 1`
  return new ImageStoreError('invalid-argument', reason, {
    store: store.name,
    fields: { concurrency: reason },
    hint: 'Leave the store as it is where there shall be no limit',
  })
}

/** What is left of a call's time, in milliseconds, after it has waited. */
const after = (options: CallOptions | undefined, waitedMs: number): CallOptions | undefined =>
  options?.timeoutMs === undefined ? options : { ...options, timeoutMs: Math.max(0, options.timeoutMs - waitedMs) }

/**
 * The same store with at most so many calls under way at a time. The others wait and are made in the order they were
 * run in. A call's `timeoutMs` runs while it waits, too; one that is canceled or timed out leaves the queue at once and
 * nothing is sent for it. What is unsupported fails without waiting. A call, not a request, is what is counted: one of
 * several requests takes one place. Throws `invalid-argument` where the number is none.
 */
export const limited = (store: ImageStore, { concurrency, runtime = systemRuntime }: LimitOptions): ImageStore => {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) throw refused(store, concurrency)
  const take = turns(concurrency)
  const member = memberOf({ name: store.name, capabilities: store.capabilities, runtime })
  return aroundEachMember(store, (operation, options, run) => async () => {
    const begun = runtime.now()
    // Kept here and not in a result: a turn that comes at the moment of a cancellation has to be given back, too.
    const turn: { end?: EndTurn | undefined } = {}
    try {
      const waited = await member(operation, options, ({ signal }) => async () => {
        turn.end = await take(signal)
        return turn.end === undefined ? E.left(new ImageStoreError('canceled', 'The call was canceled')) : E.right(null)
      })()
      // From here on the call ends by its own rules: its error tells what it has carried out already.
      return E.isLeft(waited) ? waited : await run(after(options, runtime.now() - begun))()
    } finally {
      turn.end?.()
    }
  })
}
