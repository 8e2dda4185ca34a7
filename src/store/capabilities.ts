import type { Compression, DiskFormat } from '../model/disk-format.ts'
import type { ImportNeeds } from './import-needs.ts'
import type { CaptureField, ImportField, UpdateField } from './requests.ts'

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

/** A right that the credentials must have. */
export interface TokenScope {
  /** In the provider's words, such as `image:read`. */
  readonly scope: string
  /** When it is needed, such as `where there are tags`; absent where always. */
  readonly when?: string | undefined
}

/** An operation that works. */
export interface Supported {
  readonly supported: true
  /** The least scopes that a token needs for it; empty where the provider's tokens have none. */
  readonly scopes: readonly TokenScope[]
}

/** Whether an operation works. Where it does not, calling it fails with `unsupported`, says why, and sends nothing. */
export type OperationSupport = Supported | { readonly supported: false; readonly reason: string }

/** What files an import takes, and what else it needs, as far as that is known. */
export interface ImportCapabilities extends ImportNeeds {
  readonly formats: readonly DiskFormat[]
  /** Formats on which the provider's own sources disagree: worth a warning, not a refusal. */
  readonly uncertainFormats: readonly DiskFormat[]
  readonly compressions: readonly Compression[]
  /** Compressions of which the provider says nothing. */
  readonly uncertainCompressions: readonly Compression[]
  /** An image must be smaller than that after decompression, in bytes; absent where no limit is known. */
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
  /** The most characters: of a flat tag, or of a key and a value each. Absent where no limit is known. */
  readonly maximumLength?: number | undefined
  /** Whether a key can have more than one value at a time. */
  readonly repeatedKeys: boolean
  /** The most tags of one image; absent where no limit is known. */
  readonly maximumCount?: number | undefined
}

/** What names the provider takes. */
export interface NameCapabilities {
  /** A regular expression for the whole name; absent where any text will do. */
  readonly pattern?: string | undefined
  /** The pattern in words. */
  readonly rule?: string | undefined
}

/** So many requests in so much time. */
export interface RequestLimit {
  readonly requests: number
  /** The length of the window, in seconds. */
  readonly perSeconds: number
}

/** How much may be asked for. What no source states is left out, which does not mean that there is no limit. */
export interface LimitCapabilities {
  /** Requests of one credential, all of them at the same time. Empty where none are published. */
  readonly requests: readonly RequestLimit[]
  /** The most images that one request lists, as this store asks for them. */
  readonly imagesPerRequest?: number | undefined
}

/** What a store can do, as data: JSON, without anything that JSON leaves out. */
export interface Capabilities {
  readonly operations: Readonly<Record<StoreOperation, OperationSupport>>
  readonly import: ImportCapabilities
  /** Which describing fields of a capture (`createFromServer`, `createFromVolume`) the provider keeps. The others are losses. */
  readonly capture: { readonly fields: readonly CaptureField[] }
  readonly update: { readonly fields: readonly UpdateField[] }
  readonly tags: TagCapabilities
  readonly names: NameCapabilities
  /** Whether `get` also takes a public image's slug where the id stands. */
  readonly slugs: boolean
  /** Whether one image can be used in several regions (`replicate`), or each region has images of its own. */
  readonly regionsPerImage: 'many' | 'one'
  /** Whether images can be asked for with their prices (`withPrices`). */
  readonly prices: boolean
  /**
   * Where an operation key is kept: in the image's description or in a tag at the provider (in neither does `get` show
   * it), or in a `record` of the store's own beside the image. Absent where the store takes none.
   */
  readonly keysLiveIn?: 'description' | 'tag' | 'record' | undefined
  /** The most characters of an operation key, as `encodeURIComponent` writes it; absent where any will do. */
  readonly maximumKeyLength?: number | undefined
  readonly limits: LimitCapabilities
}

/** An operation that works for every token that is let in. */
export const supported: OperationSupport = { supported: true, scopes: [] }

/** An operation that works for a token with these scopes; one that is needed at times only is given with its `when`. */
export const supportedWith = (...scopes: readonly (string | TokenScope)[]): OperationSupport => ({
  supported: true,
  scopes: scopes.map((scope) => (typeof scope === 'string' ? { scope } : scope)),
})

/** An operation that does not work, and why. */
export const notSupported = (reason: string): OperationSupport => ({ supported: false, reason })

/** Whether a store can do that at all. Words that name no operation, from plain JavaScript, name none that it can. */
export const supports = ({ operations }: Capabilities, operation: StoreOperation): boolean =>
  Object.hasOwn(operations, operation) && operations[operation].supported

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const part of Object.values(value)) freeze(part)
}

/** Capabilities that nobody can change: all stores of an adapter share them. */
export const fixed = (capabilities: Capabilities): Capabilities => {
  freeze(capabilities)
  return capabilities
}
