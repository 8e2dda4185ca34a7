import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { onAbort } from '../../store/on-abort.ts'
import type { SharedOutput } from './task.ts'

/** What is unpacked in a thread has this much room, in bytes. */
const roomBytes = 64 * 2 ** 20

const mostThreads = Math.min(2, availableParallelism())
const idleMs = 5_000
/** What a library sets aside beyond that ends the thread, and nothing else. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 }

/** A thread that unpacks one thing at a time. */
export interface Thread extends SharedOutput {
  readonly worker: Worker
}

interface Waiting {
  readonly give: (thread: Thread) => void
  readonly refuse: (error: unknown) => void
}

const idle = new Map<Thread, NodeJS.Timeout>()
const waiting = new Set<Waiting>()
let running = 0

const started = (): Thread => {
  const shared: SharedOutput = {
    count: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    room: new Uint8Array(new SharedArrayBuffer(roomBytes)),
  }
  // The flags of this process are none of the thread's: with some of them no file could be started.
  const worker = new Worker(new URL('./thread/main.js', import.meta.url), {
    workerData: shared,
    resourceLimits,
    execArgv: [],
  })
  const thread = { ...shared, worker }
  running += 1
  // Whoever has given it a task hears of it too.
  worker.on('error', () => undefined)
  worker.on('exit', () => {
    running -= 1
    stopWaiting(thread)
    serve()
  })
  return thread
}

const stopWaiting = (thread: Thread): void => {
  clearTimeout(idle.get(thread))
  idle.delete(thread)
}

/** A thread that is there already, or a new one, unless there are as many as there may be. */
const available = (): Thread | undefined => {
  for (const thread of idle.keys()) {
    stopWaiting(thread)
    return thread
  }
  return running < mostThreads ? started() : undefined
}

/** Whoever came first is served first. A look waits for one thing at a time, so that none takes it all. */
const serve = (): void => {
  for (const one of waiting) {
    try {
      const thread = available()
      if (thread === undefined) return
      thread.worker.ref()
      one.give(thread)
    } catch (error) {
      one.refuse(error)
    }
  }
}

/**
 * A thread of those that all looks share, two at the most; it keeps the process alive until it is given back. Rejects where none can be
 * started, and with the signal's reason where that is aborted before there is one.
 */
export const takeThread = (signal: AbortSignal | undefined): Promise<Thread> =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      release()
      waiting.delete(one)
    }
    const one: Waiting = {
      give: (thread) => {
        leave()
        resolve(thread)
      },
      refuse: (error) => {
        leave()
        reject(error)
      },
    }
    const release = onAbort(signal, () => one.refuse(signal?.reason))
    if (signal?.aborted === true) {
      one.refuse(signal.reason)
      return
    }
    waiting.add(one)
    serve()
  })

/** Gives a thread back that has done what it was given. It ends by itself when nobody needs it for five seconds. */
export const giveBack = (thread: Thread): void => {
  thread.worker.unref()
  idle.set(thread, setTimeout(() => endThread(thread), idleMs).unref())
  serve()
}

/** Ends a thread wherever it is. Another one takes its place when it is needed. */
export const endThread = (thread: Thread): void => {
  stopWaiting(thread)
  void thread.worker.terminate()
}
