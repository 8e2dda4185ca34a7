import { type Runtime, systemRuntime } from 'imageferry'

/** Time that the test owns: it passes when the test says so, and timers whose moment has come expire then. */
export interface ManualTime {
  readonly runtime: Runtime
  readonly advance: (milliseconds: number) => void
  /** How many timers have neither expired nor been canceled. */
  readonly outstanding: () => number
}

export const manualTime = (): ManualTime => {
  const timers = new Map<symbol, { readonly atMs: number; readonly expire: () => void }>()
  let nowMs = 1_000_000

  return {
    runtime: {
      ...systemRuntime,
      now: () => nowMs,
      timer: (milliseconds, expire) => {
        const id = Symbol('timer')
        timers.set(id, { atMs: nowMs + milliseconds, expire })
        return () => void timers.delete(id)
      },
    },
    advance: (milliseconds) => {
      nowMs += milliseconds
      for (const [id, { atMs, expire }] of timers) {
        if (atMs > nowMs) continue
        timers.delete(id)
        expire()
      }
    },
    outstanding: () => timers.size,
  }
}
