import type { PendingStep, Step } from './steps.ts'
import type { World } from './world.ts'

/** How steps come to pass. */
export interface Happening {
  /** Lets a step happen at a moment, in virtual ms since the epoch, unless the emulator is closed by then. */
  readonly later: (atMs: number, step: Step) => void
  /** Lets everything that the world has pending happen from now on, each in its time. */
  readonly resume: () => void
}

/** Lets the steps of a world happen; `perform` carries one out. */
export const happening = (world: World, perform: (step: Step) => void | Promise<void>): Happening => {
  const schedule = (pending: PendingStep): void => {
    world.clock.schedule(pending.atMs, async () => {
      // A step that is pending no more belonged to a state that has been replaced.
      if (world.closing.aborted || !world.pending.delete(pending)) return
      try {
        await perform(pending.step)
      } catch (failure) {
        world.failures.push(failure)
      }
    })
  }

  return {
    later: (atMs, step) => {
      const pending = { atMs, step }
      world.pending.add(pending)
      schedule(pending)
    },
    resume: () => {
      for (const pending of world.pending) schedule(pending)
    },
  }
}
