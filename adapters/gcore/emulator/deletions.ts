import type { Happening } from './happening.ts'
import { conflict, forbidden, lockedRefusal } from './refusal.ts'
import type { StoredImage } from './stored-image.ts'
import type { StoredTask } from './task-body.ts'
import type { World } from './world.ts'
import { newTask } from './world.ts'

// In virtual ms from the request; the image is gone when the task is FINISHED. [TF2 CheckDestroy: facts 4.5]
const startsAfter = 1_000
const finishesAfter = 4_000

/** Refuses a change of an image that is not the project's, or that a task holds. */
export const checkMayChange = ({ settings }: World, image: StoredImage): void => {
  if (!image.own) throw forbidden(`You have no permission to change image ${image.id}`)
  // Which error a locked image gives is unconfirmed; a conflict is likely. [facts 4.8]
  if (image.task_id !== null)
    throw lockedRefusal(settings.lockStatus, `Image ${image.id} is locked by task ${image.task_id}`)
  // That one which the store underneath is about to delete is refused as well is unconfirmed. [facts 4.3]
  if (image.status === 'pending_delete') throw lockedRefusal(settings.lockStatus, `Image ${image.id} is being deleted`)
}

const deletionType = ({ settings }: World, { gpuNamespace }: StoredImage): string =>
  gpuNamespace === null ? 'delete_image' : settings.gpuTaskTypes.remove.replace('*', gpuNamespace)

/** Stored raw, an image is what its volumes are made of; stored as qcow2 it is copied, says a guide, and a user saw otherwise. */
const mayNotGo = ({ settings }: World, { inUse, disk_format }: StoredImage): boolean =>
  inUse && (settings.standardInUse === 'refused' || disk_format === 'raw')

/**
 * Takes the deletion of an image on as a task, which locks it. An image in use is refused with 409, by default however it is
 * stored. [LAN 1deb0bf: facts 4.2]
 */
export const deleteImage = (
  world: World,
  { later }: Pick<Happening, 'later'>,
  image: StoredImage,
  requestId: string,
): StoredTask => {
  checkMayChange(world, image)
  if (mayNotGo(world, image)) throw conflict(`Image ${image.id} is in use by volumes that were created from it`)
  const task = newTask(world, {
    task_type: deletionType(world, image),
    region_id: image.region_id,
    request_id: requestId,
    // What a task of a GPU image tells of it is not published; it tells nothing here.
    data: image.gpuNamespace === null ? { image_id: image.id } : {},
  })
  image.task_id = task.id
  later(task.createdAtMs + startsAfter, { kind: 'begin-task', task: task.id })
  later(task.createdAtMs + finishesAfter, { kind: 'finish-deletion', task: task.id })
  return task
}
