/** Those who wait for one signal, and its one listener. */
interface Waiting {
  readonly callBacks: Set<() => void>
  readonly tellAll: () => void
}

const waitingFor = new WeakMap<AbortSignal, Waiting>()

const listen = (signal: AbortSignal): Waiting => {
  const callBacks = new Set<() => void>()
  const tellAll = () => {
    waitingFor.delete(signal)
    for (const callBack of [...callBacks]) callBack()
  }
  signal.addEventListener('abort', tellAll, { once: true })
  return { callBacks, tellAll }
}

/**
 * Calls back once when a signal is aborted, in the same tick, unless what it returns is called first. However many wait for one
 * signal, it has one listener, and none when nobody waits any more: a caller may give the same signal to a thousand calls. For a
 * signal that has been aborted already, or none, nothing is called.
 */
export const onAbort = (signal: AbortSignal | undefined, callBack: () => void): (() => void) => {
  if (signal === undefined) return () => undefined
  const waiting = waitingFor.get(signal) ?? listen(signal)
  waitingFor.set(signal, waiting)
  // One of its own for each, though two may give the same function.
  const own = () => callBack()
  waiting.callBacks.add(own)
  return () => {
    waiting.callBacks.delete(own)
    if (waiting.callBacks.size > 0) return
    if (waitingFor.get(signal) === waiting) waitingFor.delete(signal)
    signal.removeEventListener('abort', waiting.tellAll)
  }
}
