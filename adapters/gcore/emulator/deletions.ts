import { conflict, forbidden } from './refusal.ts'
import type { StoredImage } from './stored-image.ts'
import type { StoredTask } from './task-body.ts'
import type { World } from './world.ts'
import { later, moveTask, newTask } from './world.ts'

// In virtual ms from the request; the image is gone when the task is FINISHED. [TF2 CheckDestroy: facts 4.5]
const startsAfter = 1_000
const finishesAfter = 4_000

/** Refuses a change of an image that is not the project's, or that a task holds. */
export const checkMayChange = (image: StoredImage): void => {
  if (!image.own) throw forbidden(`You have no permission to change image ${image.id}`)
  // Which error a locked image gives is unconfirmed; a conflict is what it is. [facts 4.8]
  if (image.task_id !== null) throw conflict(`Image ${image.id} is locked by task ${image.task_id}`)
  // That one which the store underneath is about to delete is refused as well is unconfirmed. [facts 4.3]
  if (image.status === 'pending_delete') throw conflict(`Image ${image.id} is being deleted`)
}

const deletionType = ({ settings }: World, { gpuNamespace }: StoredImage): string =>
  gpuNamespace === null ? 'delete_image' : settings.gpuTaskTypes.remove.replace('*', gpuNamespace)

/**
 * Takes the deletion of an image on as a task, which locks it. An image in use is refused with 409, however it is stored.
 * [LAN 1deb0bf: facts 4.2]
 */
export const deleteImage = (world: World, image: StoredImage, requestId: string): StoredTask => {
  checkMayChange(image)
  if (image.inUse) throw conflict(`Image ${image.id} is in use by volumes that were created from it`)
  const task = newTask(world, {
    task_type: deletionType(world, image),
    region_id: image.region_id,
    request_id: requestId,
    // What a task of a GPU image tells of it is not published; it tells nothing here.
    data: image.gpuNamespace === null ? { image_id: image.id } : {},
  })
  image.task_id = task.id
  later(world, task.createdAtMs + startsAfter, () => moveTask(world, task, { state: 'RUNNING' }))
  later(world, task.createdAtMs + finishesAfter, () => {
    world.images.delete(image.id)
    moveTask(world, task, { state: 'FINISHED' })
  })
  return task
}
