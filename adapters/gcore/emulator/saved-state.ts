import type { Happening } from './happening.ts'
import { type GcoreState, stateProblem } from './state-checks.ts'
import type { PendingStep } from './steps.ts'
import type { World } from './world.ts'

/** A state out of JSON, as a copy. Throws an Error that names what is wrong. */
const readState = (json: unknown): GcoreState => {
  const problem = stateProblem(json)
  if (problem !== undefined) throw new Error(`state: ${problem}`)
  return structuredClone(json) as GcoreState
}

/** Whether a step still has its image: of one that was deleted while it settled nothing is to come. */
const hasItsImage = ({ images }: World, { step }: PendingStep): boolean =>
  step.kind !== 'settle' || images.has(step.image)

/** Everything that a world knows, as a copy. */
export const saveState = (world: World): GcoreState =>
  structuredClone({
    provider: 'gcore',
    version: 1,
    nowMs: world.clock.now(),
    ids: world.ids.save(),
    requestIds: world.requestIds.save(),
    images: [...world.images.values()],
    tasks: [...world.tasks.values()],
    volumes: [...world.volumes.values()],
    imports: [...world.imports.values()],
    captures: [...world.captures.values()],
    limitsRequests: [...world.limitsRequests.values()],
    pending: [...world.pending].filter((pending) => hasItsImage(world, pending)),
    failingRegions: [...world.failingRegions],
  })

const refill = <Key, Value>(map: Map<Key, Value>, values: readonly Value[], keyOf: (value: Value) => Key): void => {
  map.clear()
  for (const value of values) map.set(keyOf(value), value)
}

/**
 * Puts a world back to what was saved, its time included, and lets what was under way go on. A file that was being fetched is
 * fetched once more.
 */
export const restoreState = (world: World, { resume }: Happening, json: unknown): void => {
  const state = readState(json)
  world.clock.set(state.nowMs)
  world.ids.restore(state.ids)
  world.requestIds.restore(state.requestIds)
  refill(world.images, state.images, ({ id }) => id)
  refill(world.tasks, state.tasks, ({ id }) => id)
  refill(world.volumes, state.volumes, ({ id }) => id)
  refill(world.imports, state.imports, ({ task }) => task)
  refill(world.captures, state.captures, ({ task }) => task)
  refill(world.limitsRequests, state.limitsRequests, ({ id }) => id)
  world.failingRegions.clear()
  for (const [regionId, status] of state.failingRegions) world.failingRegions.set(regionId, status)
  world.pending.clear()
  for (const { task, phase } of state.imports)
    if (phase === 'fetching') world.pending.add({ atMs: state.nowMs, step: { kind: 'fetch', task } })
  for (const pending of state.pending) world.pending.add(pending)
  resume()
}
