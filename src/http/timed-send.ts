import { ImageStoreError, isImageStoreError } from '../model/error.ts'
import { onAbort } from '../store/on-abort.ts'
import type { Runtime } from '../store/runtime.ts'
import type { Connection } from './connection.ts'
import { type HttpAnswer, type HttpRequest, send } from './transport.ts'

/** The longest that one attempt may take from its start to the last byte of its answer, in milliseconds. */
const attemptTimeoutMs = 30_000

/**
 * The most that the answers to one call may hold together, in characters: a list whose pages are all as long as can be must not fill the
 * memory page by page. It is a hundred thousand images.
 */
const longestCall = 128 * 2 ** 20

/** How much was read for a call, by its signal. */
const readFor = new WeakMap<AbortSignal, number>()

const checkRead = (signal: AbortSignal, { text }: HttpAnswer): void => {
  const read = (readFor.get(signal) ?? 0) + text.length
  readFor.set(signal, read)
  if (read > longestCall)
    throw new ImageStoreError('unexpected-response', `The answers to the call hold more than ${longestCall} characters`)
}

/** The time of an attempt is over, which ended it with an error. */
const late = (error: unknown): ImageStoreError =>
  new ImageStoreError('timeout', `The provider did not answer within ${attemptTimeoutMs} ms`, {
    notSent: isImageStoreError(error) ? error.notSent : undefined,
  })

/**
 * Sends one request within a time of its own. The attempt has a controller beside the call's, so that its time-out ends it and
 * nothing else; a call that has ended sends nothing. `underWay` is called as the request is about to leave, and gives the signal that it
 * obeys from then on in place of its own. Rejects with an {@link ImageStoreError}, which is `notSent` where it had not left.
 */
export const timedSend =
  (runtime: Runtime, connection?: Connection) =>
  async (request: HttpRequest, underWay = (): AbortSignal => request.signal): Promise<HttpAnswer> => {
    if (request.signal.aborted) throw new ImageStoreError('canceled', 'The call was canceled', { notSent: true })
    const attempt = new AbortController()
    const stop = () => attempt.abort()
    let release = onAbort(request.signal, stop)
    const onDeparture = () => {
      release()
      release = onAbort(underWay(), stop)
    }
    let isLate = false
    const cancel = runtime.timer(attemptTimeoutMs, () => {
      isLate = true
      stop()
    })
    try {
      const answer = await send({ ...request, signal: attempt.signal, onDeparture }, connection)
      checkRead(request.signal, answer)
      return answer
    } catch (error) {
      throw isLate ? late(error) : error
    } finally {
      cancel()
      release()
    }
  }
