import type { VirtualClock } from './clock.ts'

/** A view of a clock whose moment can be set. The clock below stays as it is, for others who live by it. */
export interface SettableClock extends VirtualClock {
  /** Makes this the present moment, in virtual ms since the epoch. What is scheduled already comes when it would have come. */
  readonly set: (ms: number) => void
}

/** A view that shows the clock's own time until it is set. */
export const settableClock = (clock: VirtualClock): SettableClock => {
  let ahead = 0
  return {
    now: () => clock.now() + ahead,
    schedule: (atMs, task) => clock.schedule(atMs - ahead, task),
    advance: clock.advance,
    stop: clock.stop,
    set: (ms) => {
      ahead = ms - clock.now()
    },
  }
}
