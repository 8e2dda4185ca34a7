import { type ImageStoreError, isAnswerLost } from '../model/error.ts'
import { type GraceLooks, graceMs, lookThroughGrace } from './lost-answer.ts'
import { remember } from './remember.ts'
import type { Runtime } from './runtime.ts'
import type { StoreTask } from './store-task.ts'

/** How many are remembered: more than a credential may begin within the grace. */
const most = 1000

/** The keys under which something may show up that no answer has told of. */
export interface KeysInDoubt {
  /** A request under the key has failed: where it may have been carried out all the same, the key is in doubt from now on. */
  readonly noteFailed: (key: string | undefined, error: ImageStoreError) => void
  /** What a key has begun may not be listed yet. */
  readonly noteUnlisted: (key: string) => void
  /** Looks for what a key has begun: once, or through what is left of the grace where the key is in doubt. */
  readonly lookBefore: <A>(
    key: string | undefined,
    looks: Omit<GraceLooks<A>, 'until' | 'runtime'>,
  ) => StoreTask<A | undefined>
}

/**
 * None at first. A call that ends before it knows what came of its request (it is canceled, or its look-ups fail) leaves the key
 * in doubt: the same call, repeated at once, would look before there is anything to be seen, and begin a second time.
 */
export const keysInDoubt = (runtime: Runtime): KeysInDoubt => {
  const until = new Map<string, number>()
  const noteUnlisted = (key: string): void => {
    until.delete(key)
    remember(until, key, runtime.now() + graceMs, most)
  }
  return {
    noteFailed: (key, error) => {
      const mayBeUnderWay = isAnswerLost(error) || (error.kind === 'canceled' && error.notSent !== true)
      if (key !== undefined && mayBeUnderWay) noteUnlisted(key)
    },
    noteUnlisted,
    lookBefore: (key, looks) => async () => {
      const end = key === undefined ? undefined : until.get(key)
      return end === undefined || end <= runtime.now()
        ? looks.look()
        : lookThroughGrace({ ...looks, runtime, until: end })()
    },
  }
}
