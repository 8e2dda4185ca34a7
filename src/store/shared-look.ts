import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'
import type { Call } from './member.ts'
import { onAbort } from './on-abort.ts'
import type { StoreTask } from './store-task.ts'

/** One run of a look-up, and the calls that it is for. */
interface Round<A, C> {
  readonly callers: Set<C>
  readonly answer: Promise<E.Either<ImageStoreError, A>>
  readonly stop: AbortController
}

const canceled = () => E.left(new ImageStoreError('canceled', 'The call was canceled'))

/** When the last of the calls has no time left, in milliseconds since the epoch; absent where one has no end. */
const latestDeadline = (calls: readonly Call[]): number | undefined => {
  const deadlines = calls.flatMap(({ deadline }) => deadline ?? [])
  return deadlines.length < calls.length ? undefined : Math.max(...deadlines)
}

/**
 * A look-up that calls share: each gets the answer of a run that has begun after it asked, so that what it has done before is seen
 * by it. One runs at a time, and whoever asks meanwhile shares the next. Each call leaves by its own signal; a run that all have
 * left is stopped. Requests are told of as those of the first that asked.
 */
export const sharedLook = <A, C extends Call = Call>(look: (call: C) => StoreTask<A>): ((call: C) => StoreTask<A>) => {
  let next: Round<A, C> | undefined
  let before: Promise<unknown> = Promise.resolve()

  const open = (): Round<A, C> => {
    const callers = new Set<C>()
    const stop = new AbortController()
    const run = async (previous: Promise<unknown>): Promise<E.Either<ImageStoreError, A>> => {
      await previous
      next = undefined
      const [first] = callers
      if (first === undefined) return canceled()
      const deadline = latestDeadline([...callers])
      return look({ ...first, signal: stop.signal, deadline, noteCompleted: () => undefined })()
    }
    const answer = run(before)
    before = answer.catch(() => undefined)
    next = { callers, answer, stop }
    return next
  }

  const join = ({ callers, answer, stop }: Round<A, C>, call: C): Promise<E.Either<ImageStoreError, A>> =>
    new Promise((resolve, reject) => {
      callers.add(call)
      const release = onAbort(call.signal, () => {
        callers.delete(call)
        // One that has not begun yet begins for those who come to it later.
        if (callers.size === 0 && next?.callers !== callers) stop.abort()
        resolve(canceled())
      })
      answer.then(resolve, reject).finally(release)
    })

  return (call) => async () => (call.signal.aborted ? canceled() : join(next ?? open(), call))
}
