import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'
import type { Call } from './member.ts'
import type { StoreTask } from './store-task.ts'

/** Runs a task when those of the same key that came before it have ended. */
export type InTurn = <A>(key: string | undefined, call: Call, task: StoreTask<A>) => StoreTask<A>

/** Whether the turn came before the call was ended. */
const turnOf = (before: Promise<unknown>, { signal }: Call): Promise<boolean> =>
  new Promise((resolve) => {
    const stop = () => resolve(false)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    void before.then(() => {
      signal.removeEventListener('abort', stop)
      resolve(!signal.aborted)
    })
  })

/**
 * Lets what is begun under one operation key begin one after the other, within this store: two calls with one key at the same
 * moment would both find nothing and make two images. Calls without a key, and of other keys, do not wait. A call that is
 * ended while it waits sends nothing.
 */
export const oneAtATime = (): InTurn => {
  const last = new Map<string, Promise<unknown>>()
  return (key, call, task) => {
    if (key === undefined) return task
    return async () => {
      const before = last.get(key) ?? Promise.resolve()
      const run = async () =>
        (await turnOf(before, call)) ? task() : E.left(new ImageStoreError('canceled', 'The call was canceled'))
      const ended = run()
      // Who leaves the queue early does not let the next one overtake those before.
      const settled = Promise.allSettled([before, ended]).then(() => {
        if (last.get(key) === settled) last.delete(key)
      })
      last.set(key, settled)
      return ended
    }
  }
}
