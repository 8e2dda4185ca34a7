import type { VirtualClock } from '../../../src/emulator/clock.ts'
import type { ImageBodyStyle } from './image-body.ts'
import { notFound } from './refusal.ts'
import type { StoredRegion } from './regions.ts'
import { regionById } from './regions.ts'
import type { GpuNamespace, StoredImage } from './stored-image.ts'
import type { StoredTask } from './task-body.ts'

/** What a project may have in one region. */
export interface ImageQuota {
  /** How many images. */
  readonly images: number
  /** How large they may be together, in bytes. */
  readonly bytes: number
}

/** What the tasks of GPU images are called. */
export interface GpuTaskTypes {
  /** Of an import, with the namespace's word in place of `*`. */
  readonly upload: string
  /** Of a deletion, likewise. */
  readonly remove: string
}

/** A project of the client beside the one that the images are in. */
export interface ProjectSeed {
  readonly id: number
  readonly name: string
  /** `ACTIVE` unless told. The other words are not published. [SPEC ProjectSerializer] */
  readonly state?: string
  readonly deleted?: boolean
}

/** What the tasks that make images tell of their request. */
export type TaskData = 'full' | 'name-and-url' | 'none'

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

/** How this emulator behaves, with nothing left open. Durations are in virtual ms. */
export interface Settings extends ImageBodyStyle {
  readonly importDuration: number
  readonly settleDuration: number
  readonly concurrentImports: number
  readonly pagination: 'honoured' | 'ignored'
  readonly filters: 'honoured' | 'ignored'
  readonly ownVisibility: 'private' | 'shared'
  readonly bareMetalInProjectImages: boolean
  readonly bareMetalInImages: boolean
  readonly gpuReadLag: number
  readonly gpuTaskTypes: GpuTaskTypes
  readonly quota: Readonly<Record<number, ImageQuota>>
  readonly projectName: string
  readonly furtherProjects: readonly ProjectSeed[]
  readonly taskData: TaskData
  readonly captureDuration: number
}

/** Everything that an emulator knows at a moment. */
export interface World {
  readonly settings: Settings
  readonly clock: VirtualClock
  /** The next identifier, from the seed. */
  readonly newId: () => string
  /** Aborted when the emulator closes, so that no import outlives it. */
  readonly closing: AbortSignal
  /** Bugs that were caught. */
  readonly failures: unknown[]
  readonly images: Map<string, StoredImage>
  /** In order of creation. */
  readonly tasks: Map<string, StoredTask>
  readonly volumes: Map<string, Required<VolumeSeed>>
}

/** The region of a path. Fails with the provider's 404 where there is none, or for another project. [PD:error-handling] */
export const regionOf = (world: World, projectId: number, regionId: number): StoredRegion => {
  if (projectId !== world.settings.projectId) throw notFound('Project', projectId)
  const region = regionById(regionId)
  if (region === undefined) throw notFound('Region', regionId)
  return region
}

/**
 * The images of one region: those of a namespace of GPU images, or all others. Newest first, as the image store underneath lists;
 * the provider does not say. [facts 2.1]
 */
export const imagesIn = (
  world: World,
  regionId: number,
  gpuNamespace: GpuNamespace | null = null,
): readonly StoredImage[] =>
  [...world.images.values()]
    .filter((image) => image.region_id === regionId && image.gpuNamespace === gpuNamespace)
    .filter(({ visibleFromMs }) => visibleFromMs <= world.clock.now())
    .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1))

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
    id: world.newId(),
    createdAtMs: world.clock.now(),
    state: 'NEW',
    error: null,
    images: null,
    updatedAtMs: null,
    finishedAtMs: null,
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

/** Does something at a moment, in virtual ms since the epoch, unless the emulator is closed by then. */
export const later = (world: World, atMs: number, task: () => void | Promise<void>): void => {
  world.clock.schedule(atMs, async () => {
    if (world.closing.aborted) return
    try {
      await task()
    } catch (failure) {
      world.failures.push(failure)
    }
  })
}
