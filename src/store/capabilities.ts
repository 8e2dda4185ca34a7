import type { Compression, DiskFormat } from '../model/disk-format.ts'
import type { ImportField, UpdateField } from './requests.ts'

/** The members of the port that a store may be unable to serve. */
export type StoreOperation =
  | 'listPage'
  | 'get'
  | 'importFromUrl'
  | 'findOperations'
  | 'update'
  | 'replicate'
  | 'delete'
  | 'createFromServer'
  | 'createFromVolume'
  | 'createFromBackup'
  | 'getOperations'
  | 'listRegions'
  | 'quota'

/** Whether an operation works. Where it does not, calling it fails with `unsupported`, says why, and sends nothing. */
export type OperationSupport = { readonly supported: true } | { readonly supported: false; readonly reason: string }

/** What files an import takes. */
export interface ImportCapabilities {
  readonly formats: readonly DiskFormat[]
  /** Formats on which the provider's own sources disagree: worth a warning, not a refusal. */
  readonly uncertainFormats: readonly DiskFormat[]
  readonly compressions: readonly Compression[]
  /** The largest image after decompression, in bytes; absent where no limit is known. */
  readonly maximumBytes?: number | undefined
  /** Which describing fields of an import the provider keeps. The others are losses. */
  readonly fields: readonly ImportField[]
  /** How many imports the provider works on at a time; absent where no limit is known. */
  readonly concurrent?: number | undefined
}

/** What tags the provider holds. */
export interface TagCapabilities {
  /** `flat`: one string a tag. `pairs`: a key and a value. */
  readonly style: 'flat' | 'pairs'
  /** The most characters: of a flat tag, or of a key and a value each. */
  readonly maximumLength: number
  /** Whether a key can have more than one value at a time. */
  readonly repeatedKeys: boolean
}

/** What names the provider takes. */
export interface NameCapabilities {
  /** A regular expression for the whole name; absent where any text will do. */
  readonly pattern?: string | undefined
  /** The pattern in words. */
  readonly rule?: string | undefined
}

/** What a store can do, as data. */
export interface Capabilities {
  readonly operations: Readonly<Record<StoreOperation, OperationSupport>>
  readonly import: ImportCapabilities
  readonly update: { readonly fields: readonly UpdateField[] }
  readonly tags: TagCapabilities
  readonly names: NameCapabilities
  /** Whether `get` also takes a public image's slug where the id stands. */
  readonly slugs: boolean
  /** Whether one image can be used in several regions (`replicate`), or each region has images of its own. */
  readonly regionsPerImage: 'many' | 'one'
  /**
   * Where an operation key is kept: in the image's description or in a tag at the provider (in neither does `get` show
   * it), or in a `record` of the store's own beside the image. Absent where the store takes none.
   */
  readonly keysLiveIn?: 'description' | 'tag' | 'record' | undefined
}

/** An operation that works. */
export const supported: OperationSupport = { supported: true }

/** An operation that does not work, and why. */
export const notSupported = (reason: string): OperationSupport => ({ supported: false, reason })
