import { isMoment } from '../../../src/emulator/moment.ts'
import { isMapOf, isNumber, isRecordOf } from '../../../src/emulator/shape.ts'
import type { FieldCheck } from './fields.ts'
import { isBoolean, isOneOf, isText, orNull } from './fields.ts'
import { regionById } from './regions.ts'
import type { ImageSeed, StoredImage } from './stored-image.ts'
import type { VolumeSeed } from './world.ts'

const text = isText
const textOrNull = orNull(isText)

/** The id of a region that there is. */
export const isRegion: FieldCheck = (value) =>
  typeof value === 'number' && regionById(value) !== undefined ? undefined : 'should be the id of a region'

/** What an image's fields may be, but for its tags: in a seed and in a saved state alike. */
export const imageChecks: Readonly<Record<keyof Omit<StoredImage, 'tags'>, FieldCheck>> = {
  id: text,
  region_id: isRegion,
  gpuNamespace: orNull(isOneOf('virtual', 'baremetal')),
  visibleFromMs: isNumber,
  own: isBoolean,
  inUse: isBoolean,
  name: text,
  status: text,
  visibility: text,
  size: orNull(isNumber),
  min_disk: isNumber,
  min_ram: isNumber,
  disk_format: text,
  architecture: text,
  os_type: text,
  os_distro: textOrNull,
  os_version: textOrNull,
  hw_firmware_type: textOrNull,
  hw_machine_type: textOrNull,
  ssh_key: textOrNull,
  is_baremetal: isBoolean,
  description: textOrNull,
  display_order: orNull(isNumber),
  gpu_driver: textOrNull,
  gpu_driver_type: textOrNull,
  gpu_driver_version: textOrNull,
  cuda_toolkit_version: textOrNull,
  task_id: textOrNull,
  creator_task_id: textOrNull,
  createdAtMs: isMoment,
  updatedAtMs: isMoment,
}

/** What is wrong with an image seed out of JSON. */
export const imageSeedProblem = isRecordOf({ ...imageChecks, tags: isMapOf(text), readOnlyTags: isMapOf(text) }, [])

/** What a volume's fields may be. */
export const volumeChecks: Readonly<Record<keyof VolumeSeed, FieldCheck>> = {
  id: text,
  region_id: isRegion,
  bootable: isBoolean,
  size: isNumber,
}

/** What is wrong with a volume seed out of JSON. */
export const volumeSeedProblem = isRecordOf(volumeChecks, [])

const refuse = (what: string, problem: string | undefined): void => {
  if (problem !== undefined) throw new Error(`${what}: ${problem}`)
}

/** An image seed out of JSON. Throws an Error that names the field that is wrong or unknown. */
export const readImageSeed = (json: unknown): ImageSeed => {
  refuse('image', imageSeedProblem(json))
  return json as ImageSeed
}

/** A volume seed out of JSON, likewise; nothing at all is a volume too. */
export const readVolumeSeed = (json: unknown = {}): VolumeSeed => {
  refuse('volume', volumeSeedProblem(json))
  return json as VolumeSeed
}
