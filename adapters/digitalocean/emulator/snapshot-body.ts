import { tagsBody } from './image-body.ts'
import type { Settings } from './settings.ts'
import type { StoredImage } from './stored-image.ts'
import type { StoredVolumeSnapshot } from './volume-snapshot.ts'

/** A Droplet's snapshot by its second face: the id is text, and there is neither status nor distribution. [O:snapshots/models/snapshots.yml] */
export const snapshotBody = (image: StoredImage, settings: Settings) => ({
  id: String(image.id),
  name: image.name,
  created_at: image.created_at,
  regions: image.regions,
  // That one whose Droplet is not known has an empty text is made up.
  resource_id: image.droplet === undefined ? '' : String(image.droplet),
  resource_type: 'droplet',
  min_disk_size: image.min_disk_size,
  size_gigabytes: image.size_gigabytes,
  tags: tagsBody(image, settings),
})

/** A volume's snapshot. Its size reads 0 while it is fresh. [EX:doctl.snapshots.list.volume] */
export const volumeSnapshotBody = ({ id, name, region, volume, created_at }: StoredVolumeSnapshot) => ({
  id,
  name,
  created_at,
  regions: [region],
  resource_id: volume,
  resource_type: 'volume',
  min_disk_size: 10,
  size_gigabytes: 0,
  tags: [],
})

/** A snapshot or a backup as its Droplet lists it: the id is a number here. [EX:spec.droplet.snapshots.list, spec.droplet.backups.list] */
export const dropletImageBody = (image: StoredImage) => ({
  id: image.id,
  name: image.name,
  created_at: image.created_at,
  regions: image.regions,
  min_disk_size: image.min_disk_size,
  size_gigabytes: image.size_gigabytes,
  type: image.type,
  ...(image.type === 'backup' ? { distribution: image.distribution, slug: image.slug, public: image.public } : {}),
})
