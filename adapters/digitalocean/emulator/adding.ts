import { type DigitalOceanDropletSeed, dropletFromSeed, type StoredDroplet } from './stored-droplet.ts'
import { imageFromSeed, type StoredImage, timestamp } from './stored-image.ts'
import type { DigitalOceanVolumeSnapshotSeed, StoredVolumeSnapshot } from './volume-snapshot.ts'
import type { World } from './world.ts'

/** Adds an image as it is given; its tags are made if they are new, and spelled canonically. [O:tags_array.yml] */
export const addImage = (world: World, seed: Partial<StoredImage>): StoredImage => {
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

/**
 * Refreshes a public image: it has another id from now on, under the slug that stays. Tells the new id; none where no public image
 * has the slug. [TF:CHANGELOG #152; I:digitalocean/terraform-provider-digitalocean#183]
 */
export const refreshPublicImage = (world: World, slug: string): number | undefined => {
  const old = [...world.images.values()].find((image) => image.public && image.slug === slug)
  if (old === undefined) return undefined
  const id = world.imageIds.next()
  world.images.set(id, { ...old, id, created_at: timestamp(world.clock.now()) })
  const { refreshedImages } = world.settings
  if (refreshedImages === 'gone') world.images.delete(old.id)
  else world.images.set(old.id, { ...old, slug: null, status: 'retired', unlisted: refreshedImages === 'retired' })
  return id
}
