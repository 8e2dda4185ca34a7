import { onAbort } from '../../store/on-abort.ts'
import type { Runtime } from '../../store/runtime.ts'
import { InspectError } from '../inspect-error.ts'
import type { LookLimits } from './source-options.ts'

/** What ends some work before it is done. */
export interface WorkLimit {
  readonly runtime: Runtime
  /** Aborted with an {@link InspectError} as its reason. */
  readonly signal: AbortSignal
  readonly limitMs: number
  /** The error where the time is over. */
  readonly late: () => InspectError
}

/**
 * Does some work under a signal of its own, which is aborted with the one it stands under, and when its time is over. Rejects in the
 * same tick with the reason, whether or not the work notices.
 */
export const withinLimit = async <A>(
  { runtime, signal, limitMs, late }: WorkLimit,
  work: (signal: AbortSignal) => Promise<A>,
): Promise<A> => {
  if (signal.aborted) throw signal.reason
  const own = new AbortController()
  const stopped = new Promise<never>((_resolve, reject) => {
    onAbort(own.signal, () => reject(own.signal.reason))
  })
  const release = onAbort(signal, () => own.abort(signal.reason))
  const cancel = runtime.timer(limitMs, () => own.abort(late()))
  try {
    return await Promise.race([work(own.signal), stopped])
  } finally {
    cancel()
    release()
  }
}

/** The time from the opening of a source to its end. */
export interface Lifetime {
  /** Aborted, with an {@link InspectError} as its reason, when the caller cancels, and when the source is closed. */
  readonly signal: AbortSignal
  /** Aborted also when the time of the look is over. */
  readonly look: AbortSignal
  /**
   * Does some work of the look, within what is left of its time, under a signal that is aborted when the look ends. Rejects with `timeout`
   * or `canceled` where it has ended.
   */
  readonly within: <A>(work: (signal: AbortSignal) => Promise<A>) => Promise<A>
  /** Ends it, for whoever comes later. */
  readonly close: () => void
}

/** A lifetime that begins now. */
export const lifetime = ({ runtime, signal: callers, timeoutMs }: LookLimits): Lifetime => {
  const whole = new AbortController()
  const look = new AbortController()
  const endsAt = runtime.now() + timeoutMs
  const end = (message: string): void => whole.abort(new InspectError('canceled', message))

  onAbort(whole.signal, () => look.abort(whole.signal.reason))
  const release = onAbort(callers, () => end('The look was canceled'))
  if (callers?.aborted === true) end('The look was canceled')

  const late = (): InspectError => {
    const error = new InspectError('timeout', `The look took longer than ${timeoutMs} ms`, {
      hint: 'The server is slow or does not answer: try again, or give it more time',
    })
    look.abort(error)
    return error
  }

  return {
    signal: whole.signal,
    look: look.signal,
    within: async (work) => {
      const limitMs = endsAt - runtime.now()
      if (limitMs <= 0 && !look.signal.aborted) throw late()
      return withinLimit({ runtime, signal: look.signal, limitMs, late }, work)
    },
    close: () => {
      release()
      end('The source was closed')
    },
  }
}
