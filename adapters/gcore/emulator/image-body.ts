import { regionById } from './regions.ts'
import type { StoredImage, StoredTag } from './stored-image.ts'
import type { TimestampStyle } from './timestamps.ts'
import { imageStamp } from './timestamps.ts'

/**
 * Where an image's answer carries its tags. `tags_v2`: objects, today's specification. `tags`: the same objects under the
 * name that the specification had until 2026-05. `strings`: `key=value` texts in `tags`, with `metadata` and
 * `metadata_detailed` beside them, as old servers had it. [facts 3.2: SPEC, PY, GO, TF2 custom.go, OLD fixtures]
 */
export type TagsEra = 'tags_v2' | 'tags' | 'strings'

/** What decides how an image is written. */
export interface ImageBodyStyle {
  readonly projectId: number
  readonly tagsEra: TagsEra
  readonly timestamps: TimestampStyle
}

// Invented, with a month of 720 hours as in the specification's example: 0.0001 USD an hour for every GiB begun.
const hourlyPricePerGibibyte = 0.0001

const prices = (size: number | null, isAsked: boolean): Record<string, unknown> => {
  if (!isAsked) return { currency_code: null, price_per_hour: null, price_per_month: null, price_status: null }
  const hourly = Math.ceil((size ?? 0) / 2 ** 30) * hourlyPricePerGibibyte
  return {
    currency_code: 'USD',
    price_per_hour: Number(hourly.toFixed(4)),
    price_per_month: Number((hourly * 720).toFixed(4)),
    price_status: 'show',
  }
}

const tagFields = (tags: readonly StoredTag[], era: TagsEra): Record<string, unknown> => {
  switch (era) {
    case 'tags_v2':
      return { tags_v2: tags }
    case 'tags':
      return { tags }
    case 'strings':
      return {
        tags: tags.map(({ key, value }) => `${key}=${value}`),
        metadata: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
        metadata_detailed: tags,
      }
  }
}

/** An image as the API answers it: the 33 fields of the specification, with the tags in the form of the era. */
export const imageBody = (
  image: StoredImage,
  { projectId, tagsEra, timestamps }: ImageBodyStyle,
  withPrices: boolean,
): Record<string, unknown> => {
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
  return {
    ...fields,
    // Not the owner: a public image carries the project of the request too. [OLD fixture: facts 3.1]
    project_id: projectId,
    region: regionById(image.region_id)?.displayName ?? '',
    created_at: imageStamp(createdAtMs, timestamps),
    updated_at: imageStamp(updatedAtMs, timestamps),
    ...prices(image.size, withPrices),
    ...tagFields(tags, tagsEra),
  }
}

/**
 * A GPU image as the API answers it: 22 fields, with the tags as objects in `tags` in every era, and without project, region,
 * machine type, creator and prices. [SPEC GpuImageSerializer]
 */
export const gpuImageBody = (
  image: StoredImage,
  { timestamps }: Pick<ImageBodyStyle, 'timestamps'>,
): Record<string, unknown> => ({
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
  created_at: imageStamp(image.createdAtMs, timestamps),
  updated_at: imageStamp(image.updatedAtMs, timestamps),
})
