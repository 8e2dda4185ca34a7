import { endAction, endSnapshot, listSnapshot } from './action-ends.ts'
import { beginImport, endImport, fetchFile } from './imports.ts'
import type { Step } from './step.ts'
import type { World } from './world.ts'

type Next = readonly Step[]

/** Does what a step is for, and tells what is to follow. `isCurrent` says whether it still may, which is asked again after a wait. */
const run = (world: World, step: Step, isCurrent: () => boolean): Next | Promise<Next> => {
  switch (step.kind) {
    case 'import-starts':
      return beginImport(world, step)
    case 'import-fetches':
      return fetchFile(world, step, isCurrent)
    case 'import-ends':
      return endImport(world, step)
    case 'action-ends':
      return endAction(world, step.action)
    case 'snapshot-ends':
      return endSnapshot(world, step)
    case 'snapshot-listed':
      return listSnapshot(world, step)
  }
}

/**
 * Does a step when its moment has come, and then what it plans, unless the emulator is closed or was put back to another state by
 * then. Until all of it is done it is among the world's steps, so that a state saved in the middle of it does it again.
 */
export const plan = (world: World, step: Step): void => {
  const timesSet = world.clock.timesSet()
  const isCurrent = (): boolean => !world.closing.aborted && world.clock.timesSet() === timesSet
  world.steps.add(step)
  world.clock.schedule(step.dueMs, async () => {
    if (!isCurrent()) return
    try {
      const outcome = run(world, step, isCurrent)
      // No wait where there is nothing to wait for: no state can be saved between a step and what follows it.
      const next = outcome instanceof Promise ? await outcome : outcome
      if (isCurrent()) for (const further of next) plan(world, further)
    } catch (failure) {
      world.failures.push(failure)
    }
    if (isCurrent()) world.steps.delete(step)
  })
}
