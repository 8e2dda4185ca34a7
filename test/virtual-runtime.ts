import { type Runtime, systemRuntime } from 'imageferry'

/** A runtime on a time that the test owns: to sleep is to let that time pass. */
export const virtualRuntime = (clock: {
  readonly now: () => number
  readonly advance: (milliseconds: number) => Promise<void>
}): Runtime => ({
  ...systemRuntime,
  now: clock.now,
  sleep: async (milliseconds, signal) => {
    signal?.throwIfAborted()
    await clock.advance(milliseconds)
  },
  random: () => 0.5,
})
