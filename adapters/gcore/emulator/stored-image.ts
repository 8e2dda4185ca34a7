/** A tag as the provider keeps it; read-only ones are the system's. */
export interface StoredTag {
  readonly key: string
  readonly value: string
  readonly read_only: boolean
}

/** The namespaces of GPU images, each with a list and ids of its own. [SPEC: facts 2] */
export type GpuNamespace = 'virtual' | 'baremetal'

/** An image as the emulator keeps it, in the provider's words; the tag field's era and the times' style come later. */
export interface StoredImage {
  readonly id: string
  readonly region_id: number
  /** Where a GPU image is; `null` for all others. */
  readonly gpuNamespace: GpuNamespace | null
  /** Until then it is answered as if it were not there. In ms since 1970. */
  readonly visibleFromMs: number
  /** Whether it belongs to the project. Visibility does not say so, nor does the wire's `project_id`. [facts 3.1, 9.2] */
  readonly own: boolean
  /** Whether a server was booted from it: deleting it is refused then. */
  inUse: boolean
  name: string
  status: string
  visibility: string
  /** In bytes; 0 while the image settles, `null` is allowed by the specification. */
  size: number | null
  /** In GiB. */
  min_disk: number
  /** In MB. */
  min_ram: number
  disk_format: string
  architecture: string
  os_type: string
  os_distro: string | null
  os_version: string | null
  hw_firmware_type: string | null
  hw_machine_type: string | null
  ssh_key: string | null
  is_baremetal: boolean
  description: string | null
  display_order: number | null
  gpu_driver: string | null
  gpu_driver_type: string | null
  gpu_driver_version: string | null
  /** Told of GPU images only. */
  cuda_toolkit_version: string | null
  /** The task that holds a lock on it. */
  task_id: string | null
  /** The task that made it. */
  creator_task_id: string | null
  /** In ms since 1970, like the next. */
  createdAtMs: number
  updatedAtMs: number
  tags: readonly StoredTag[]
}

/** An image to be added past the API. Everything has a default; an own, active image in region 76 is the result. */
export type ImageSeed = Partial<Omit<StoredImage, 'tags'>> & {
  /** Tags of the user, and tags of the system. */
  readonly tags?: Readonly<Record<string, string>>
  readonly readOnlyTags?: Readonly<Record<string, string>>
}

/** What is answered for a distribution or version that nobody has told; what the provider answers is unconfirmed. [facts 3.1] */
export const unsetText = (style: 'unknown' | 'empty' | 'null'): string | null =>
  style === 'null' ? null : style === 'empty' ? '' : 'unknown'

/** The region of a seed that names none: Luxembourg-2. */
export const defaultRegionId = 76

const tagsOf = (record: Readonly<Record<string, string>> | undefined, readOnly: boolean): readonly StoredTag[] =>
  Object.entries(record ?? {}).map(([key, value]) => ({ key, value, read_only: readOnly }))

/** The image that a seed describes. `id` and `nowMs` (ms since 1970) are used where the seed has none. */
export const imageFromSeed = (
  { tags, readOnlyTags, ...given }: ImageSeed,
  defaults: { readonly id: string; readonly nowMs: number; readonly visibility: string },
): StoredImage => ({
  id: defaults.id,
  region_id: defaultRegionId,
  gpuNamespace: null,
  visibleFromMs: 0,
  own: true,
  inUse: false,
  name: 'image',
  status: 'active',
  visibility: defaults.visibility,
  size: 2_361_393_152,
  min_disk: 3,
  min_ram: 0,
  disk_format: 'qcow2',
  architecture: 'x86_64',
  os_type: 'linux',
  os_distro: 'ubuntu',
  os_version: '22.04',
  hw_firmware_type: null,
  hw_machine_type: null,
  ssh_key: 'allow',
  is_baremetal: false,
  description: null,
  display_order: null,
  gpu_driver: null,
  gpu_driver_type: null,
  gpu_driver_version: null,
  cuda_toolkit_version: null,
  task_id: null,
  creator_task_id: null,
  createdAtMs: given.createdAtMs ?? defaults.nowMs,
  updatedAtMs: given.createdAtMs ?? defaults.nowMs,
  ...given,
  tags: [...tagsOf(tags, false), ...tagsOf(readOnlyTags, true)],
})
