import type { VirtualClock } from '../../src/emulator/clock.ts'
import { manualClock, scaledClock } from '../../src/emulator/clock.ts'
import { identifiers } from '../../src/emulator/identifiers.ts'
import type { RequestRecord } from '../../src/emulator/request-log.ts'
import { startServer } from '../../src/emulator/server.ts'
import { accountHandlers } from './emulator/account-handlers.ts'
import { catalogueOf } from './emulator/catalogue.ts'
import { doorOf } from './emulator/door.ts'
import { gpuHandlers } from './emulator/gpu-handlers.ts'
import { imageHandlers } from './emulator/image-handlers.ts'
import { importsOf } from './emulator/imports.ts'
import type { GcoreEmulatorOptions } from './emulator/options.ts'
import { defaultApiKey, settingsOf } from './emulator/options.ts'
import { regions } from './emulator/regions.ts'
import { routesOf } from './emulator/routes.ts'
import type { ImageSeed } from './emulator/stored-image.ts'
import { imageFromSeed } from './emulator/stored-image.ts'
import { taskHandlers } from './emulator/task-handlers.ts'
import type { VolumeSeed, World } from './emulator/world.ts'

export type { TagsEra } from './emulator/image-body.ts'
export type { GcoreEmulatorOptions } from './emulator/options.ts'
export type { ImageSeed } from './emulator/stored-image.ts'
export type { TimestampStyle } from './emulator/timestamps.ts'
export type { ImageQuota, ProjectSeed, TaskData, VolumeSeed } from './emulator/world.ts'

/** A running emulator of Gcore's image API. */
export interface GcoreEmulator {
  /** To be used in place of `https://api.gcore.com`. */
  readonly baseUrl: string
  /** The token that is let in. */
  readonly apiKey: string
  readonly project: number
  /** The time that imports live by. */
  readonly clock: VirtualClock
  /** The newest 10 000 requests that were answered, oldest first, without credentials. A live view. */
  readonly requests: readonly RequestRecord[]
  /** Puts an image there past the API and answers its id. Without further words it is an own, active one in region 76. */
  readonly addImage: (image: ImageSeed) => string
  /** Puts a volume there and answers its id. Without further words it is a bootable one in region 76. */
  readonly addVolume: (volume?: VolumeSeed) => string
  /** What the emulator itself has thrown: bugs. A test may expect that there are none. A live view. */
  readonly failures: readonly unknown[]
  /** Lets all image routes of a region answer this HTTP status and nothing else, until it is called with `undefined`. */
  readonly failRegion: (regionId: number, status: 500 | 503 | undefined) => void
  /** Stops the server, and the clock unless it was the caller's. */
  readonly close: () => Promise<void>
}

/**
 * Starts an emulator of Gcore's image API: a real HTTP server on 127.0.0.1 with the provider's routes for images, imports,
 * tasks, regions, projects and image quotas. Imports really fetch their source, with HEAD and then GET, and judge its bytes.
 */
export const startEmulator = async (options: GcoreEmulatorOptions = {}): Promise<GcoreEmulator> => {
  const { apiKey = defaultApiKey, timeScale = 60, seed = 1, port = 0 } = options
  const clock = options.clock ?? (timeScale === 0 ? manualClock() : scaledClock({ scale: timeScale }))
  // Ids of requests come from a source of their own, so that reading does not change the ids of what is made.
  const ids = identifiers(seed)
  const closing = new AbortController()
  const failingRegions = new Map<number, number>()
  const world: World = {
    settings: settingsOf(options),
    clock,
    newId: () => ids.uuid(),
    closing: closing.signal,
    failures: [],
    images: new Map(),
    tasks: new Map(),
    volumes: new Map(),
  }
  const addImage = (given: ImageSeed): string => {
    const defaults = { id: ids.uuid(), nowMs: clock.now(), visibility: world.settings.ownVisibility }
    const image = imageFromSeed(given, defaults)
    world.images.set(image.id, image)
    return image.id
  }
  const addVolume = ({
    id = ids.uuid(),
    region_id = 76,
    bootable = true,
    size = 5 * 2 ** 30,
  }: VolumeSeed = {}): string => {
    world.volumes.set(id, { id, region_id, bootable, size })
    return id
  }
  for (const volume of options.volumes ?? []) addVolume(volume)
  for (const image of [...regions.flatMap(catalogueOf), ...(options.images ?? [])]) addImage(image)

  const imports = importsOf(world)
  const routes = routesOf({
    images: imageHandlers(world, imports, failingRegions),
    gpu: {
      virtual: gpuHandlers(world, imports, failingRegions, 'virtual'),
      baremetal: gpuHandlers(world, imports, failingRegions, 'baremetal'),
    },
    tasks: taskHandlers(world),
    account: accountHandlers(world),
  })
  const requestIds = identifiers(seed + 1)
  const handle = doorOf({ routes, apiKey, newRequestId: () => requestIds.hex(32) })
  const server = await startServer({ handle, clock, port, failures: world.failures })

  return {
    baseUrl: server.baseUrl,
    apiKey,
    project: world.settings.projectId,
    clock,
    requests: server.requests,
    addImage,
    addVolume,
    failures: world.failures,
    failRegion: (regionId, status) => {
      if (status === undefined) failingRegions.delete(regionId)
      else failingRegions.set(regionId, status)
    },
    close: async () => {
      closing.abort()
      if (options.clock === undefined) clock.stop()
      await server.close()
    },
  }
}
