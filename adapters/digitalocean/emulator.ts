import { manualClock, scaledClock, type VirtualClock } from '../../src/emulator/clock.ts'
import { controlOf } from '../../src/emulator/control.ts'
import { type FaultPlan, faultPlan } from '../../src/emulator/fault-plan.ts'
import { type RequestRecord, requestLog } from '../../src/emulator/request-log.ts'
import { startServer } from '../../src/emulator/server.ts'
import { settableClock } from '../../src/emulator/settable-clock.ts'
import { accountRoutes } from './emulator/account-routes.ts'
import { accountTransferRoutes } from './emulator/account-transfer-routes.ts'
import { actionRoutes } from './emulator/action-routes.ts'
import { addDroplet, addImage, addVolumeSnapshot, refreshPublicImage, removeDroplet } from './emulator/adding.ts'
import { controlRoutes } from './emulator/control-routes.ts'
import { controlSeeds } from './emulator/control-seeds.ts'
import { door } from './emulator/door.ts'
import { dropletRoutes } from './emulator/droplet-routes.ts'
import { imageRoutes } from './emulator/image-routes.ts'
import type { DigitalOceanEmulatorOptions } from './emulator/options.ts'
import { regionRoutes } from './emulator/region-routes.ts'
import type { SavedState } from './emulator/saved-state.ts'
import { settingsFrom } from './emulator/settings.ts'
import { snapshotRoutes } from './emulator/snapshot-routes.ts'
import { restoreState, saveState } from './emulator/state.ts'
import type { DigitalOceanDropletSeed } from './emulator/stored-droplet.ts'
import type { DigitalOceanImageSeed } from './emulator/stored-image.ts'
import { tagRoutes } from './emulator/tag-routes.ts'
import { newWorld } from './emulator/world.ts'

export type { VirtualClock } from '../../src/emulator/clock.ts'
export type { DrawnFaults, Fault, FaultMoment, FaultSelection, ScriptedFault } from '../../src/emulator/fault.ts'
export type { FaultPlan } from '../../src/emulator/fault-plan.ts'
export type { RequestRecord } from '../../src/emulator/request-log.ts'
export type { DigitalOceanEmulatorOptions } from './emulator/options.ts'
export { readOptions as readDigitalOceanOptions } from './emulator/options-json.ts'
export type { SavedState as DigitalOceanState } from './emulator/saved-state.ts'
export type { DigitalOceanScope } from './emulator/scopes.ts'
export type { DigitalOceanDropletSeed } from './emulator/stored-droplet.ts'
export type { DigitalOceanImageSeed } from './emulator/stored-image.ts'
export { type Switches as DigitalOceanSwitches, switchValues as digitalOceanSwitches } from './emulator/switches.ts'
export type { DigitalOceanVolumeSnapshotSeed } from './emulator/volume-snapshot.ts'

/**
 * A running emulator of DigitalOcean's images, snapshots, tags, regions and actions, and of Droplets as far as images are made of
 * them. What is controlled here can be controlled over HTTP as well, below `/_emulator/` and with the token.
 */
export interface DigitalOceanEmulator {
  /** `http://127.0.0.1:<port>` */
  readonly baseUrl: string
  readonly token: string
  /** The emulator's time: that of the clock it lives by, until a state is restored, which sets it. */
  readonly clock: VirtualClock
  /** What will go wrong with which requests; nothing at first. */
  readonly faults: FaultPlan
  /** The newest 10 000 requests that were answered, oldest first, without credentials. A live view. */
  readonly requests: readonly RequestRecord[]
  /** Adds an image as it is: a snapshot unless told otherwise. Tells its id. */
  readonly addImage: (image: DigitalOceanImageSeed) => number
  /** Adds a Droplet as it is: one in nyc3 unless told otherwise. Tells its id. */
  readonly addDroplet: (droplet?: DigitalOceanDropletSeed) => number
  /** Takes a Droplet away, and its backups with it. */
  readonly removeDroplet: (id: number) => void
  /** Gives a public image a new id, as happens when it is refreshed, and tells it; `undefined` where no image has the slug. */
  readonly refreshPublicImage: (slug: string) => number | undefined
  /** The canonical names of the account's tags at the moment. */
  readonly tags: readonly string[]
  /** Everything the emulator knows, as JSON: what is under way, its time and the ids to come included. */
  readonly saveState: () => SavedState
  /** Puts the emulator, this or another, back to a saved state. Throws an Error that says what is wrong with it. */
  readonly restoreState: (state: unknown) => void
  /** Bugs of the emulator that were caught; empty unless it has some. A live view. */
  readonly failures: readonly unknown[]
  /** Stops at once: open connections are cut, and imports under way end nowhere. */
  readonly close: () => Promise<void>
}

const clockFor = (timeScale: number): VirtualClock =>
  timeScale === 0 ? manualClock() : scaledClock({ scale: timeScale })

/** Starts an emulator on loopback, with the public catalogue and no images of one's own. Throws a RangeError for a switch's value that there is not. */
export const startEmulator = async (options: DigitalOceanEmulatorOptions = {}): Promise<DigitalOceanEmulator> => {
  const settings = settingsFrom(options)
  const clock = settableClock(options.clock ?? clockFor(options.timeScale ?? 60))
  const closing = new AbortController()
  const world = newWorld({ settings, clock, closing: closing.signal }, options.seed)
  for (const image of options.images ?? []) addImage(world, image)
  for (const droplet of options.droplets ?? []) addDroplet(world, droplet)
  for (const snapshot of options.volumeSnapshots ?? []) addVolumeSnapshot(world, snapshot)

  const { isAdmitted, refusal, handle, errorReply } = door(world, [
    ...imageRoutes(world),
    ...accountTransferRoutes(world),
    ...dropletRoutes(world),
    ...snapshotRoutes(world),
    ...actionRoutes(world),
    ...tagRoutes(world),
    ...regionRoutes(settings),
    ...accountRoutes(settings),
  ])
  const faults = faultPlan()
  const { failures } = world
  const log = requestLog()
  const control = controlOf({
    clock,
    faults,
    requests: log.records,
    seeds: controlSeeds(world),
    further: controlRoutes(world),
    saveState: () => saveState(world),
    restoreState: (state) => restoreState(world, state),
  })
  const server = await startServer({
    handle,
    port: options.port ?? 0,
    clock,
    failures,
    faults,
    errorReply,
    admission: { isAdmitted, refusal },
    restored: clock.timesSet,
    log,
    control: ({ method, path, body }) => control(method, path, body),
  })

  return {
    baseUrl: server.baseUrl,
    token: settings.token,
    clock,
    faults,
    requests: server.requests,
    failures,
    addImage: (image) => addImage(world, image).id,
    addDroplet: (droplet = {}) => addDroplet(world, droplet).id,
    removeDroplet: (id) => removeDroplet(world, id),
    refreshPublicImage: (slug) => refreshPublicImage(world, slug),
    get tags() {
      return world.tags.names()
    },
    saveState: () => saveState(world),
    restoreState: (state) => restoreState(world, state),
    close: async () => {
      closing.abort()
      if (options.clock === undefined) clock.stop()
      await server.close()
    },
  }
}
