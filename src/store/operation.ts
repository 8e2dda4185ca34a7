import type { ImageStoreError } from '../model/error.ts'
import type { ImageRef, OperationRef } from '../model/ref.ts'

/** What an operation does. */
export type OperationKind = 'import' | 'delete' | 'replicate' | 'capture' | 'convert'

/**
 * How far an operation is, the same for every provider:
 * `queued` (accepted, not started) → `running` → `settling` (the provider calls it done, but the image cannot be used
 * yet) → `succeeded` or `failed`. `unknown` is a provider's word nobody knows; it is not an end.
 */
export type OperationState = 'queued' | 'running' | 'settling' | 'succeeded' | 'failed' | 'unknown'

/** Something asked for that could not be had as asked, and what became of it. */
export interface Loss {
  /** The field of the request, such as `description` or `tags`. */
  readonly field: string
  /** What was asked for, as people write it. */
  readonly wanted: string
  /** What is there instead; absent where it was left out. */
  readonly instead?: string | undefined
  /** Why, in one sentence. */
  readonly reason: string
}

/** A later image that an operation key has begun beside the one that is kept, since two attempts were carried out. */
export interface Duplicate {
  readonly image: ImageRef
  /** Whether it was removed. One that could not be is still there, and costs what an image costs. */
  readonly removed: boolean
}

/**
 * A long-running operation as plain data: it can be written to a file and looked up again by its ref, from another process
 * too. Already settled where the provider answers at once.
 */
export interface Operation {
  readonly ref: OperationRef
  readonly kind: OperationKind
  readonly state: OperationState
  /** The image it makes or works on, as soon as the provider names it. */
  readonly image?: ImageRef | undefined
  /** Why it failed, in the provider's words. */
  readonly failure?: string | undefined
  /** What to do about a failure, in one sentence, where that is known. */
  readonly hint?: string | undefined
  /** There on what failed because the provider gave it up without having begun it: the same call may succeed. See `importAll`. */
  readonly canBeRepeated?: true | undefined
  /** For a deletion that ended: whether it was this call that removed the image. */
  readonly outcome?: 'deleted' | 'already-gone' | undefined
  /** What of the request could not be had as asked: what the caller allowed to be lost, and what the provider made otherwise. */
  readonly losses: readonly Loss[]
  /** What the operation's key had begun beside it, and what became of that; absent where there was nothing. */
  readonly duplicates?: readonly Duplicate[] | undefined
  /** When the provider began it; ISO 8601 with a zone. */
  readonly startedAt?: string | undefined
  /** There on what a dry run gave in place of an operation: nothing was sent, and nothing came of it. See `dryRun`. */
  readonly dryRun?: true | undefined
}

/** What is known of one operation of several that were looked up together: one failed look-up does not hide the others. */
export type OperationLookup =
  | { readonly ref: OperationRef; readonly found: true; readonly operation: Operation }
  | { readonly ref: OperationRef; readonly found: false; readonly error: ImageStoreError }

/** Whether an operation has ended, one way or the other. */
export const isOperationSettled = (operation: Operation): boolean =>
  operation.state === 'succeeded' || operation.state === 'failed'
