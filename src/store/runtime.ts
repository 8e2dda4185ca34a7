import { onAbort } from './on-abort.ts'

/** Time and chance, passed in wherever they are needed so that tests own them. */
export interface Runtime {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Resolves after so many milliseconds; rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** Calls back once after so many milliseconds, unless what it returns is called first. For time-outs of I/O. */
  readonly timer: (milliseconds: number, expire: () => void) => () => void
  /** A number from 0 up to but not including 1. */
  readonly random: () => number
}

/** The longest that one timer of the platform can run: 2^31 - 1 milliseconds, about 24 days. */
const longestTimer = 2 ** 31 - 1

const timer = (milliseconds: number, expire: () => void): (() => void) => {
  const handle = setTimeout(expire, Math.min(milliseconds, longestTimer))
  return () => clearTimeout(handle)
}

const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const stop = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = timer(milliseconds, () => {
      release()
      resolve()
    })
    const release = onAbort(signal, stop)
  })

/** The machine's own clock and chance. */
export const systemRuntime: Runtime = { now: Date.now, sleep, timer, random: Math.random }
