/** What a clock of work goes by, in milliseconds; the machine's own unless told. */
export interface Clocks {
  readonly wall: () => number
  /** The time that this process has spent on processors. */
  readonly processor: () => number
}

const machine: Clocks = {
  wall: () => performance.now(),
  processor: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/** However little of the machine is left to this process, a fifth of the time that goes by counts. */
const leastShare = 0.2

/**
 * A clock of the work that is done in this process, in milliseconds, so that what is found out does not depend on what else a machine does:
 * it goes by no faster than time, and stands nearly still while the process waits for a processor.
 */
export const workClock = ({ wall, processor }: Clocks = machine): (() => number) => {
  let last = { wall: wall(), processor: processor() }
  let now = 0
  return () => {
    const next = { wall: wall(), processor: processor() }
    const passed = next.wall - last.wall
    now += Math.max(Math.min(passed, next.processor - last.processor), passed * leastShare)
    last = next
    return now
  }
}
