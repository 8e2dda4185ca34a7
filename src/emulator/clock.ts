import { checkAdvance, latestMoment } from './moment.ts'
import type { ScheduledTask } from './task-queue.ts'
import { taskQueue } from './task-queue.ts'

/** The time that an emulator lives in. Moments are milliseconds since the epoch, durations milliseconds, both virtual. */
export interface VirtualClock {
  /** The present moment, in whole virtual ms since the epoch. */
  readonly now: () => number
  /** Runs a task once when its moment has come (a moment in the past comes next). What it returns cancels it. */
  readonly schedule: (atMs: number, task: ScheduledTask) => () => void
  /**
   * Lets so many virtual ms pass at once. Tasks that fall due run strictly in time order, each awaited and each with `now()`
   * standing at its own moment, those included that are scheduled on the way. Calls take their turn; a task must not call it.
   * If tasks fail, time passes all the same and the first failure is thrown at the end. Rejects with a RangeError, and nothing
   * moves, where that is no duration or leads past the year 9999.
   */
  readonly advance: (ms: number) => Promise<void>
  /** Forgets every task and takes no more. */
  readonly stop: () => void
}

/** Where virtual time starts, in ms since the epoch: 2026-08-21T00:00:00Z. */
export const defaultStart = Date.UTC(2026, 7, 21)

/** Runs one piece of work after the other, in the order in which they were handed in. */
const inTurn = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <A>(work: () => Promise<A>): Promise<A> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

/** Runs what is due up to a moment. `stand` sets the time that the clock shows meanwhile. */
const runDue = async (
  queue: ReturnType<typeof taskQueue>,
  endMs: number,
  stand: (atMs: number) => void,
): Promise<void> => {
  const failures: unknown[] = []
  for (let task = queue.takeDue(endMs); task !== undefined; task = queue.takeDue(endMs)) {
    stand(task.atMs)
    try {
      await task.run()
    } catch (failure) {
      failures.push(failure)
    }
  }
  stand(endMs)
  if (failures.length > 0) throw failures[0]
}

/** A clock that stands still until it is advanced. `start` is in ms since the epoch. */
export const manualClock = ({ start = defaultStart }: { readonly start?: number } = {}): VirtualClock => {
  const queue = taskQueue()
  const oneByOne = inTurn()
  let time = start
  let stopped = false
  const stand = (atMs: number): void => {
    time = Math.max(time, atMs)
  }
  return {
    now: () => Math.floor(time),
    schedule: (atMs, task) => (stopped ? () => undefined : queue.add(Math.max(atMs, time), task)),
    advance: async (ms) => {
      await oneByOne(async () => {
        checkAdvance(time, ms)
        await runDue(queue, time + ms, stand)
      })
    },
    stop: () => {
      stopped = true
      queue.clear()
    },
  }
}

/** How a scaled clock runs. */
export interface ScaledClockOptions {
  /** Where it starts, in ms since the epoch. */
  readonly start?: number
  /** How many virtual ms pass in one real ms. More than 0. */
  readonly scale: number
  /** A steady reading of real time in ms, of any origin. `performance.now` by default. */
  readonly realNow?: () => number
}

/** The longest that one timer of the platform can run, in real ms. */
const longestTimer = 2 ** 31 - 1

/**
 * A clock that runs by itself, faster or slower than the real one, on timers that keep no process alive. It can be advanced
 * too, which first waits for the tasks under way. Tasks whose moment comes by itself do not wait for each other, so that a
 * slow one does not hold up time. A failure of one of those is an unhandled rejection.
 */
export const scaledClock = ({
  start = defaultStart,
  scale,
  realNow = () => performance.now(),
}: ScaledClockOptions): VirtualClock => {
  if (!(scale > 0 && Number.isFinite(scale))) throw new RangeError(`A clock cannot run ${scale} times as fast`)
  const queue = taskQueue()
  const oneByOne = inTurn()
  const underWay = new Set<Promise<void>>()
  let anchor = { virtual: start, real: realNow() }
  let standing: number | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const now = (): number =>
    Math.min(Math.floor(standing ?? anchor.virtual + (realNow() - anchor.real) * scale), latestMoment)

  const arm = (): void => {
    clearTimeout(timer)
    const next = queue.nextAt()
    if (next === undefined || standing !== undefined) return
    timer = setTimeout(runPassed, Math.min(Math.max(Math.ceil((next - now()) / scale), 0), longestTimer))
    timer.unref()
  }

  const runPassed = (): void => {
    if (standing !== undefined) return
    for (let task = queue.takeDue(now()); task !== undefined; task = queue.takeDue(now())) {
      // Not caught on purpose: see the contract.
      const work: Promise<void> = (async () => task.run())().finally(() => underWay.delete(work))
      underWay.add(work)
    }
    arm()
  }

  const jump = async (ms: number): Promise<void> => {
    while (underWay.size > 0) await Promise.allSettled(underWay)
    const from = now()
    checkAdvance(from, ms)
    let shown = from
    standing = from
    clearTimeout(timer)
    try {
      await runDue(queue, from + ms, (atMs) => {
        shown = Math.max(shown, atMs)
        standing = shown
      })
    } finally {
      anchor = { virtual: shown, real: realNow() }
      standing = undefined
      arm()
    }
  }

  return {
    now,
    schedule: (atMs, task) => {
      if (stopped) return () => undefined
      const remove = queue.add(Math.max(atMs, now()), task)
      arm()
      return remove
    },
    advance: async (ms) => {
      await oneByOne(() => jump(ms))
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
      queue.clear()
    },
  }
}
