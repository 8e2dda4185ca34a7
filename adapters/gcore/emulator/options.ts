import type { VirtualClock } from '../../../src/emulator/clock.ts'
import type { TagsEra } from './image-body.ts'
import type { ImageSeed } from './stored-image.ts'
import type { TimestampStyle } from './timestamps.ts'
import type { GpuTaskTypes, ImageQuota, ProjectSeed, Settings, TaskData, VolumeSeed } from './world.ts'

/** How an emulator of Gcore's image API is to behave. Everything has a default. Durations are in virtual ms. */
export interface GcoreEmulatorOptions {
  /** The port on 127.0.0.1; a free one by default. */
  readonly port?: number
  /** The permanent API token that is let in. By default a fake one of the provider's shape, `1234$` and hex digits. */
  readonly apiKey?: string
  /** The number of the project that the images are in. 1337 by default. */
  readonly project?: number
  /** Its name: `Default` by default. */
  readonly projectName?: string
  /** Further projects of the client, which have no images here. One with `deleted` is listed where deleted ones are asked for. */
  readonly furtherProjects?: readonly ProjectSeed[]
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
  /**
   * Whether `projectimages` holds bare-metal images too: `true` by default. `false`: they are in `bmimages` only, where the
   * region has bare metal. No source says which. [facts 2]
   */
  readonly bareMetalInProjectImages?: boolean
  /** Whether the list of all images holds bare-metal images too: `false` by default. No source says which. [facts 2] */
  readonly bareMetalInImages?: boolean
  /**
   * For how long a GPU image is not to be read after its task is FINISHED: 10 000 by default. A client of the provider's
   * bears with it for 20 s. [TF0: facts 4.4]
   */
  readonly gpuReadLag?: number
  /**
   * What the tasks of GPU images are called, with `virtual` or `baremetal` in place of `*`. Unless told, `upload_*_image` as in
   * old fixtures, and for deletions a word of this emulator's. No source names today's. [OLD: facts 4.1]
   */
  readonly gpuTaskTypes?: Partial<GpuTaskTypes>
  /** The image quota of regions by id, sizes in bytes. By default 100 images and 1 TiB, and nothing at all in region 6. */
  readonly quota?: Readonly<Record<number, ImageQuota>>
  /**
   * What the tasks that make images tell of their request in `data`: the request's fields (`full`), `name-and-url` (of a capture
   * the name and the volume) by default, or nothing (`none`). No source says which. [facts 10]
   */
  readonly taskData?: TaskData
  /** How long an image of a volume takes until it can be used: 60 000 by default. */
  readonly captureDuration?: number
  /** Volumes that are there from the start. */
  readonly volumes?: readonly VolumeSeed[]
  /** Images that are there from the start, beside the public catalogue. */
  readonly images?: readonly ImageSeed[]
}

/** Not a token of anybody's: the number and the `$` are those of the documentation's example. [SEED] */
export const defaultApiKey = '1234$5afe0123456789abcdef5afe'

/** The settings that the options ask for. */
export const settingsOf = (options: GcoreEmulatorOptions): Settings => ({
  projectId: options.project ?? 1337,
  projectName: options.projectName ?? 'Default',
  furtherProjects: options.furtherProjects ?? [],
  importDuration: options.importDuration ?? 300_000,
  settleDuration: options.settleDuration ?? 20_000,
  concurrentImports: options.concurrentImports ?? 6,
  tagsEra: options.tagsEra ?? 'tags_v2',
  timestamps: options.timestamps ?? 'zone-less',
  pagination: options.pagination ?? 'honoured',
  filters: options.filters ?? 'honoured',
  ownVisibility: options.ownVisibility ?? 'private',
  bareMetalInProjectImages: options.bareMetalInProjectImages ?? true,
  bareMetalInImages: options.bareMetalInImages ?? false,
  gpuReadLag: options.gpuReadLag ?? 10_000,
  gpuTaskTypes: { upload: 'upload_*_image', remove: 'remove_gpu_*_image', ...options.gpuTaskTypes },
  taskData: options.taskData ?? 'name-and-url',
  captureDuration: options.captureDuration ?? 60_000,
  quota: options.quota ?? {},
})
