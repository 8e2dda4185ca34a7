import * as t from 'io-ts'
import type { Check } from '../../../src/emulator/shape.ts'
import { addDroplet, addImage, addVolumeSnapshot, refreshPublicImage } from './adding.ts'
import { seedReader } from './seed-reader.ts'
import { dropletFields, imageFields, volumeSnapshotFields } from './shapes.ts'
import type { DigitalOceanDropletSeed } from './stored-droplet.ts'
import type { DigitalOceanImageSeed } from './stored-image.ts'
import type { DigitalOceanVolumeSnapshotSeed } from './volume-snapshot.ts'
import type { World } from './world.ts'

const imageSeed = seedReader<DigitalOceanImageSeed>('An image', imageFields)
const dropletSeed = seedReader<DigitalOceanDropletSeed>('A Droplet', dropletFields)
const volumeSnapshotSeed = seedReader<DigitalOceanVolumeSnapshotSeed>('A volume snapshot', volumeSnapshotFields)
const refresh = seedReader<{ readonly slug?: string }>('A refresh', { slug: t.string })

/** The problem that a reader tells by an Error, as a check tells it. */
const problemOf =
  (read: (json: unknown) => unknown): Check =>
  (json) => {
    try {
      read(json)
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

/** Checks of seeds, for lists of them. */
export const seedChecks = {
  image: problemOf(imageSeed),
  droplet: problemOf(dropletSeed),
  volumeSnapshot: problemOf(volumeSnapshotSeed),
} as const

/** What can be put there past the API, from JSON. Each tells an id; each throws an Error that says what is wrong. */
export const controlSeeds = (world: World): Readonly<Record<string, (seed: unknown) => string | number>> => ({
  images: (json) => addImage(world, imageSeed(json)).id,
  droplets: (json) => addDroplet(world, dropletSeed(json)).id,
  'volume-snapshots': (json) => addVolumeSnapshot(world, volumeSnapshotSeed(json)).id,
  refreshes: (json) => {
    const { slug = '' } = refresh(json)
    const id = refreshPublicImage(world, slug)
    if (id === undefined) throw new Error(`No public image has the slug "${slug}"`)
    return id
  },
})
