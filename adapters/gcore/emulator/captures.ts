import type { CaptureRequest } from './capture-request.ts'
import { invalidFields, notFound } from './refusal.ts'
import { imageFromSeed } from './stored-image.ts'
import type { StoredTask } from './task-body.ts'
import { taskData } from './task-data.ts'
import type { VolumeSeed, World } from './world.ts'
import { later, moveTask, newTask } from './world.ts'

// In virtual ms from the request.
const startsAfter = 1_000

/** The volume of this id in this region. One that no server can boot from is refused. [SPEC: facts 2; the words are not published] */
export const volumeOf = (world: World, regionId: number, id: string): Required<VolumeSeed> => {
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
  volume: Required<VolumeSeed>,
  request: CaptureRequest,
  requestId: string,
): StoredTask => {
  const task = newTask(world, {
    task_type: 'create_image',
    region_id: volume.region_id,
    request_id: requestId,
    data: taskData(world, request.fields, { name: request.image.name, volume_id: volume.id }),
  })
  later(world, task.createdAtMs + startsAfter, () => moveTask(world, task, { state: 'RUNNING' }))
  later(world, task.createdAtMs + Math.max(startsAfter, world.settings.captureDuration), () => {
    const id = world.newId()
    const seed = {
      ...request.image,
      region_id: volume.region_id,
      os_distro: 'unknown',
      os_version: 'unknown',
      size: volume.size,
      min_disk: Math.ceil(volume.size / 2 ** 30),
      creator_task_id: task.id,
    }
    const defaults = { id, nowMs: world.clock.now(), visibility: world.settings.ownVisibility }
    world.images.set(id, { ...imageFromSeed(seed, defaults), tags: request.tags })
    moveTask(world, task, { state: 'FINISHED', images: [id] })
  })
  return task
}
