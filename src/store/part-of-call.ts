import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'
import type { Call } from './member.ts'
import { onAbort } from './on-abort.ts'
import type { Runtime } from './runtime.ts'
import type { StoreTask } from './store-task.ts'

/** Of what the call has left a part is given this share at the most, so that the call still ends by itself. */
const shareOfRest = 0.9

const unanswered = (milliseconds: number) =>
  new ImageStoreError('timeout', `The provider did not answer within ${Math.ceil(milliseconds)} ms`)

/**
 * A part of a call that the rest can do without. It ends with the call, and where one of its requests is not answered within `longestMs`,
 * with `timeout` in its own place. Only the provider's time counts: what waits for its turn, or for as long as the provider has asked, waits
 * as long as the call can. A call without an end has none of it: nothing that others have told is thrown away by waiting.
 */
export const partOfCall =
  <C extends Call, A>(runtime: Runtime, longestMs: number, call: C, run: (part: C) => StoreTask<A>): StoreTask<A> =>
  async () => {
    const { deadline } = call
    if (deadline === undefined || call.signal.aborted) return run(call)()
    const part = new AbortController()
    const release = onAbort(call.signal, () => part.abort(call.signal.reason))
    let stopTimer = (): void => undefined
    const ended = new Promise<E.Either<ImageStoreError, A>>((resolve, reject) => {
      const late = (milliseconds: number) => () => {
        resolve(E.left(unanswered(milliseconds)))
        part.abort()
      }
      const startTimer = (): void => {
        stopTimer()
        const milliseconds = Math.min(longestMs, Math.max(deadline - runtime.now(), 0) * shareOfRest)
        stopTimer = runtime.timer(milliseconds, late(milliseconds))
      }
      const tell: C['tell'] = (event) => {
        if (event.type === 'request') startTimer()
        if (event.type === 'response') stopTimer()
        call.tell(event)
      }
      run({ ...call, signal: part.signal, tell })().then(resolve, reject)
    })
    try {
      return await ended
    } finally {
      stopTimer()
      release()
    }
  }
