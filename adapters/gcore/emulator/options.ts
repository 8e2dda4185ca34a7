import type { VirtualClock } from '../../../src/emulator/clock.ts'
import type { TagsEra } from './image-body.ts'
import type { GpuTaskTypes, ImageQuota, ProjectSeed, TaskData } from './settings.ts'
import type { ImageSeed } from './stored-image.ts'
import type { TimestampStyle } from './timestamps.ts'
import type { VolumeSeed } from './world.ts'

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
   * field's imports take 8 to 16 minutes, and some more than an hour; two numbers are the least and the most, drawn from the
   * seed. [LAN: facts 4.6]
   */
  readonly importDuration?: number | readonly [least: number, most: number]
  /**
   * How long the image then takes until it can be used: 20 000 by default. Meanwhile it goes through `settleStatuses`, its size
   * being `settleSize`. [GO 166ba7c, PY a58f2bae: facts 4.1]
   */
  readonly settleDuration?: number
  /**
   * What an image reads while it settles, each for an equal part of the time: `saving`, then `active`, by default. `queued` is
   * named too, and the image store underneath has more words, which nobody has seen. [GO, PY: facts 4.1, 4.3]
   */
  readonly settleStatuses?: readonly string[]
  /** The size of an image that settles: 0 by default, as seen; the specification allows null. [facts 3.1, 4.1] */
  readonly settleSize?: 0 | null
  /** What it then reads: `active` by default. Clients take anything else for a failure, such as `killed`. [PY: facts 4.2] */
  readonly settlesTo?: string
  /** How many imports of all have an image that settles, from 0 to 1, drawn from the seed: 1 by default; about 0.25 in the field. [facts 4.1] */
  readonly settleShare?: number
  /** For how long a task that fails tells its error before its state does: 0 by default. A client reckons with it. [OLD: facts 4.1] */
  readonly earlyError?: number
  /**
   * What a failed import leaves behind: `nothing` by default, as a guide says of all tasks, or an image that reads `killed` or stays
   * `queued`. Unconfirmed. [PD:async-operations: facts 4.1]
   */
  readonly failedImport?: 'nothing' | 'killed' | 'queued'
  /** Whether files of vmdk and iso are `taken` (by default) or `refused`: an older page names them, today's does not. [facts 11] */
  readonly uncertainFormats?: 'taken' | 'refused'
  /** Whether compressed files are `taken` or, by default, `refused`. No source says which. [facts 3.6] */
  readonly compression?: 'taken' | 'refused'
  /** What a distribution and version read that nobody has told: `unknown` by default, or empty, or null. Unconfirmed. [facts 3.1] */
  readonly unsetOs?: 'unknown' | 'empty' | 'null'
  /** How many imports run at a time; more wait as NEW. 6 by default. [LAN: facts 4.7] */
  readonly concurrentImports?: number
  /** How late lists of tasks show a new one, which by its id is there at once: 0 by default; up to 120 000 may be tried. */
  readonly taskListLag?: number
  /** In which form images carry their tags: `tags_v2` by default, as the specification of 2026-06 on has it. [facts 3.2] */
  readonly tagsEra?: TagsEra
  /** Whether images have all fields of the specification (`full`, by default) or the twelve that a `guide` shows. [facts 9.6] */
  readonly fields?: 'full' | 'guide'
  /** Whether the older chipset is called `i440` (by default) or, as until 2026-05, `pc`, which requests may then say too. [facts 9.3] */
  readonly machineTypes?: 'i440' | 'pc'
  /** What prices tell where they are asked for: numbers (`show`, by default), nothing (`hide`, `error`), or 0 on `trial`. [facts 2.1] */
  readonly prices?: 'show' | 'hide' | 'error' | 'trial'
  /** What `is_baremetal` reads in the list of bare-metal images: `true` by default; the specification allows null. [facts 3.1] */
  readonly bareMetalFlag?: 'true' | 'null'
  /** Whether a change of an image answers the `image` (by default) or, as in the guide, `three-fields` of it. [PD: facts 2] */
  readonly patchAnswer?: 'image' | 'three-fields'
  /** The coordinates of regions: as `text` by default; an example has numbers, and they may be null. [facts 8] */
  readonly coordinates?: 'text' | 'number' | 'null'
  /** How times are written: `zone-less` by default, as in the specification's examples. [facts 1.8] */
  readonly timestamps?: TimestampStyle
  /** How many ms times without a zone are ahead of UTC: 0 by default. That they are UTC is unconfirmed. [facts 1.8] */
  readonly zoneLessOffset?: number
  /** Whether image lists know `limit` and `offset`: `honoured` by default; servers of before 2026-07 may ignore them. */
  readonly pagination?: 'honoured' | 'ignored'
  /**
   * Whether image lists know their filters: `honoured` by default. `older` servers do not know `name`, `os_distro`, `os_version` and
   * `architecture`, which are of 2026-07. [facts 2.1]
   */
  readonly filters?: 'honoured' | 'older' | 'ignored'
  /** Whether `private=false` means true, being `any-value` (by default), or is a `boolean`. Unconfirmed. [facts 2.1] */
  readonly privateFilter?: 'any-value' | 'boolean'
  /** Whether an image must have `all` keys of several `tag_key` (by default) or `any`. Unconfirmed. [facts 2.1] */
  readonly tagKeys?: 'all' | 'any'
  /** In which order images are listed: the `newest` first by default. Unconfirmed. [facts 2.1] */
  readonly listOrder?: 'newest' | 'oldest' | 'id'
  /**
   * What the lists of bare-metal and GPU images are where a region has no such servers: `not-found`, a 404, by default, or `empty`. No
   * source says which.
   */
  readonly absentLists?: 'not-found' | 'empty'
  /** Whether a body's fields that nobody knows are `refused` (by default) or `ignored`. No source says which. */
  readonly unknownFields?: 'refused' | 'ignored'
  /** The fewest characters of a tag's key and value: 1 by the specification and by default, 3 by a guide. [facts 3.3] */
  readonly shortestTag?: 1 | 3
  /**
   * How all tags are removed: `by-null`, by default, as the specification says of `{"tags": null}`; or `by-empty`, where a client found
   * null refused and `{}` to do it. [TF2 resource.go: facts 3.3]
   */
  readonly clearingTags?: 'by-null' | 'by-empty'
  /** The status that a wrong body has: 400 by the guides and by default; a client maps 422 too. [PY: facts 5] */
  readonly validationStatus?: 400 | 422
  /** The status of a quota that is used up: 400 by default, or 403. Unconfirmed. [facts 5] */
  readonly quotaStatus?: 400 | 403
  /** The status of a change of an image that a task holds: 409 by default and likely. Unconfirmed. [facts 4.8] */
  readonly lockStatus?: 400 | 403 | 409 | 423
  /**
   * Whether the deletion of an image with volumes is `refused` however it is stored (by default, as seen), or `deletable` where it is
   * not stored raw, as a guide says. [LAN 1deb0bf, PD: facts 4.2]
   */
  readonly standardInUse?: 'refused' | 'deletable'
  /** The body of a 401: like all others by default, `{detail, code}`, or none. No source shows it. [facts 5] */
  readonly unauthorizedBody?: 'cloud' | 'detail' | 'empty'
  /** Whether errors tell the id of their request: `always` by default; an example has none. [facts 5] */
  readonly requestIds?: 'always' | 'never'
  /** Whether errors carry a `traceback`, as an old client reads it: `absent` by default. [OLD: facts 5] */
  readonly traceback?: 'absent' | 'present'
  /** Whether the scheme `APIKey` may be in any case, or as documented only (`APIKey`, `apikey`). Unconfirmed. [facts 1.2] */
  readonly schemeCase?: 'any' | 'documented'
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
