import { type Identifiers, identifiers } from '../../../src/emulator/identifiers.ts'
import type { SettableClock } from '../../../src/emulator/settable-clock.ts'
import type { StoredAction } from './action-body.ts'
import { type AscendingIds, ascendingIds } from './ascending-ids.ts'
import { catalogue } from './catalogue.ts'
import type { Settings } from './settings.ts'
import type { Step } from './step.ts'
import type { StoredDroplet } from './stored-droplet.ts'
import type { StoredImage } from './stored-image.ts'
import { type TagBook, tagBook } from './tag-book.ts'
import type { StoredVolumeSnapshot } from './volume-snapshot.ts'

/** Everything that an emulator knows at a moment. */
export interface World {
  readonly settings: Settings
  readonly clock: SettableClock
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
  /** When the token's requests of the last hour came, oldest first, in virtual ms since the epoch. */
  readonly requestTimes: number[]
  /** What is still to be done, in the order in which it was planned. A step leaves it when all of it is done. */
  readonly steps: Set<Step>
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
  const { distributionType, deletedTagSpelling } = given.settings
  const images = catalogue.map((image) =>
    image.catalogue === 'distribution' ? { ...image, type: distributionType } : image,
  )
  return {
    ...given,
    ids,
    imageIds: ascendingIds(ids, firstImageId),
    actionIds: ascendingIds(ids, firstActionId),
    dropletIds: ascendingIds(ids, firstDropletId),
    failures: [],
    images: new Map(images.map((image) => [image.id, image])),
    actions: new Map(),
    droplets: new Map(),
    volumeSnapshots: new Map(),
    tags: tagBook(deletedTagSpelling),
    requestTimes: [],
    steps: new Set(),
  }
}

/** Changes an image, if it is still there. */
export const changeImage = ({ images }: World, id: number, change: Partial<StoredImage>): void => {
  const image = images.get(id)
  if (image !== undefined) images.set(id, { ...image, ...change })
}
