import type { VirtualClock } from './clock.ts'
import { checkAdvance, latestMoment } from './moment.ts'

/** A view of a clock whose moment can be set. The clock below stays as it is, for others who live by it. */
export interface SettableClock extends VirtualClock {
  /** Makes this the present moment, in virtual ms since the epoch. What is scheduled already comes when it would have come. */
  readonly set: (ms: number) => void
  /** How often it was set: what was planned under another number belongs to a world that has been replaced. */
  readonly timesSet: () => number
}

/** A view that shows the clock's own time until it is set. */
export const settableClock = (clock: VirtualClock): SettableClock => {
  let ahead = 0
  let timesSet = 0
  const now = (): number => Math.min(clock.now() + ahead, latestMoment)
  return {
    now,
    schedule: (atMs, task) => clock.schedule(atMs - ahead, task),
    advance: async (ms) => {
      checkAdvance(now(), ms)
      await clock.advance(ms)
    },
    stop: clock.stop,
    set: (ms) => {
      ahead = ms - clock.now()
      timesSet += 1
    },
    timesSet: () => timesSet,
  }
}
