import { regionById } from './regions.ts'
import type { StoredImage, StoredTag } from './stored-image.ts'
import type { TimeStyle } from './timestamps.ts'
import { imageStamp } from './timestamps.ts'

/**
 * Where an image's answer carries its tags. `tags_v2`: objects, today's specification. `tags`: the same objects under the
 * name that the specification had until 2026-05. `strings`: `key=value` texts in `tags`, with `metadata` and
 * `metadata_detailed` beside them, as old servers had it. What stands in `tags` beside `tags_v2` today is unconfirmed: objects, or
 * texts, in the last two. [facts 3.2: SPEC, PY, GO, TF2 custom.go, OLD fixtures]
 */
export type TagsEra = 'tags_v2' | 'tags' | 'strings' | 'tags_v2-and-tags' | 'tags_v2-and-strings'

/** What decides how an image is written. */
export interface ImageBodyStyle extends TimeStyle {
  readonly projectId: number
  readonly tagsEra: TagsEra
  readonly fields: 'full' | 'guide'
  readonly prices: 'show' | 'hide' | 'error' | 'trial'
  readonly machineTypes: 'i440' | 'pc'
}

// Invented, with a month of 720 hours as in the specification's example: 0.0001 USD an hour for every GiB begun.
const hourlyPricePerGibibyte = 0.0001

/** The price of an image of so many GiB. Accounts on trial are told 0, and prices may be hidden or unknown. [SPEC: facts 2.1] */
export const priceOf = (gibibytes: number, style: ImageBodyStyle['prices']): Record<string, unknown> => {
  if (style === 'hide' || style === 'error')
    return { currency_code: null, price_per_hour: null, price_per_month: null, price_status: style }
  const hourly = style === 'trial' ? 0 : gibibytes * hourlyPricePerGibibyte
  return {
    currency_code: 'USD',
    price_per_hour: Number(hourly.toFixed(4)),
    price_per_month: Number((hourly * 720).toFixed(4)),
    price_status: 'show',
  }
}

const notAsked = { currency_code: null, price_per_hour: null, price_per_month: null, price_status: null }

const tagTexts = (tags: readonly StoredTag[]): readonly string[] => tags.map(({ key, value }) => `${key}=${value}`)

const tagFields = (tags: readonly StoredTag[], era: TagsEra): Record<string, unknown> => {
  switch (era) {
    case 'tags_v2':
      return { tags_v2: tags }
    case 'tags':
      return { tags }
    case 'strings':
      return {
        tags: tagTexts(tags),
        metadata: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
        metadata_detailed: tags,
      }
    case 'tags_v2-and-tags':
      return { tags_v2: tags, tags }
    case 'tags_v2-and-strings':
      return { tags_v2: tags, tags: tagTexts(tags) }
  }
}

// What a guide shows of an image. Older servers have fewer fields than the specification, too. [PD:manage-custom-images: facts 9.6]
const guideFields: readonly string[] = [
  ...['id', 'name', 'status', 'visibility', 'disk_format', 'size', 'os_type', 'architecture', 'ssh_key'],
  ...['hw_firmware_type', 'is_baremetal', 'created_at'],
]

const machineTypeOf = (stored: string | null, era: ImageBodyStyle['machineTypes']): string | null => {
  if (stored !== 'i440' && stored !== 'pc') return stored
  return era
}

/** An image as the API answers it: the 33 fields of the specification, or a guide's twelve, with the tags in the form of the era. */
export const imageBody = (image: StoredImage, style: ImageBodyStyle, withPrices: boolean): Record<string, unknown> => {
  const {
    own: _own,
    inUse: _inUse,
    gpuNamespace: _gpuNamespace,
    visibleFromMs: _visibleFromMs,
    cuda_toolkit_version: _cudaToolkitVersion,
    createdAtMs,
    updatedAtMs,
    tags,
    ...fields
  } = image
  const body: Record<string, unknown> = {
    ...fields,
    hw_machine_type: machineTypeOf(image.hw_machine_type, style.machineTypes),
    // Not the owner: a public image carries the project of the request too. [OLD fixture: facts 3.1]
    project_id: style.projectId,
    region: regionById(image.region_id)?.displayName ?? '',
    created_at: imageStamp(createdAtMs, style),
    updated_at: imageStamp(updatedAtMs, style),
    ...(withPrices ? priceOf(Math.ceil((image.size ?? 0) / 2 ** 30), style.prices) : notAsked),
    ...tagFields(tags, style.tagsEra),
  }
  return style.fields === 'full'
    ? body
    : Object.fromEntries(Object.entries(body).filter(([name]) => guideFields.includes(name)))
}

/**
 * A GPU image as the API answers it: 22 fields, with the tags as objects in `tags` in every era, and without project, region,
 * machine type, creator and prices. [SPEC GpuImageSerializer]
 */
export const gpuImageBody = (image: StoredImage, style: TimeStyle): Record<string, unknown> => ({
  id: image.id,
  name: image.name,
  status: image.status,
  visibility: image.visibility,
  size: image.size ?? 0,
  min_disk: image.min_disk,
  min_ram: image.min_ram,
  disk_format: image.disk_format,
  architecture: image.architecture,
  os_type: image.os_type,
  os_distro: image.os_distro,
  os_version: image.os_version,
  hw_firmware_type: image.hw_firmware_type,
  ssh_key: image.ssh_key,
  gpu_driver: image.gpu_driver,
  gpu_driver_type: image.gpu_driver_type,
  gpu_driver_version: image.gpu_driver_version,
  cuda_toolkit_version: image.cuda_toolkit_version,
  task_id: image.task_id,
  tags: image.tags,
  created_at: imageStamp(image.createdAtMs, style),
  updated_at: imageStamp(image.updatedAtMs, style),
})
