import { ImageStoreError } from '../model/error.ts'
import type { Runtime } from '../store/runtime.ts'
import { type HttpAnswer, type HttpRequest, send } from './transport.ts'

/** The longest that one attempt may take from its start to the last byte of its answer, in milliseconds. */
const attemptTimeoutMs = 30_000

/**
 * Sends one request within a time of its own. The attempt has a controller beside the call's, so that its time-out ends it and
 * nothing else; a call that has ended sends nothing. Rejects with an {@link ImageStoreError}.
 */
export const timedSend =
  (runtime: Runtime) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    if (request.signal.aborted) throw new ImageStoreError('canceled', 'The call was canceled')
    const attempt = new AbortController()
    const stop = () => attempt.abort()
    request.signal.addEventListener('abort', stop, { once: true })
    let isLate = false
    const cancel = runtime.timer(attemptTimeoutMs, () => {
      isLate = true
      stop()
    })
    try {
      return await send({ ...request, signal: attempt.signal })
    } catch (error) {
      throw isLate ? new ImageStoreError('timeout', `The provider did not answer within ${attemptTimeoutMs} ms`) : error
    } finally {
      cancel()
      request.signal.removeEventListener('abort', stop)
    }
  }
