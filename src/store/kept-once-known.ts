import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'
import type { Call } from './member.ts'
import { onAbort } from './on-abort.ts'
import type { StoreTask } from './store-task.ts'

/** A look-up that is under way for one or more calls. */
interface SharedLook<A> {
  readonly answer: Promise<E.Either<ImageStoreError, A>>
  readonly stop: AbortController
  waiting: number
}

const canceled = () => E.left(new ImageStoreError('canceled', 'The call was canceled'))

/** A look-up that is made once. */
export interface KeptOnceKnown<A, C extends Call> {
  (call: C): StoreTask<A>
  /** The answer that is kept; absent where there is none yet. */
  readonly known: () => A | undefined
  /** Looks again where the answer that is kept is the one that proved stale, and keeps the new one; a failure changes nothing. */
  readonly renewed: (stale: A, call: C) => StoreTask<A>
}

/**
 * A look-up whose answer stays true: it is made when it is first needed, and its answer is kept. A failure is not. Calls that
 * need it at the same time share one look-up, and each leaves it by its own signal: it goes on for the others, and is stopped
 * when the last has left.
 */
export const keptOnceKnown = <A, C extends Call = Call>(look: (call: C) => StoreTask<A>): KeptOnceKnown<A, C> => {
  let known: E.Right<A> | undefined
  let shared: SharedLook<A> | undefined

  const begin = (call: C): SharedLook<A> => {
    const stop = new AbortController()
    const forgetting = async (): Promise<E.Either<ImageStoreError, A>> => {
      try {
        // One turn later, so that `begun` is there however the look-up ends.
        await Promise.resolve()
        const answer = await look({ ...call, signal: stop.signal, noteCompleted: () => undefined })()
        if (E.isRight(answer)) known = answer
        return answer
      } finally {
        if (shared === begun) shared = undefined
      }
    }
    const begun: SharedLook<A> = { stop, waiting: 0, answer: forgetting() }
    shared = begun
    return begun
  }

  const join = (joined: SharedLook<A>, signal: AbortSignal): Promise<E.Either<ImageStoreError, A>> =>
    new Promise((resolve, reject) => {
      joined.waiting += 1
      const leave = () => {
        joined.waiting -= 1
        if (joined.waiting === 0) {
          if (shared === joined) shared = undefined
          joined.stop.abort()
        }
        resolve(canceled())
      }
      const release = onAbort(signal, leave)
      joined.answer.then(resolve, reject).finally(release)
    })

  const lookNow = async (call: C): Promise<E.Either<ImageStoreError, A>> =>
    call.signal.aborted ? canceled() : join(shared ?? begin(call), call.signal)

  return Object.assign(
    (call: C): StoreTask<A> =>
      async () =>
        known ?? lookNow(call),
    {
      known: () => known?.right,
      renewed:
        (stale: A, call: C): StoreTask<A> =>
        async () =>
          known === undefined || known.right === stale ? lookNow(call) : known,
    },
  )
}
