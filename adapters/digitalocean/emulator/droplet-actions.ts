import type { StoredAction } from './action-body.ts'
import { addSnapshot } from './action-ends.ts'
import { type Refusal, unprocessable } from './reply.ts'
import { plan } from './steps.ts'
import type { StoredDroplet } from './stored-droplet.ts'
import { changeImage, type World } from './world.ts'

/** The action that a Droplet is busy with: it runs one at a time, and is locked meanwhile. [I:hashicorp/packer#1859; PK:wait.go] */
export const pendingAction = ({ actions }: World, droplet: number): StoredAction | undefined =>
  [...actions.values()].find(
    (action) => action.resourceType === 'droplet' && action.resourceId === droplet && action.status === 'in-progress',
  )

/** The name of a snapshot that was given none: the Droplet's, and when it was. [EX:spec.droplet.snapshots.list] */
const usualName = ({ name }: StoredDroplet, atMs: number): string => `${name}-${atMs}`

/**
 * Begins a snapshot of a Droplet. Nothing of it is in any list before it is done; then it is an image whose `created_at` is the
 * action's `started_at`. It ends errored if the Droplet is gone by then.
 * [I:hashicorp/packer#1814, #2008; github.com/jtackaberry/do-snapshot README; TF:resource_droplet_snapshot.go]
 */
export const startSnapshot = (world: World, droplet: StoredDroplet, name: unknown): StoredAction | Refusal => {
  // What is refused is as the text is: the provider's own.
  if (pendingAction(world, droplet.id) !== undefined) return unprocessable('Droplet already has a pending event.')
  if (name !== undefined && name !== null && typeof name !== 'string') return unprocessable('name is not a string')
  const startedAtMs = world.clock.now()
  const action: StoredAction = {
    id: world.actionIds.next(),
    type: 'snapshot',
    status: 'in-progress',
    resourceType: 'droplet',
    resourceId: droplet.id,
    region: droplet.region,
    startedAtMs,
    completedAtMs: null,
  }
  world.actions.set(action.id, action)
  const order = { action: action.id, name: name ?? usualName(droplet, startedAtMs) }
  const early =
    world.settings.unfinishedSnapshots === 'listed-pending' ? addSnapshot(world, action, order.name) : undefined
  if (early !== undefined) changeImage(world, early.id, { status: 'pending' })
  plan(world, {
    kind: 'snapshot-ends',
    ...order,
    ...(early !== undefined && { image: early.id }),
    dueMs: startedAtMs + world.settings.snapshotDuration,
  })
  return action
}
