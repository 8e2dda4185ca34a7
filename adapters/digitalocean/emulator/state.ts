import { disagreement } from './disagreement.ts'
import { readState, type SavedState, stateFormat } from './saved-state.ts'
import { isOfImport, type Step } from './step.ts'
import { plan } from './steps.ts'
import type { World } from './world.ts'

/** Whether an import still has its image. One that was deleted meanwhile has nothing to come, and no other state needs to hear of it. */
const hasItsImage = ({ images }: World, step: Step): boolean => !isOfImport(step) || images.has(step.image)

/** Everything the emulator knows, as JSON. A copy: what happens later does not change it. */
export const saveState = (world: World): SavedState =>
  structuredClone({
    format: stateFormat,
    nowMs: world.clock.now(),
    random: world.ids.save(),
    lastIds: { image: world.imageIds.last(), action: world.actionIds.last(), droplet: world.dropletIds.last() },
    images: [...world.images.values()],
    droplets: [...world.droplets.values()],
    volumeSnapshots: [...world.volumeSnapshots.values()],
    actions: [...world.actions.values()],
    tags: world.tags.save(),
    requestTimes: world.requestTimes,
    steps: [...world.steps].filter((step) => hasItsImage(world, step)),
  })

const refill = <Key, Value>(map: Map<Key, Value>, values: readonly Value[], keyOf: (value: Value) => Key): void => {
  map.clear()
  for (const value of values) map.set(keyOf(value), value)
}

/**
 * Puts the world back to a saved state, its time included, whatever the clock below shows; what was planned since then is void, and
 * what was planned at that time is planned again. Throws an Error that says what is wrong with the state, and changes nothing then.
 */
export const restoreState = (world: World, json: unknown): void => {
  const saved = structuredClone(readState(json))
  const problem = disagreement(saved)
  if (problem !== undefined) throw new Error(problem)
  world.clock.set(saved.nowMs)
  world.ids.restore(saved.random)
  world.imageIds.restore(saved.lastIds.image)
  world.actionIds.restore(saved.lastIds.action)
  world.dropletIds.restore(saved.lastIds.droplet)
  refill(world.images, saved.images, ({ id }) => id)
  refill(world.droplets, saved.droplets, ({ id }) => id)
  refill(world.volumeSnapshots, saved.volumeSnapshots, ({ id }) => id)
  refill(world.actions, saved.actions, ({ id }) => id)
  world.tags.restore(saved.tags)
  world.requestTimes.splice(0, world.requestTimes.length, ...saved.requestTimes)
  world.steps.clear()
  for (const step of saved.steps) plan(world, step)
}
