import type { Image } from '../model/image.ts'
import type { ImageQuery } from '../model/query.ts'
import type { ImageRef, OperationRef } from '../model/ref.ts'
import type { Region, RegionId } from '../model/region.ts'
import type { Capabilities, StoreOperation } from './capabilities.ts'
import type { Operation, OperationLookup } from './operation.ts'
import type { Cursor, Page } from './page.ts'
import type { Quota } from './quota.ts'
import type { CaptureSpec, ImagePatch, ImportSpec } from './requests.ts'
import type { CallOptions, ReadOptions, StoreTask } from './store-task.ts'

/**
 * The images of one account at one provider, the same for every provider. A record of primitives: whatever can be built
 * from them (`listImages`, `collect`, `waitFor`, `withPromises`) is built once, outside.
 *
 * Each sentence below is a promise that `imageferry/conformance` checks. Common to all members:
 * - A member that `capabilities.operations` calls unsupported fails with `unsupported` and sends nothing.
 * - A ref that is malformed or belongs to another store fails with `invalid-argument` and sends nothing.
 * - A signal that is aborted fails the call with `canceled`; one aborted beforehand lets nothing be sent. A request that makes
 *   something and has left is waited for, for ten seconds at the most: what it made is in the error's `completed`, and what it may
 *   have made, in `unconfirmed`.
 * - Errors carry the store's name and the member's name, the provider's request id where it gave one, and never a
 *   credential.
 * - Besides the kinds that are named with a member, any of them may fail with `unauthenticated`, `permission-denied`,
 *   `rate-limited`, `unavailable`, `timeout`, `canceled` or `unexpected-response`.
 */
export interface ImageStore {
  /** The first part of every ref that this store answers for. */
  readonly name: string
  /** The provider's word for itself. */
  readonly provider: string
  readonly capabilities: Capabilities
  /**
   * The share of its requests that the store may still send at the moment, from 0 to 1; absent where it keeps no count. Who looks
   * again and again can do so less often when little is left.
   */
  readonly requestsLeft?: (() => number) | undefined
  /** Whether the operation works at all and, with an image, on that image as it is now. Sends nothing. */
  readonly can: (operation: StoreOperation, image?: Image) => boolean

  /**
   * One page of the images that answer to the query; without a cursor the first. Following `next` visits every image
   * once. The default query is the account's own images. A cursor that is not this store's fails with
   * `invalid-argument`. A region that does not answer fails the page unless the query says otherwise.
   */
  readonly listPage: (query?: ImageQuery, cursor?: Cursor, options?: CallOptions) => StoreTask<Page>

  /** One image, by its ref. `not-found` where there is none, a deleted one included; a failed import can still be read. */
  readonly get: (ref: ImageRef, options?: ReadOptions) => StoreTask<Image>

  /**
   * Has the provider fetch a file and make an image of it. Returns as soon as the provider has accepted; what comes of it
   * is the operation's to tell. It is never sent twice by itself. `invalid-argument` for what the provider cannot hold,
   * before anything is sent; `quota-exceeded` where the account is full.
   *
   * With the caller's `key` the call may be repeated: what the key has begun or made is looked for first and returned,
   * and a second image is not made. The same key with another spec is a `conflict`. An import that failed counts as not
   * there, so that it can be begun again. Neither the tags nor the description that `get` reads show the key.
   */
  readonly importFromUrl: (spec: ImportSpec, options?: CallOptions) => StoreTask<Operation>

  /**
   * What a key has already started or made: none, one, or (after a lost answer) more. Oldest first. What is found is an
   * operation as `getOperations` gives it, one that failed included as long as the provider remembers it. A blank key
   * fails with `invalid-argument` and sends nothing.
   */
  readonly findOperations: (key: string, options?: CallOptions) => StoreTask<readonly Operation[]>

  /**
   * Changes an image and returns it as it is afterwards. `invalid-argument` names every field that the provider cannot
   * change or hold, before anything is sent. Where a change takes several requests and a later one fails, the error's
   * `completed` names what was changed.
   */
  readonly update: (ref: ImageRef, patch: ImagePatch, options?: CallOptions) => StoreTask<Image>

  /**
   * Makes the image usable in further regions: an operation for each, in order. A region that has it already is no error,
   * its operation has succeeded. `conflict` for an image that is not available, `invalid-argument` for a region that does not
   * exist. Where a later region fails, the error's `completed` holds the refs of the operations that were begun; the call may
   * be repeated, and comes to the same operations.
   */
  readonly replicate: (
    ref: ImageRef,
    regions: readonly (RegionId | string)[],
    options?: CallOptions,
  ) => StoreTask<readonly Operation[]>

  /**
   * Deletes an image; the operation's `outcome` says whether it was there. Deleting what is already gone succeeds.
   * `in-use`, `locked` and `permission-denied` (somebody else's image) are told apart.
   */
  readonly delete: (ref: ImageRef, options?: CallOptions) => StoreTask<Operation>

  /**
   * Makes an image from a server's disk. Returns as soon as the provider has accepted, which a server that is busy with
   * something else may delay. `not-found` for a server that does not exist. With the caller's `key` the call may be repeated
   * like an import; a capture that has not ended may be found by its spec only, and not by `findOperations`.
   */
  readonly createFromServer: (spec: CaptureSpec, options?: CallOptions) => StoreTask<Operation>

  /** Makes an image from a volume, like {@link createFromServer} from a server. */
  readonly createFromVolume: (spec: CaptureSpec, options?: CallOptions) => StoreTask<Operation>

  /**
   * Makes a backup into an image that stays until it is deleted. Never done implicitly, because it costs money.
   * `invalid-argument` for what is no backup.
   */
  readonly createFromBackup: (ref: ImageRef, options?: CallOptions) => StoreTask<Operation>

  /**
   * Looks many operations up in as few requests as the provider allows. One result for each ref, in the order of the
   * refs: what cannot be found or read is an error in its own place and does not fail the others.
   */
  readonly getOperations: (
    refs: readonly OperationRef[],
    options?: CallOptions,
  ) => StoreTask<readonly OperationLookup[]>

  /** The regions of the account, as the provider lists them now. */
  readonly listRegions: (options?: CallOptions) => StoreTask<readonly Region[]>

  /** How many images, and how much, the account may still have in a region. */
  readonly quota: (region: RegionId | string, options?: CallOptions) => StoreTask<Quota>
}
