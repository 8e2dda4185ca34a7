import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'
import type { Call } from './member.ts'
import type { StoreTask } from './store-task.ts'
import { type TakeTurn, turns } from './turns.ts'

/** Runs a task when those of the same key that came before it have ended. */
export type InTurn = <A>(key: string | undefined, call: Call, task: StoreTask<A>) => StoreTask<A>

/** The turns of one key, and how many calls have one or wait for one. */
interface Queue {
  readonly take: TakeTurn
  calls: number
}

/**
 * Lets what is begun under one operation key begin one after the other, within this store: two calls with one key at the same
 * moment would both find nothing and make two images. Calls without a key, and of other keys, do not wait. A call that is
 * ended while it waits sends nothing.
 */
export const oneAtATime = (): InTurn => {
  const queues = new Map<string, Queue>()
  return (key, { signal }, task) => {
    if (key === undefined) return task
    return async () => {
      const queue = queues.get(key) ?? { take: turns(1), calls: 0 }
      queues.set(key, queue)
      queue.calls += 1
      const end = await queue.take(signal)
      try {
        return end === undefined ? E.left(new ImageStoreError('canceled', 'The call was canceled')) : await task()
      } finally {
        end?.()
        queue.calls -= 1
        if (queue.calls === 0) queues.delete(key)
      }
    }
  }
}
