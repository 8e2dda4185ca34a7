import type { DiskFormat } from './disk-format.ts'
import type { OpenEnum } from './open-enum.ts'
import type { OperatingSystem } from './operating-system.ts'
import type { ImageRef, OperationRef } from './ref.ts'
import type { RegionId } from './region.ts'
import type { Size } from './size.ts'
import type { ImageStatus } from './status.ts'
import { type Tag, tagsEqual } from './tag.ts'

/** What sort of image it is. A provider's further kinds are carried as they are called. */
export type ImageKind = OpenEnum<
  | 'base'
  | 'application'
  | 'snapshot'
  | 'backup'
  | 'custom'
  | 'managed'
  | 'bare-metal'
  | 'gpu-virtual'
  | 'gpu-bare-metal'
>

/** Who can see the image. */
export type Visibility = OpenEnum<'private' | 'shared' | 'public'>

/** The processor it runs on. */
export type Architecture = OpenEnum<'x86_64' | 'aarch64'>

/** The firmware a server boots it with. */
export type Firmware = OpenEnum<'bios' | 'uefi'>

/** The virtual chipset. `pc`, the older word for it, reads as `i440`. */
export type MachineType = OpenEnum<'i440' | 'q35'>

/** Whether a server made from the image takes an SSH key. */
export type SshKeyPolicy = OpenEnum<'allow' | 'deny' | 'required'>

/** The graphics driver that is installed in the image. */
export interface GpuDriver {
  readonly vendor?: string | undefined
  /** Such as `open` or `proprietary`. */
  readonly type?: string | undefined
  readonly version?: string | undefined
}

/** What the image costs to keep, where the provider was asked and tells. */
export interface Price {
  /** Three letters, ISO 4217. */
  readonly currency: string
  /** In that currency. */
  readonly perHour?: number | undefined
  /** In that currency. */
  readonly perMonth?: number | undefined
}

/** Where the image came from, as far as the provider remembers. */
export interface Provenance {
  /** The operation that made it. */
  readonly operation?: OperationRef | undefined
  /** The caller's own key for that operation. */
  readonly key?: string | undefined
  /** The provider's own id of the server it was made from. */
  readonly server?: string | undefined
}

/**
 * A virtual machine image of any provider. Whatever a provider does not say is absent: nothing is guessed, and blank
 * texts count as nothing.
 */
export interface Image {
  readonly ref: ImageRef
  /** The provider's word for itself, such as `digitalocean`. */
  readonly provider: string
  /** What people call it. Not unique. */
  readonly name: string
  readonly kind?: ImageKind | undefined
  readonly visibility?: Visibility | undefined
  readonly status: ImageStatus
  /** The provider's own word for the status; empty where it gave none. */
  readonly providerStatus: string
  /** Why it failed, in the provider's words. */
  readonly failure?: string | undefined
  readonly os?: OperatingSystem | undefined
  readonly architecture?: Architecture | undefined
  readonly firmware?: Firmware | undefined
  readonly machineType?: MachineType | undefined
  readonly sshKeyPolicy?: SshKeyPolicy | undefined
  readonly gpuDriver?: GpuDriver | undefined
  /** The operation that holds the image at the moment; changes are refused until it ends. */
  readonly lockedBy?: OperationRef | undefined
  /** How the provider stores it, which need not be the format of the file that was imported. */
  readonly diskFormat?: OpenEnum<DiskFormat> | undefined
  readonly size?: Size | undefined
  /** The smallest disk a server needs for it, in bytes. */
  readonly minimumDiskBytes?: number | undefined
  /** The least memory a server needs for it, in bytes. */
  readonly minimumMemoryBytes?: number | undefined
  /** ISO 8601 with a zone. */
  readonly createdAt?: string | undefined
  /** ISO 8601 with a zone. */
  readonly updatedAt?: string | undefined
  /** A public image's name for use in place of its id, which stays the same when the image is refreshed. */
  readonly slug?: string | undefined
  readonly description?: string | undefined
  /** Where it can be used, each once. Empty while an import runs. */
  readonly regions: readonly RegionId[]
  /** In no particular order. */
  readonly tags: readonly Tag[]
  readonly provenance?: Provenance | undefined
  readonly price?: Price | undefined
  /**
   * The provider's payload, by reference. Left out of equality, plans and journals. Nothing is taken out of it: it may quote what no other
   * field and no error shows, such as the URL of a source.
   */
  readonly raw: unknown
}

type Fields = Readonly<Record<string, unknown>>

const hasFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** Whether two plain values say the same: fields in any order, one that is undefined like one that is absent. */
const sameValue = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) ||
  (hasFields(a) &&
    hasFields(b) &&
    [...new Set([...Object.keys(a), ...Object.keys(b)])].every((field) => sameValue(a[field], b[field])))

/** Whether two images say the same: every field but `raw`, tags and regions in any order. */
export const imageEquals = (a: Image, b: Image): boolean => {
  const { raw: _rawA, tags: tagsA, regions: regionsA, ...restA } = a
  const { raw: _rawB, tags: tagsB, regions: regionsB, ...restB } = b
  return sameValue(restA, restB) && tagsEqual(tagsA, tagsB) && sameValue([...regionsA].sort(), [...regionsB].sort())
}
