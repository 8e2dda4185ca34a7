import type { StoredAction } from './action-body.ts'
import { addImage } from './adding.ts'
import type { SnapshotOrder, Step } from './step.ts'
import { type StoredImage, timestamp } from './stored-image.ts'
import { changeImage, type World } from './world.ts'

const errored = (world: World, action: StoredAction): readonly Step[] => {
  world.actions.set(action.id, { ...action, status: 'errored' })
  return []
}

const completed = (world: World, action: StoredAction): void =>
  void world.actions.set(action.id, { ...action, status: 'completed', completedAtMs: world.clock.now() })

const changeOf = ({ type, region }: StoredAction, { regions }: StoredImage): Partial<StoredImage> => {
  if (type === 'convert') return { type: 'snapshot' }
  return region === undefined || regions.includes(region) ? {} : { regions: [...regions, region] }
}

/** Ends a transfer or a conversion: errored if the image is gone, and if everything is to end so. */
export const endAction = (world: World, id: number): readonly Step[] => {
  const action = world.actions.get(id)
  if (action === undefined) return []
  const image = world.images.get(action.resourceId)
  if (image === undefined || image.status === 'deleted' || world.settings.actionsEnd === 'errored')
    return errored(world, action)
  changeImage(world, image.id, changeOf(action, image))
  completed(world, action)
  return []
}

/** The image of a snapshot of a Droplet: its `created_at` is the action's `started_at`. [TF:resource_droplet_snapshot.go] */
export const addSnapshot = (world: World, action: StoredAction, name: string): StoredImage =>
  addImage(world, {
    name,
    regions: action.region === undefined ? [] : [action.region],
    created_at: timestamp(action.startedAtMs),
    droplet: action.resourceId,
  })

/** Puts the image of a snapshot that has ended among the images. */
export const listSnapshot = (world: World, { action: id, name }: SnapshotOrder): readonly Step[] => {
  const action = world.actions.get(id)
  if (action !== undefined) addSnapshot(world, action, name)
  return []
}

/** Ends a snapshot: errored if the Droplet is gone, and if everything is to end so. */
export const endSnapshot = (world: World, order: SnapshotOrder): readonly Step[] => {
  const action = world.actions.get(order.action)
  if (action === undefined) return []
  const { snapshotListedAfter, actionsEnd } = world.settings
  if (!world.droplets.has(action.resourceId) || actionsEnd === 'errored') {
    if (order.image !== undefined) world.images.delete(order.image)
    return errored(world, action)
  }
  completed(world, action)
  if (order.image !== undefined) {
    changeImage(world, order.image, { status: 'available' })
    return []
  }
  if (snapshotListedAfter === 0) return listSnapshot(world, order)
  return [{ ...order, kind: 'snapshot-listed', dueMs: world.clock.now() + snapshotListedAfter }]
}
