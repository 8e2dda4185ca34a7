import type { VirtualClock } from '../../src/emulator/clock.ts'
import { manualClock, scaledClock } from '../../src/emulator/clock.ts'
import { controlOf } from '../../src/emulator/control.ts'
import type { FaultPlan } from '../../src/emulator/fault-plan.ts'
import { faultPlan } from '../../src/emulator/fault-plan.ts'
import { identifiers } from '../../src/emulator/identifiers.ts'
import { type RequestRecord, requestLog } from '../../src/emulator/request-log.ts'
import { startServer } from '../../src/emulator/server.ts'
import { settableClock } from '../../src/emulator/settable-clock.ts'
import { accountHandlers } from './emulator/account-handlers.ts'
import { addingTo } from './emulator/adding.ts'
import { admissionOf } from './emulator/admission.ts'
import { catalogueOf } from './emulator/catalogue.ts'
import { controlRoutes, failRegion } from './emulator/control-routes.ts'
import { doorOf } from './emulator/door.ts'
import { gpuHandlers } from './emulator/gpu-handlers.ts'
import { happening } from './emulator/happening.ts'
import { imageHandlers } from './emulator/image-handlers.ts'
import { importsOf } from './emulator/imports.ts'
import { limitsHandlers } from './emulator/limits-handlers.ts'
import type { GcoreEmulatorOptions } from './emulator/options.ts'
import { defaultApiKey } from './emulator/options.ts'
import { performerOf } from './emulator/perform.ts'
import { errorBodyOf } from './emulator/refusal-reply.ts'
import { regions } from './emulator/regions.ts'
import { routesOf } from './emulator/routes.ts'
import { restoreState, saveState } from './emulator/saved-state.ts'
import { readImageSeed, readVolumeSeed } from './emulator/seeds.ts'
import { settingsOf } from './emulator/settings-of.ts'
import type { GcoreState } from './emulator/state-checks.ts'
import type { ImageSeed } from './emulator/stored-image.ts'
import { tagHandlers } from './emulator/tag-handlers.ts'
import { taskHandlers } from './emulator/task-handlers.ts'
import type { VolumeSeed, World } from './emulator/world.ts'

export type { TagsEra } from './emulator/image-body.ts'
export type { GcoreEmulatorOptions } from './emulator/options.ts'
export { readOptions as readGcoreOptions } from './emulator/options-json.ts'
export type { ImageQuota, ProjectSeed, TaskData } from './emulator/settings.ts'
export type { GcoreState } from './emulator/state-checks.ts'
export type { ImageSeed } from './emulator/stored-image.ts'
export type { TimestampStyle } from './emulator/timestamps.ts'
export type { VolumeSeed } from './emulator/world.ts'

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
  /**
   * Lets all image routes of a region answer this HTTP status and nothing else, until it is called with `undefined`. Throws an Error
   * where there is no such region.
   */
  readonly failRegion: (regionId: number, status: 500 | 503 | undefined) => void
  /** What goes wrong with which requests: scripted, or drawn from a seed. Nothing at first. */
  readonly faults: FaultPlan
  /** Everything that the emulator knows, as plain JSON, work under way included. Its options and faults are not part of it. */
  readonly saveState: () => GcoreState
  /**
   * Puts this emulator back to a state, of its own or of another with the same options, with its time, and goes on from there.
   * Throws an Error that says what is wrong with it. JSON that was read from a file will do.
   */
  readonly restoreState: (state: unknown) => void
  /** Stops the server, and the clock unless it was the caller's. */
  readonly close: () => Promise<void>
}

/**
 * Starts an emulator of Gcore's image API: a real HTTP server on 127.0.0.1 with the provider's routes for images, imports,
 * tasks, regions, projects and image quotas, and a control endpoint below `/_emulator` for the same token. Imports really fetch
 * their source, with HEAD and then GET, and judge its bytes.
 */
export const startEmulator = async (options: GcoreEmulatorOptions = {}): Promise<GcoreEmulator> => {
  const { apiKey = defaultApiKey, timeScale = 60, seed = 1, port = 0 } = options
  const ownClock = options.clock === undefined
  const clock = settableClock(options.clock ?? (timeScale === 0 ? manualClock() : scaledClock({ scale: timeScale })))
  const closing = new AbortController()
  const world: World = {
    settings: settingsOf(options),
    clock,
    ids: identifiers(seed),
    requestIds: identifiers(seed + 1),
    closing: closing.signal,
    failures: [],
    images: new Map(),
    tasks: new Map(),
    volumes: new Map(),
    imports: new Map(),
    captures: new Map(),
    limitsRequests: new Map(),
    pending: new Set(),
    failingRegions: new Map(),
  }
  const { addImage, addVolume } = addingTo(world)
  for (const volume of options.volumes ?? []) addVolume(volume)
  for (const image of [...regions.flatMap(catalogueOf), ...(options.images ?? [])]) addImage(image)

  const events = happening(world, (step) => perform(step))
  const imports = importsOf(world, events)
  const perform = performerOf(world, imports)
  const routes = routesOf({
    images: imageHandlers(world, imports, events),
    tags: tagHandlers(world),
    gpu: {
      virtual: gpuHandlers(world, imports, events, 'virtual'),
      baremetal: gpuHandlers(world, imports, events, 'baremetal'),
    },
    tasks: taskHandlers(world),
    account: accountHandlers(world),
    limits: limitsHandlers(world),
  })
  const faults = faultPlan()
  const log = requestLog()
  const restore = (state: unknown): void => restoreState(world, events, state)
  const door = { apiKey, newRequestId: () => world.requestIds.hex(32), style: world.settings }
  const control = controlOf({
    clock,
    faults,
    requests: log.records,
    seeds: {
      images: (json) => addImage(readImageSeed(json)),
      volumes: (json) => addVolume(readVolumeSeed(json)),
    },
    saveState: () => saveState(world),
    restoreState: restore,
    further: controlRoutes(world),
  })
  const server = await startServer({
    handle: doorOf({ routes, ...door }),
    clock,
    port,
    failures: world.failures,
    faults,
    log,
    errorReply: (status) => ({ body: errorBodyOf(status, door.newRequestId(), world.settings) }),
    admission: admissionOf(door),
    restored: clock.timesSet,
    control: ({ method, path, body }) => control(method, path, body),
  })

  return {
    baseUrl: server.baseUrl,
    apiKey,
    project: world.settings.projectId,
    clock,
    requests: server.requests,
    addImage,
    addVolume,
    failures: world.failures,
    failRegion: (regionId, status) => failRegion(world, regionId, status),
    faults,
    saveState: () => saveState(world),
    restoreState: restore,
    close: async () => {
      closing.abort()
      if (ownClock) clock.stop()
      await server.close()
    },
  }
}
