import type { CaptureRequest } from './capture-request.ts'
import type { Happening } from './happening.ts'
import { invalidFields, notFound } from './refusal.ts'
import { imageFromSeed, unsetText } from './stored-image.ts'
import type { StoredTask } from './task-body.ts'
import { taskData } from './task-data.ts'
import type { StoredVolume, World } from './world.ts'
import { moveTask, newTask, taskOf } from './world.ts'

// In virtual ms from the request.
const startsAfter = 1_000

/** The volume of this id in this region. One that no server can boot from is refused. [SPEC: facts 2; the words are not published] */
export const volumeOf = (world: World, regionId: number, id: string): StoredVolume => {
  const volume = world.volumes.get(id)
  if (volume === undefined || volume.region_id !== regionId) throw notFound('Volume', id)
  if (!volume.bootable) throw invalidFields({ volume_id: [`Volume ${id} is not bootable`] })
  return volume
}

/**
 * Takes the making of an image from a volume on as a task. It waits for the image itself: when the task is FINISHED, the image can
 * be used. [PY a58f2bae: facts 4.2]
 */
export const captureVolume = (
  world: World,
  { later }: Pick<Happening, 'later'>,
  volume: StoredVolume,
  { fields, image, tags }: CaptureRequest,
  requestId: string,
): StoredTask => {
  const task = newTask(world, {
    task_type: 'create_image',
    region_id: volume.region_id,
    request_id: requestId,
    data: taskData(world, fields, { name: image.name, volume_id: volume.id }),
  })
  world.captures.set(task.id, { task: task.id, size: volume.size, image, tags })
  later(task.createdAtMs + startsAfter, { kind: 'begin-task', task: task.id })
  later(task.createdAtMs + Math.max(startsAfter, world.settings.captureDuration), {
    kind: 'finish-capture',
    task: task.id,
  })
  return task
}

/** The image of a capture is there and its task has ended. */
export const finishCapture = (world: World, taskId: string): void => {
  const capture = world.captures.get(taskId)
  if (capture === undefined) return
  world.captures.delete(taskId)
  const task = taskOf(world, taskId)
  const id = world.ids.uuid()
  const unset = world.settings.unsetOs
  const seed = {
    ...capture.image,
    region_id: task.region_id,
    os_distro: unsetText(unset),
    os_version: unsetText(unset),
    size: capture.size,
    min_disk: Math.ceil(capture.size / 2 ** 30),
    creator_task_id: taskId,
  }
  const defaults = { id, nowMs: world.clock.now(), visibility: world.settings.ownVisibility }
  world.images.set(id, { ...imageFromSeed(seed, defaults), tags: capture.tags })
  moveTask(world, task, { state: 'FINISHED', images: [id] })
}
