import type { ImageStore, Runtime } from 'imageferry'
import type { VirtualClock } from '../src/emulator/clock.ts'
import type { FaultPlan } from '../src/emulator/fault-plan.ts'
import { aroundEachMember } from '../src/flow/each-member.ts'
import { memberOf } from '../src/store/member.ts'
import { virtualRuntime } from './virtual-runtime.ts'

/** A runtime on a time that the test owns, time-outs included. */
export const timedRuntime = (clock: VirtualClock): Runtime => ({
  ...virtualRuntime(clock),
  timer: (milliseconds, expire) => clock.schedule(clock.now() + milliseconds, expire),
})

/** Tells of something that comes. */
const arrival = () => {
  let arrive = (): void => undefined
  return {
    note: () => arrive(),
    next: () =>
      new Promise<void>((resolve) => {
        arrive = resolve
      }),
  }
}

/**
 * Holds the answers of an emulator back that lives by the clock that is given back: an answer that waits is due at some time,
 * so that its request has come as soon as that time is set.
 */
export const holding = (clock: VirtualClock) => {
  const arrived = arrival()
  return {
    clock: {
      ...clock,
      schedule: (...due: Parameters<VirtualClock['schedule']>) => {
        arrived.note()
        return clock.schedule(...due)
      },
    },
    holdAnswers: (faults: FaultPlan) => (delayMs: number) => {
      const next = arrived.next()
      faults.script({ fault: { kind: 'slow', delayMs }, times: Number.MAX_SAFE_INTEGER })
      return next
    },
  }
}

/** A store without a provider whose answers can be held back all the same. */
export const heldStore = (clock: VirtualClock, runtime: Runtime, store: ImageStore) => {
  const arrived = arrival()
  const member = memberOf({ name: store.name, capabilities: store.capabilities, runtime })
  let heldMs = 0
  const passed = (): Promise<void> =>
    new Promise((resolve) => {
      clock.schedule(clock.now() + heldMs, resolve)
      arrived.note()
    })
  return {
    holdAnswers: (milliseconds: number) => {
      heldMs = milliseconds
      return arrived.next()
    },
    store: aroundEachMember(store, (operation, options, run) =>
      heldMs === 0
        ? run(options)
        : member(operation, options, ({ signal }) => async () => {
            const result = await run({ ...options, signal })()
            await passed()
            return result
          }),
    ),
  }
}
