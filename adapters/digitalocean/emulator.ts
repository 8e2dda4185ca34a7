import { manualClock, scaledClock, type VirtualClock } from '../../src/emulator/clock.ts'
import type { RequestRecord } from '../../src/emulator/request-log.ts'
import { startServer } from '../../src/emulator/server.ts'
import { actionRoutes } from './emulator/action-routes.ts'
import { door } from './emulator/door.ts'
import { dropletRoutes } from './emulator/droplet-routes.ts'
import { imageRoutes } from './emulator/image-routes.ts'
import { regionRoutes } from './emulator/region-routes.ts'
import { allScopes, type DigitalOceanScope } from './emulator/scopes.ts'
import type { LinksStyle, StatusCase } from './emulator/settings.ts'
import { snapshotRoutes } from './emulator/snapshot-routes.ts'
import type { DigitalOceanDropletSeed } from './emulator/stored-droplet.ts'
import type { DigitalOceanImageSeed } from './emulator/stored-image.ts'
import { tagRoutes } from './emulator/tag-routes.ts'
import type { DigitalOceanVolumeSnapshotSeed } from './emulator/volume-snapshot.ts'
import { addDroplet, addImage, addVolumeSnapshot, newWorld, removeDroplet } from './emulator/world.ts'

export type { VirtualClock } from '../../src/emulator/clock.ts'
export type { RequestRecord } from '../../src/emulator/request-log.ts'
export type { DigitalOceanScope } from './emulator/scopes.ts'
export type { LinksStyle, StatusCase } from './emulator/settings.ts'
export type { DigitalOceanDropletSeed } from './emulator/stored-droplet.ts'
export type { DigitalOceanImageSeed } from './emulator/stored-image.ts'
export type { DigitalOceanVolumeSnapshotSeed } from './emulator/volume-snapshot.ts'

/** How an emulator is started. Everything has a default. */
export interface DigitalOceanEmulatorOptions {
  /** The port on 127.0.0.1; 0, the default, takes any that is free. */
  readonly port?: number
  /** The token to accept. By default a fixed one that is plainly not real. */
  readonly token?: string
  /** What the token may do. Everything by default. Without a scope that a request needs it is answered with 403. */
  readonly scopes?: readonly DigitalOceanScope[]
  /** The clock to live by, which stays the caller's: closing the emulator does not stop it. */
  readonly clock?: VirtualClock
  /** Without a `clock`: how many virtual seconds pass in a real one. 60 by default; 0 is a clock that only `advance` moves. */
  readonly timeScale?: number
  /** For ids, of images, actions and requests. The same seed and the same requests give the same ids. 1 by default. */
  readonly seed?: number
  /** How long an import takes, in virtual ms: the first 10 s of it NEW, then pending. 300 000 by default. */
  readonly importDuration?: number
  /** How long a transfer or a conversion takes, in virtual ms. 120 000 by default. */
  readonly actionDuration?: number
  /** How long a snapshot of a Droplet takes, in virtual ms. 180 000 by default. */
  readonly snapshotDuration?: number
  /** How long after its end a snapshot is in no list yet, in virtual ms. 0 by default; that it can be more is unconfirmed. */
  readonly snapshotListedAfter?: number
  /** Droplets to begin with; none by default. */
  readonly droplets?: readonly DigitalOceanDropletSeed[]
  /** Snapshots of volumes to begin with; none by default. */
  readonly volumeSnapshots?: readonly DigitalOceanVolumeSnapshotSeed[]
  /** Images to begin with, beside the public catalogue. */
  readonly images?: readonly DigitalOceanImageSeed[]
  /** The most rows that a page may have: 200 by default, as the API has it. [O:shared/parameters.yml] */
  readonly perPageMaximum?: number
  /** What becomes of a request for more rows than that: it is refused with 422, or its page is cut. Both may be. `refused` by default. */
  readonly perPageAbove?: 'refused' | 'cut'
  /** The form of `links` where there is one page only. `always` by default. */
  readonly links?: LinksStyle
  /** How `NEW` is spelled: `upper` by default. */
  readonly statusCase?: StatusCase
  /** Whether the limits of 250 requests a minute and 5 000 an hour are kept up, or their headers only. `enforced` by default. */
  readonly rateLimit?: 'enforced' | 'headers-only'
  /** How GET answers for a custom image that its owner deleted: both were seen. `404` by default. */
  readonly deletedAnswers?: '404' | 'deleted'
}

/** A running emulator of DigitalOcean's images, snapshots, tags, regions and actions, and of Droplets as far as images are made of them. */
export interface DigitalOceanEmulator {
  /** `http://127.0.0.1:<port>` */
  readonly baseUrl: string
  readonly token: string
  readonly clock: VirtualClock
  /** The newest 10 000 requests that were answered, oldest first, without credentials. A live view. */
  readonly requests: readonly RequestRecord[]
  /** Adds an image as it is: a snapshot unless told otherwise. Tells its id. */
  readonly addImage: (image: DigitalOceanImageSeed) => number
  /** Adds a Droplet as it is: one in nyc3 unless told otherwise. Tells its id. */
  readonly addDroplet: (droplet?: DigitalOceanDropletSeed) => number
  /** Takes a Droplet away, and its backups with it. */
  readonly removeDroplet: (id: number) => void
  /** The canonical names of the account's tags at the moment. */
  readonly tags: readonly string[]
  /** Bugs of the emulator that were caught; empty unless it has some. A live view. */
  readonly failures: readonly unknown[]
  /** Stops at once: open connections are cut, and imports under way end nowhere. */
  readonly close: () => Promise<void>
}

const defaultToken = `dop_v1_${'not-a-real-token-'.repeat(3)}emulator`

const clockFor = (timeScale: number): VirtualClock =>
  timeScale === 0 ? manualClock() : scaledClock({ scale: timeScale })

/** Starts an emulator on loopback, with the public catalogue and no images of one's own. */
export const startEmulator = async (options: DigitalOceanEmulatorOptions = {}): Promise<DigitalOceanEmulator> => {
  const clock = options.clock ?? clockFor(options.timeScale ?? 60)
  const closing = new AbortController()
  const settings = {
    token: options.token ?? defaultToken,
    scopes: options.scopes ?? allScopes,
    importDuration: options.importDuration ?? 300_000,
    actionDuration: options.actionDuration ?? 120_000,
    snapshotDuration: options.snapshotDuration ?? 180_000,
    snapshotListedAfter: options.snapshotListedAfter ?? 0,
    perPageMaximum: options.perPageMaximum ?? 200,
    perPageAbove: options.perPageAbove ?? 'refused',
    links: options.links ?? 'always',
    statusCase: options.statusCase ?? 'upper',
    rateLimit: options.rateLimit ?? 'enforced',
    deletedAnswers: options.deletedAnswers ?? '404',
  }
  const world = newWorld({ settings, clock, closing: closing.signal }, options.seed)
  for (const image of options.images ?? []) addImage(world, image)

  for (const droplet of options.droplets ?? []) addDroplet(world, droplet)
  for (const snapshot of options.volumeSnapshots ?? []) addVolumeSnapshot(world, snapshot)

  const routes = [
    ...imageRoutes(world),
    ...dropletRoutes(world),
    ...snapshotRoutes(world),
    ...actionRoutes(world),
    ...tagRoutes(world),
    ...regionRoutes(settings),
  ]
  const { failures } = world
  const server = await startServer({ handle: door(world, routes), port: options.port ?? 0, clock, failures })

  return {
    baseUrl: server.baseUrl,
    token: settings.token,
    clock,
    requests: server.requests,
    failures,
    addImage: (image) => addImage(world, image).id,
    addDroplet: (droplet = {}) => addDroplet(world, droplet).id,
    removeDroplet: (id) => removeDroplet(world, id),
    get tags() {
      return world.tags.names()
    },
    close: async () => {
      closing.abort()
      if (options.clock === undefined) clock.stop()
      await server.close()
    },
  }
}
