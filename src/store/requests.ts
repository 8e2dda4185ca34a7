import type { Compression, DiskFormat } from '../model/disk-format.ts'
import type { Architecture, Firmware, MachineType, SshKeyPolicy } from '../model/image.ts'
import type { OperatingSystem, OsFamily } from '../model/operating-system.ts'
import type { RegionId } from '../model/region.ts'
import type { Tag } from '../model/tag.ts'

/** What becomes of the parts of a request that the provider cannot hold. */
export interface LossPolicy {
  /**
   * `refuse` (the default): the call fails with `invalid-argument` naming every such part, and sends nothing.
   * `accept`: the call goes ahead without them, and the operation lists them as its `losses`.
   */
  readonly onLoss?: 'refuse' | 'accept' | undefined
}

/** An image to be made from a file that the provider fetches. */
export interface ImportSpec extends LossPolicy {
  readonly name: string
  /** Where the provider can fetch the file without credentials, by HEAD and GET. */
  readonly url: string
  /** The region to import into. */
  readonly region: RegionId | string
  readonly description?: string | undefined
  readonly tags?: readonly Tag[] | undefined
  readonly os?: OperatingSystem | undefined
  readonly architecture?: Architecture | undefined
  readonly firmware?: Firmware | undefined
  readonly machineType?: MachineType | undefined
  readonly sshKeyPolicy?: SshKeyPolicy | undefined
  /** For bare-metal servers instead of virtual ones. */
  readonly bareMetal?: boolean | undefined
  /** For servers with graphics processors: virtual ones, or with `bareMetal` bare-metal ones. */
  readonly gpu?: boolean | undefined
  /** The file's disk format. Unless told, the one that the extension of the URL's path names, where it names one. */
  readonly format?: DiskFormat | undefined
  /** The compression around the file. Unless told, the one that the extension of the URL's path names, where it does. */
  readonly compression?: Compression | undefined
  /** Store it so that volumes share its blocks; such an image cannot be deleted while volumes made from it exist. */
  readonly copyOnWrite?: boolean | undefined
  /**
   * The caller's own name for this import. With it the call may be repeated: what the key has started already is found
   * instead of started again, and another spec under the same key, in any field, is a `conflict`. The query of the URL does not
   * count, because it is signed anew at every run. A store whose capabilities lack `findOperations` refuses it.
   */
  readonly key?: string | undefined
}

/** What to change about an image. A field that is absent stays as it is. */
export interface ImagePatch {
  readonly name?: string | undefined
  /** `''` removes it. */
  readonly description?: string | undefined
  readonly distribution?: string | undefined
  readonly osFamily?: OsFamily | undefined
  readonly firmware?: Firmware | undefined
  readonly machineType?: MachineType | undefined
  readonly sshKeyPolicy?: SshKeyPolicy | undefined
  readonly bareMetal?: boolean | undefined
  readonly tags?: TagsPatch | undefined
}

/** Which tags to add and which to remove. Tags that are named in neither stay as they are. */
export interface TagsPatch {
  /** Tags that shall be there afterwards. Where a key can have one value only, this replaces it. */
  readonly put?: readonly Tag[] | undefined
  /** Tags that shall not be there afterwards. One that is not there already is no error. */
  readonly drop?: readonly Tag[] | undefined
}

/** A fields' name of {@link ImportSpec} that describes the image to be made. */
export type ImportField = Exclude<
  keyof ImportSpec,
  'onLoss' | 'key' | 'name' | 'url' | 'region' | 'format' | 'compression'
>

/** A field's name of {@link ImagePatch}. */
export type UpdateField = keyof ImagePatch

/** An image to be made from the disk of a server, or from a volume. */
export interface CaptureSpec extends LossPolicy {
  readonly name: string
  /** The provider's own id of the server or the volume. */
  readonly source: string
  /** Where the server or the volume is. Needed where ids mean nothing outside their region (Gcore). */
  readonly region?: RegionId | string | undefined
  readonly tags?: readonly Tag[] | undefined
  readonly osFamily?: OsFamily | undefined
  readonly architecture?: Architecture | undefined
  readonly firmware?: Firmware | undefined
  readonly machineType?: MachineType | undefined
  readonly sshKeyPolicy?: SshKeyPolicy | undefined
  /** For bare-metal servers instead of virtual ones. */
  readonly bareMetal?: boolean | undefined
  /** The caller's own name for this capture, as for an import ({@link ImportSpec.key}). */
  readonly key?: string | undefined
}

/** A field's name of {@link CaptureSpec} that describes the image to be made. */
export type CaptureField = Exclude<keyof CaptureSpec, 'onLoss' | 'key' | 'name' | 'source' | 'region'>
