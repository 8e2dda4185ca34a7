import * as E from 'fp-ts/lib/Either.js'
import type { StoreOperation } from './capabilities.ts'
import type { CallEventDetails, StoreEvent } from './event.ts'
import type { Runtime } from './runtime.ts'
import type { StoreTask } from './store-task.ts'
import type { Tell } from './telling.ts'

/** What one call tells. */
export interface Telling {
  /** Tells the store's observers of something that the call does. */
  readonly tell: (event: CallEventDetails) => void
  /** Whether anybody hears of events of a type: what only they would need can be left out. */
  readonly isHeard: (type: StoreEvent['type']) => boolean
}

/** Runs one call, and tells of its start and its end. */
export type ToldCall = <A>(operation: StoreOperation, run: (telling: Telling) => StoreTask<A>) => StoreTask<A>

/**
 * How many calls this process has told of. Stores may have the same name, another one for the same account above all, and who
 * listens to a channel could not tell the first call of one from that of another.
 */
let calls = 0

const silent: Telling = { tell: () => undefined, isHeard: () => false }

/** The calls of a store, numbered as they are run. Each tells of its start and its end, also one that sends nothing. */
export const toldCalls = (store: string, runtime: Runtime, tell: Tell | undefined): ToldCall => {
  if (tell === undefined) return (_, run) => run(silent)
  return (operation, run) => async () => {
    calls += 1
    const call = calls
    const telling: Telling = {
      isHeard: tell.isHeard,
      tell: (event) => {
        if (tell.isHeard(event.type)) tell({ ...event, store, operation, call })
      },
    }
    const begun = runtime.now()
    telling.tell({ type: 'call-started' })
    const result = await run(telling)()
    // A machine's clock can be put back meanwhile.
    const durationMs = Math.max(0, runtime.now() - begun)
    telling.tell({ type: 'call-ended', durationMs, ...(E.isLeft(result) ? { error: result.left.kind } : {}) })
    return result
  }
}
