import { setImmediate as turn } from 'node:timers/promises'
import type { Runtime } from 'imageferry'
import type { VirtualClock } from '../src/emulator/clock.ts'
import { defaultStart } from '../src/emulator/clock.ts'
import { taskQueue } from '../src/emulator/task-queue.ts'
import { seededRandom } from '../src/model/seeded-random.ts'
import { holdRequests } from './held-requests.ts'
import { watchLoopback } from './loopback-traffic.ts'

/** Time for clients and servers of one process that talk over HTTP. Moments and durations are virtual milliseconds. */
export interface SimulatedTime {
  /** For servers. */
  readonly clock: VirtualClock
  /** For clients: all that sleep or time something at once are woken in the order of their moments, and none makes time pass. */
  readonly runtime: Runtime
  /**
   * Lets time pass until the work has ended, and gives what comes of it. Throws where nothing is left to happen and the work has
   * not ended, or where it takes longer than `limitMs`.
   */
  readonly run: <A>(work: Promise<A>, limitMs: number) => Promise<A>
  /** How many sleeps and timers of clients are outstanding. */
  readonly outstanding: () => number
  /** How many connections are open. */
  readonly connections: () => number
  /** Lets requests leave as they like again, and forgets what was to come. To be called once, in the end. */
  readonly stop: () => void
}

/** How many turns of the event loop nothing may move before the work of all is taken to be done: promises need one, streams a few. */
const quietTurns = 4

/** How long something may be on its way for real, in milliseconds, before it is taken to go on for ever. */
const longestMovement = 60_000

/**
 * Time that passes only where nothing else can happen: no byte is on its way between client and server, and everybody waits for some
 * moment. Then it stands at the next of those. Requests leave one by one, in an order that is drawn from the seed, so that the same
 * seed gives the same run however the machine is busy, and another seed another order. One at a time in a process.
 */
export const simulatedTime = (seed: number): SimulatedTime => {
  const random = seededRandom(seed)
  const queue = taskQueue()
  const traffic = watchLoopback()
  const requests = holdRequests()
  let nowMs = defaultStart
  let outstanding = 0

  const schedule: VirtualClock['schedule'] = (atMs, task) => queue.add(Math.max(atMs, nowMs), task)

  /** Comes when everything that can happen at this moment has. */
  const quiet = async (): Promise<void> => {
    const begun = performance.now()
    for (let still = 0; still < quietTurns; still = traffic.isMoving() ? 0 : still + 1) {
      if (performance.now() - begun > longestMovement) throw new Error('Something is on its way for ever')
      await turn()
    }
  }

  const settle = async (): Promise<void> => {
    do await quiet()
    while (requests.release((count) => Math.floor(random() * count)))
  }

  const run = async <A>(work: Promise<A>, limitMs: number): Promise<A> => {
    const endMs = nowMs + limitMs
    let ended = false
    const end = (): void => {
      ended = true
    }
    work.then(end, end)
    for (;;) {
      await settle()
      if (ended) return work
      const task = queue.takeDue(endMs)
      if (task === undefined)
        throw new Error(
          queue.nextAt() === undefined
            ? 'It has not ended, and nothing is left to happen'
            : `It has not ended after ${limitMs} ms`,
        )
      nowMs = Math.max(nowMs, task.atMs)
      // Not awaited: it may wait for requests of its own, which leave when time stands still.
      void task.run()
    }
  }

  const timer: Runtime['timer'] = (milliseconds, expire) => {
    let isOver = false
    const over = (): void => {
      if (!isOver) outstanding -= 1
      isOver = true
    }
    outstanding += 1
    const cancel = schedule(nowMs + milliseconds, () => {
      over()
      expire()
    })
    return () => {
      over()
      cancel()
    }
  }

  const sleep: Runtime['sleep'] = (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason)
        return
      }
      const stop = (): void => {
        cancel()
        reject(signal?.reason)
      }
      const cancel = timer(milliseconds, () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      })
      signal?.addEventListener('abort', stop, { once: true })
    })

  const pass = (milliseconds: number): Promise<void> =>
    run(new Promise((resolve) => void schedule(nowMs + milliseconds, resolve)), milliseconds)

  return {
    clock: { now: () => Math.floor(nowMs), schedule, advance: pass, stop: queue.clear },
    runtime: { now: () => Math.floor(nowMs), sleep, timer, random },
    run,
    outstanding: () => outstanding,
    connections: traffic.open,
    stop: () => {
      queue.clear()
      requests.stop()
      traffic.stop()
    },
  }
}
