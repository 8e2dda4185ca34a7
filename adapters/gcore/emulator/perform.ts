import { finishCapture } from './captures.ts'
import { settleImage } from './imported-image.ts'
import type { Imports } from './imports.ts'
import type { Step } from './steps.ts'
import type { World } from './world.ts'
import { moveTask, taskOf } from './world.ts'

/** The image that a deletion has locked goes with its task. */
const finishDeletion = (world: World, taskId: string): void => {
  for (const image of world.images.values()) if (image.task_id === taskId) world.images.delete(image.id)
  moveTask(world, taskOf(world, taskId), { state: 'FINISHED', images: [] })
}

/** Carries the steps of a world out. */
export const performerOf =
  (world: World, imports: Imports) =>
  (step: Step): void | Promise<void> => {
    switch (step.kind) {
      case 'begin-task':
        return moveTask(world, taskOf(world, step.task), { state: 'RUNNING' })
      case 'start-imports':
        return imports.startWaiting()
      case 'fetch':
        return imports.fetch(step.task)
      case 'give-up':
        return imports.giveUp(step.task)
      case 'finish-import':
        return imports.finish(step.task)
      case 'fail-import':
        return imports.fail(step.task)
      case 'settle':
        return settleImage(world, step.image, { status: step.status, size: step.size })
      case 'finish-capture':
        return finishCapture(world, step.task)
      case 'finish-deletion':
        return finishDeletion(world, step.task)
    }
  }
