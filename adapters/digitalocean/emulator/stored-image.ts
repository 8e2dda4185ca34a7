/** An image as the emulator keeps it, in the provider's words. [O:resources/images/models/image.yml] */
export interface StoredImage {
  readonly id: number
  readonly name: string
  readonly distribution: string
  readonly slug: string | null
  readonly public: boolean
  /** Slugs; empty until an import has finished. */
  readonly regions: readonly string[]
  /** With seconds, in UTC: `2018-09-20T19:28:00Z`. */
  readonly created_at: string
  /** In GiB. [O:images/models/image.yml; facts 9] */
  readonly min_disk_size: number | null
  /** `base`, `snapshot`, `backup`, `custom` or `admin`, or a word that is yet to come. */
  readonly type: string
  /** What is stored, compressed: in GiB, with two decimals. [facts 9] */
  readonly size_gigabytes: number | null
  readonly description: string
  /** Canonical names. */
  readonly tags: readonly string[]
  /** `NEW`, `pending`, `available`, `retired` or `deleted`, or a word that is yet to come. */
  readonly status: string
  readonly error_message: string
  /** The id of the Droplet that it was made from. This face of the image does not tell it. [O:snapshots/models/snapshots.yml] */
  readonly droplet?: number
  /** Which public list has it. No field tells; the `type` filter alone does. [I:digitalocean/api-v2#11] */
  readonly catalogue?: 'distribution' | 'application'
  /** Since when it is `deleted`, by its owner or by a failed import, in virtual ms since the epoch. */
  readonly deletedAtMs?: number
  /** From when on the lists have it, in virtual ms since the epoch; from the beginning where that is not said. */
  readonly listedFromMs?: number
  /** Whether no list ever has it. */
  readonly unlisted?: boolean
  /** From when on it is found by its id, likewise. */
  readonly readableFromMs?: number
  /** The account transfer that waits for its recipient. */
  readonly accountTransfer?: number
}

/** What of an image is the emulator's own. */
export const innerFields = [
  'droplet',
  'catalogue',
  'deletedAtMs',
  'listedFromMs',
  'unlisted',
  'readableFromMs',
  'accountTransfer',
] as const

/** An image to begin with, or to add: any field, the rest is that of a private Droplet snapshot, available in nyc3. */
export type DigitalOceanImageSeed = Partial<
  Omit<StoredImage, 'deletedAtMs' | 'listedFromMs' | 'unlisted' | 'readableFromMs' | 'accountTransfer'>
>

/** A time stamp as the API writes them, of ms since the epoch. */
export const timestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** An image from what is given of it. */
export const imageFromSeed = (seed: Partial<StoredImage>, id: number, nowMs: number): StoredImage => ({
  id,
  name: `snapshot-${id}`,
  distribution: 'Ubuntu',
  slug: null,
  public: false,
  regions: ['nyc3'],
  created_at: timestamp(nowMs),
  min_disk_size: 25,
  type: 'snapshot',
  size_gigabytes: 2.34,
  description: '',
  tags: [],
  status: 'available',
  error_message: '',
  ...seed,
})
