import type { Identifiers } from '../../../src/emulator/identifiers.ts'
import type { SettableClock } from '../../../src/emulator/settable-clock.ts'
import { notFound } from './refusal.ts'
import type { StoredRegion } from './regions.ts'
import { regionById } from './regions.ts'
import type { ListRules, Settings } from './settings.ts'
import type { PendingStep } from './steps.ts'
import type { StoredCapture } from './stored-capture.ts'
import type { GpuNamespace, StoredImage } from './stored-image.ts'
import type { StoredImport } from './stored-import.ts'
import type { StoredLimitsRequest } from './stored-limits-request.ts'
import type { StoredTask } from './task-body.ts'

/** A volume, as far as images can be made of it. */
export interface VolumeSeed {
  /** A UUID; a new one unless told. */
  readonly id?: string
  /** Region 76 unless told. */
  readonly region_id?: number
  /** Whether a server can boot from it: `true` unless told. Images are made of such volumes only. [SPEC: facts 2] */
  readonly bootable?: boolean
  /** In bytes; 5 GiB unless told. */
  readonly size?: number
}

/** A volume as the emulator keeps it. */
export type StoredVolume = Required<VolumeSeed>

/** Everything that an emulator knows at a moment. What stands here and is no function, clock or signal is its state. */
export interface World {
  readonly settings: Settings
  readonly clock: SettableClock
  /** Ids of what is made, from the seed. */
  readonly ids: Identifiers
  /** Ids of requests: from a source of their own, so that reading does not change the ids of what is made. */
  readonly requestIds: Identifiers
  /** Aborted when the emulator closes, so that no import outlives it. */
  readonly closing: AbortSignal
  /** Bugs that were caught. */
  readonly failures: unknown[]
  readonly images: Map<string, StoredImage>
  /** In order of creation. */
  readonly tasks: Map<string, StoredTask>
  readonly volumes: Map<string, StoredVolume>
  /** The imports that have not ended, by their tasks, in the order in which they were accepted. */
  readonly imports: Map<string, StoredImport>
  /** The captures that have not ended, by their tasks. */
  readonly captures: Map<string, StoredCapture>
  /** What is going to happen, in the order in which it was decided. */
  readonly pending: Set<PendingStep>
  /** Requests for higher limits by their ids, those that were taken back too. */
  readonly limitsRequests: Map<number, StoredLimitsRequest>
  /** Regions that answer with nothing but a status. */
  readonly failingRegions: Map<number, number>
}

/** The region of a path. Fails with the provider's 404 where there is none, or for another project. [PD:error-handling] */
export const regionOf = (world: World, projectId: number, regionId: number): StoredRegion => {
  if (projectId !== world.settings.projectId) throw notFound('Project', projectId)
  const region = regionById(regionId)
  if (region === undefined) throw notFound('Region', regionId)
  return region
}

const byId = (a: StoredImage, b: StoredImage): number => (a.id < b.id ? -1 : 1)

const orders: Readonly<Record<ListRules['listOrder'], (a: StoredImage, b: StoredImage) => number>> = {
  newest: (a, b) => b.createdAtMs - a.createdAtMs || byId(a, b),
  oldest: (a, b) => a.createdAtMs - b.createdAtMs || byId(a, b),
  id: byId,
}

/** The images of one region: those of a namespace of GPU images, or all others. Their order is an option. */
export const imagesIn = (
  world: World,
  regionId: number,
  gpuNamespace: GpuNamespace | null = null,
): readonly StoredImage[] =>
  [...world.images.values()]
    .filter((image) => image.region_id === regionId && image.gpuNamespace === gpuNamespace)
    .filter(({ visibleFromMs }) => visibleFromMs <= world.clock.now())
    .sort(orders[world.settings.listOrder])

/** The image of this id in this region and namespace. Ids of one mean nothing in another. [facts 8] */
export const imageOf = (
  world: World,
  regionId: number,
  id: string,
  gpuNamespace: GpuNamespace | null = null,
): StoredImage => {
  const image = world.images.get(id)
  const isThere =
    image?.region_id === regionId && image.gpuNamespace === gpuNamespace && image.visibleFromMs <= world.clock.now()
  if (image === undefined || !isThere) throw notFound('Image', id)
  return image
}

/** A new task in state NEW. */
export const newTask = (
  world: World,
  given: Pick<StoredTask, 'task_type' | 'region_id' | 'request_id' | 'data'>,
): StoredTask => {
  const task: StoredTask = {
    ...given,
    id: world.ids.uuid(),
    listedFromMs: world.clock.now() + world.settings.taskListLag,
    createdAtMs: world.clock.now(),
    state: 'NEW',
    error: null,
    images: null,
    updatedAtMs: null,
    finishedAtMs: null,
    acknowledgedAtMs: null,
  }
  world.tasks.set(task.id, task)
  return task
}

/** Moves a task on and notes when. A failed one has no time of finishing, as in the field. [facts 4.1] */
export const moveTask = (
  world: World,
  task: StoredTask,
  change: Pick<StoredTask, 'state'> & Partial<Pick<StoredTask, 'error' | 'images'>>,
): void => {
  Object.assign(task, change, { updatedAtMs: world.clock.now() })
  if (change.state === 'FINISHED') task.finishedAtMs = world.clock.now()
}

/** The task of a step. It is there, since tasks are never removed. */
export const taskOf = (world: World, id: string): StoredTask => {
  const task = world.tasks.get(id)
  if (task === undefined) throw new Error(`There is no task ${id}`)
  return task
}
