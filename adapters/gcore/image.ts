import type { GpuDriver, Image, Price } from '../../src/model/image.ts'
import { type OperatingSystem, operatingSystem } from '../../src/model/operating-system.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import { regionId } from '../../src/model/region.ts'
import { gibibytes, mebibytes, sizeFromBytes } from '../../src/model/size.ts'
import type { ImageStatus } from '../../src/model/status.ts'
import type { Tag } from '../../src/model/tag.ts'
import { presentText } from '../../src/model/text.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import { type Account, imageRefsIn, operationRefOf } from './ids.ts'
import { heldKeyOf, keyAmong, keyOfTag } from './key-tag.ts'
import type { GpuNamespace, Place } from './namespaces.ts'
import { decodeTag } from './tags.ts'
import type * as Wire from './wire.ts'

/** The provider's word for itself. */
export const provider = 'gcore'

/** The words of the image store behind Gcore (OpenStack Glance). Source: fact sheet §4. */
const statuses: ReadonlyMap<string, ImageStatus> = new Map([
  ['queued', 'queued'],
  ['saving', 'importing'],
  ['uploading', 'importing'],
  ['importing', 'importing'],
  ['active', 'available'],
  ['deactivated', 'deactivated'],
  ['killed', 'failed'],
  ['pending_delete', 'deleting'],
  ['deleted', 'deleted'],
])

/** Whether a size says that no bytes are in place: it is 0, or no amount at all. One that is not told says nothing. */
export const hasNoBytes = (size: number | null | undefined): boolean =>
  typeof size === 'number' && !(size > 0 && Number.isFinite(size))

/**
 * The status in the model. An import's image says `active` for a while before its bytes are in place; its size is 0 until
 * then (fact sheet §4.1). Public images, GPU images (whose size is 0 unless told, §3.1, and whose task ends when they can be
 * used, §4.4) and sizes that are not told are taken at their word.
 */
export const toStatus = (
  wire: Pick<Wire.Image, 'status' | 'size' | 'visibility'>,
  namespace?: GpuNamespace,
): ImageStatus => {
  const word = wire.status ?? ''
  // Folding allocates even where nothing changes, and nearly every image is `active` as it stands.
  const status = statuses.get(word) ?? statuses.get(word.toLowerCase()) ?? 'unknown'
  const settlesBySize = wire.visibility !== 'public' && namespace === undefined
  return status === 'available' && hasNoBytes(wire.size) && settlesBySize ? 'importing' : status
}

const noTags: readonly Tag[] = []

const toTag = (tag: Wire.Tags[number]): Tag => {
  if (typeof tag !== 'string') return decodeTag({ key: tag.key, value: tag.value ?? '' }, tag.read_only === true)
  const equals = tag.indexOf('=')
  return equals < 0 ? { key: tag } : decodeTag({ key: tag.slice(0, equals), value: tag.slice(equals + 1) })
}

/**
 * The tags in whichever of the forms the server has: `tags_v2`, else `tags` as objects or as `key=value` texts, else the
 * pairs of `metadata_detailed`. The order is that of the provider's own reader (fact sheet §3.2). The tag that holds an operation
 * key is none of the user's and left out.
 */
const toTags = ({ tags_v2, tags, metadata_detailed }: Wire.Image): readonly Tag[] => {
  const found = filled(tags_v2) ?? filled(tags) ?? filled(metadata_detailed)
  if (found === undefined) return noTags
  return keyAmong(found) === undefined
    ? found.map(toTag)
    : found.filter((tag) => keyOfTag(tag) === undefined).map(toTag)
}

const filled = (list: Wire.Tags | null | undefined): Wire.Tags | undefined =>
  list !== null && list !== undefined && list.length > 0 ? list : undefined

/** The older word for the older chipset is still sent for older images. Source: gcore-python b03c404c, fact sheet §9.3. */
const toMachineType = (word: string | null | undefined): string | undefined => {
  const present = presentText(word)
  return present === 'pc' ? 'i440' : present
}

const toGpuDriver = (wire: Wire.Image): GpuDriver | undefined => {
  const vendor = presentText(wire.gpu_driver)
  const type = presentText(wire.gpu_driver_type)
  const version = presentText(wire.gpu_driver_version)
  return vendor === undefined && type === undefined && version === undefined ? undefined : { vendor, type, version }
}

/** Prices are there only where they were asked for, and only `show` means that they hold. */
const toPrice = (wire: Wire.Image): Price | undefined =>
  typeof wire.currency_code === 'string' && wire.price_status === 'show'
    ? {
        currency: wire.currency_code,
        perHour: wire.price_per_hour ?? undefined,
        perMonth: wire.price_per_month ?? undefined,
      }
    : undefined

/** Operating systems read before: few triples, many images, and what they make is immutable. */
const knownSystems = new Map<string, Map<string, Map<string, OperatingSystem | undefined>>>()
const mostKnown = 500
let knownCount = 0

/** Looked up part by part: to join the parts to one key would allocate more than what it saves. */
const toOs = ({ os_type, os_distro, os_version }: Wire.Image): OperatingSystem | undefined => {
  const [family, distribution, version] = [os_type ?? '', os_distro ?? '', os_version ?? '']
  const versions = knownSystems.get(family)?.get(distribution)
  if (versions?.has(version) === true) return versions.get(version)
  const os = operatingSystem({ family, distribution, version })
  if (knownCount < mostKnown) {
    knownCount += 1
    const distributions = knownSystems.get(family) ?? new Map<string, Map<string, OperatingSystem | undefined>>()
    const siblings = distributions.get(distribution) ?? new Map<string, OperatingSystem | undefined>()
    knownSystems.set(family, distributions.set(distribution, siblings.set(version, os)))
  }
  return os
}

const taskRef = (account: Account, place: Place, id: string): OperationRef =>
  operationRefOf(account, { ...place, kind: 'task', id })

/**
 * Images in the model, as read in a region of the account, among all other images or in a namespace of GPU images. Total:
 * whatever Gcore sends, with any field missing or new, becomes an image. `project_id` is not taken: it says in which project it
 * was asked, not whose it is (fact sheet §3.1).
 */
export const imagesIn = (account: Account, region: string, namespace?: GpuNamespace): ((wire: Wire.Image) => Image) => {
  const place: Place = { region, namespace }
  const refOf = imageRefsIn(account, place)
  // One list for all images of the region.
  const regions = [regionId(region)]
  return (wire) => {
    const creator = presentText(wire.creator_task_id)
    const lock = presentText(wire.task_id)
    const key = heldKeyOf(wire)?.key
    return {
      ref: refOf(wire.id),
      provider,
      name: wire.name ?? '',
      kind: namespace ?? (wire.is_baremetal === true ? 'bare-metal' : undefined),
      visibility: presentText(wire.visibility),
      status: toStatus(wire, namespace),
      providerStatus: wire.status ?? '',
      os: toOs(wire),
      architecture: presentText(wire.architecture),
      firmware: presentText(wire.hw_firmware_type),
      machineType: toMachineType(wire.hw_machine_type),
      sshKeyPolicy: presentText(wire.ssh_key),
      gpuDriver: toGpuDriver(wire),
      lockedBy: lock === undefined ? undefined : taskRef(account, place, lock),
      diskFormat: presentText(wire.disk_format),
      size: typeof wire.size === 'number' ? sizeFromBytes(wire.size) : undefined,
      minimumDiskBytes: typeof wire.min_disk === 'number' ? gibibytes(wire.min_disk) : undefined,
      minimumMemoryBytes: typeof wire.min_ram === 'number' ? mebibytes(wire.min_ram) : undefined,
      createdAt: typeof wire.created_at === 'string' ? parseTimestamp(wire.created_at) : undefined,
      updatedAt: typeof wire.updated_at === 'string' ? parseTimestamp(wire.updated_at) : undefined,
      description: presentText(wire.description),
      regions,
      tags: toTags(wire),
      provenance:
        creator === undefined && key === undefined
          ? undefined
          : { operation: creator === undefined ? undefined : taskRef(account, place, creator), key },
      price: toPrice(wire),
      raw: wire,
    }
  }
}
