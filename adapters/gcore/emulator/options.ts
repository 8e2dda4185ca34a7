import type { VirtualClock } from '../../../src/emulator/clock.ts'
import type { TagsEra } from './image-body.ts'
import type { ImageSeed } from './stored-image.ts'
import type { TimestampStyle } from './timestamps.ts'
import type { ImageQuota, Settings } from './world.ts'

/** How an emulator of Gcore's image API is to behave. Everything has a default. Durations are in virtual ms. */
export interface GcoreEmulatorOptions {
  /** The port on 127.0.0.1; a free one by default. */
  readonly port?: number
  /** The permanent API token that is let in. By default a fake one of the provider's shape, `1234$` and hex digits. */
  readonly apiKey?: string
  /** The one project that there is. 1337 by default. */
  readonly projectId?: number
  /** The clock to live by, in place of `timeScale`. The caller moves it, and stops it. */
  readonly clock?: VirtualClock
  /** How many virtual seconds pass in a real one; 60 by default. 0: time stands still and is moved by `clock.advance`. */
  readonly timeScale?: number
  /** Ids follow from it: the same seed and the same requests give the same ids. */
  readonly seed?: number
  /**
   * How long an import takes from its acceptance to the finished task, where it need not wait: 300 000 by default. The
   * field's imports take 8 to 16 minutes and more. [LAN: facts 4.6]
   */
  readonly importDuration?: number
  /**
   * How long the image then takes until it can be used: 20 000 by default. In the first half it is `saving`, in the second
   * `active`, its size being 0 all the while. [GO 166ba7c, PY a58f2bae: facts 4]
   */
  readonly settleDuration?: number
  /** How many imports run at a time; more wait as NEW. 6 by default. [LAN: facts 4.7] */
  readonly concurrentImports?: number
  /** In which form images carry their tags: `tags_v2` by default, as the specification of 2026-06 on has it. */
  readonly tagsEra?: TagsEra
  /** How times are written: `zone-less` by default, as in the specification's examples. */
  readonly timestamps?: TimestampStyle
  /** Whether image lists know `limit` and `offset`: `honoured` by default; servers of before 2026-07 may ignore them. */
  readonly pagination?: 'honoured' | 'ignored'
  /** Whether image lists know their filters: `honoured` by default. Some are of 2026-07, and older servers ignore them. [facts 2.1] */
  readonly filters?: 'honoured' | 'ignored'
  /** What an imported image's visibility reads: `private` by default; the sources disagree. [facts 9.2] */
  readonly ownVisibility?: 'private' | 'shared'
  /** The image quota of regions by id, sizes in bytes. By default 100 images and 1 TiB, and nothing at all in region 6. */
  readonly quota?: Readonly<Record<number, ImageQuota>>
  /** Images that are there from the start, beside the public catalogue. */
  readonly images?: readonly ImageSeed[]
}

/** Not a token of anybody's: the number and the `$` are those of the documentation's example. [SEED] */
export const defaultApiKey = '1234$5afe0123456789abcdef5afe'

/** The settings that the options ask for. */
export const settingsOf = (options: GcoreEmulatorOptions): Settings => ({
  projectId: options.projectId ?? 1337,
  importDuration: options.importDuration ?? 300_000,
  settleDuration: options.settleDuration ?? 20_000,
  concurrentImports: options.concurrentImports ?? 6,
  tagsEra: options.tagsEra ?? 'tags_v2',
  timestamps: options.timestamps ?? 'zone-less',
  pagination: options.pagination ?? 'honoured',
  filters: options.filters ?? 'honoured',
  ownVisibility: options.ownVisibility ?? 'private',
  quota: options.quota ?? {},
})
