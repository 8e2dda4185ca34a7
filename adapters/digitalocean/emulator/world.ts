import type { VirtualClock } from '../../../src/emulator/clock.ts'
import { type Identifiers, identifiers } from '../../../src/emulator/identifiers.ts'
import type { StoredAction } from './action-body.ts'
import { type AscendingIds, ascendingIds } from './ascending-ids.ts'
import { catalogue } from './catalogue.ts'
import type { Settings } from './settings.ts'
import { type DigitalOceanDropletSeed, dropletFromSeed, type StoredDroplet } from './stored-droplet.ts'
import type { DigitalOceanImageSeed, StoredImage } from './stored-image.ts'
import { imageFromSeed, timestamp } from './stored-image.ts'
import { type TagBook, tagBook } from './tag-book.ts'
import type { DigitalOceanVolumeSnapshotSeed, StoredVolumeSnapshot } from './volume-snapshot.ts'

/** Everything that an emulator knows at a moment. */
export interface World {
  readonly settings: Settings
  readonly clock: VirtualClock
  readonly ids: Identifiers
  readonly imageIds: AscendingIds
  readonly actionIds: AscendingIds
  readonly dropletIds: AscendingIds
  /** Aborted when the emulator closes, so that nothing outlives it. */
  readonly closing: AbortSignal
  /** Bugs that were caught. */
  readonly failures: unknown[]
  readonly images: Map<number, StoredImage>
  readonly droplets: Map<number, StoredDroplet>
  /** By their UUIDs. */
  readonly volumeSnapshots: Map<string, StoredVolumeSnapshot>
  /** In order of creation. Kept for ever. [O:DigitalOcean-public.v2.yaml tag Actions] */
  readonly actions: Map<number, StoredAction>
  readonly tags: TagBook
}

/** Image ids start here: nine digits, above those of the catalogue. [EX:real.distribution-images.2023-12.columns] */
const firstImageId = 231_000_000

/** Action ids start here: ten digits. [I:digitalocean/packer-plugin-digitalocean#122] */
const firstActionId = 2_930_000_000

/** Droplet ids start here: nine digits. [EX:real.snapshot-action.completed.2021] */
const firstDropletId = 250_000_000

/** A world with the public catalogue and nothing of one's own. */
export const newWorld = (given: Pick<World, 'settings' | 'clock' | 'closing'>, seed: number | undefined): World => {
  const ids = identifiers(seed)
  return {
    ...given,
    ids,
    imageIds: ascendingIds(ids, firstImageId),
    actionIds: ascendingIds(ids, firstActionId),
    dropletIds: ascendingIds(ids, firstDropletId),
    failures: [],
    images: new Map(catalogue.map((image) => [image.id, image])),
    actions: new Map(),
    droplets: new Map(),
    volumeSnapshots: new Map(),
    tags: tagBook(),
  }
}

/** Adds an image as it is given; its tags are made if they are new, and spelled canonically. [O:tags_array.yml] */
export const addImage = (world: World, seed: DigitalOceanImageSeed): StoredImage => {
  const id = seed.id ?? world.imageIds.next()
  world.imageIds.skip(id)
  const given = imageFromSeed(seed, id, world.clock.now())
  const tags = [...new Set(given.tags.map(world.tags.ensure))]
  for (const tag of tags) world.tags.noteTagged(tag, id)
  const image = { ...given, tags }
  world.images.set(id, image)
  return image
}

/** Adds a Droplet as it is given. */
export const addDroplet = (world: World, seed: DigitalOceanDropletSeed): StoredDroplet => {
  const id = seed.id ?? world.dropletIds.next()
  world.dropletIds.skip(id)
  const droplet = dropletFromSeed(seed, id)
  world.droplets.set(id, droplet)
  return droplet
}

/** Takes a Droplet away, and its backups with it; its snapshots stay. [D:products/images/backups/support] */
export const removeDroplet = (world: World, id: number): void => {
  world.droplets.delete(id)
  for (const image of [...world.images.values()])
    if (image.droplet === id && image.type === 'backup') world.images.delete(image.id)
}

/** Adds the snapshot of a volume. */
export const addVolumeSnapshot = (world: World, seed: DigitalOceanVolumeSnapshotSeed): StoredVolumeSnapshot => {
  const snapshot = {
    id: world.ids.uuid(),
    name: 'volume-snapshot',
    region: 'nyc3',
    volume: world.ids.uuid(),
    created_at: timestamp(world.clock.now()),
    ...seed,
  }
  world.volumeSnapshots.set(snapshot.id, snapshot)
  return snapshot
}

/** Changes an image, if it is still there. */
export const changeImage = ({ images }: World, id: number, change: Partial<StoredImage>): void => {
  const image = images.get(id)
  if (image !== undefined) images.set(id, { ...image, ...change })
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
