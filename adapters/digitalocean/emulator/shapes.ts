import * as t from 'io-ts'
import { canBeShown } from '../../../src/emulator/moment.ts'
import type { DigitalOceanDropletSeed } from './stored-droplet.ts'
import type { DigitalOceanImageSeed, StoredImage } from './stored-image.ts'
import type { DigitalOceanVolumeSnapshotSeed } from './volume-snapshot.ts'

type FieldsOf<A> = { readonly [Name in keyof A]-?: t.Mixed }

const positive = (name: string) => t.refinement(t.number, (value) => Number.isInteger(value) && value > 0, name)

/** An id as paths have them. */
export const Id = positive('a whole number from 1 on')

/** A moment that has been, in virtual ms since the epoch. */
export const Moment = t.refinement(t.number, canBeShown, 'a moment in milliseconds, up to the year 9999')

/** A moment to come, which may be never. */
export const DueMoment = t.refinement(t.number, Number.isFinite, 'a moment in milliseconds')

const nullable = <A extends t.Mixed>(codec: A) => t.union([codec, t.null])
const texts = t.array(t.string)

/** The fields of an image that a seed may have. */
export const imageFields = {
  id: Id,
  name: t.string,
  distribution: t.string,
  slug: nullable(t.string),
  public: t.boolean,
  regions: texts,
  created_at: t.string,
  min_disk_size: nullable(t.number),
  type: t.string,
  size_gigabytes: nullable(t.number),
  description: t.string,
  tags: texts,
  status: t.string,
  error_message: t.string,
  droplet: Id,
  catalogue: t.keyof({ distribution: null, application: null }),
} as const satisfies FieldsOf<DigitalOceanImageSeed>

/** The fields of an image that only the emulator sets. */
export const innerImageFields = {
  deletedAtMs: Moment,
  listedFromMs: DueMoment,
  readableFromMs: DueMoment,
  unlisted: t.boolean,
  accountTransfer: Id,
} as const satisfies FieldsOf<Omit<StoredImage, keyof typeof imageFields>>

/** The fields of a Droplet. */
export const dropletFields = {
  id: Id,
  name: t.string,
  region: t.string,
} as const satisfies FieldsOf<DigitalOceanDropletSeed>

/** The fields of a volume's snapshot. */
export const volumeSnapshotFields = {
  id: t.string,
  name: t.string,
  region: t.string,
  volume: t.string,
  created_at: t.string,
} as const satisfies FieldsOf<DigitalOceanVolumeSnapshotSeed>
