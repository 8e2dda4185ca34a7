import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import type { Duplicate } from '../../src/store/operation.ts'
import { remember } from '../../src/store/remember.ts'
import type { KeyedRequest } from './keyed-request.ts'

/** What became of a later image under a key: its deletion was asked for at a moment, it is gone, or it cannot be removed. */
export type Removal = { readonly askedAt: number } | 'gone' | 'refused'

/** What is left to be seen to of an operation that a key has begun. Moments are milliseconds since the epoch. */
export interface Followed {
  readonly request: KeyedRequest
  /** How long before what it follows another of its key may have begun, and not have been seen by the look before. */
  readonly spanMs: number
  /** Until when something of its key may still show up that no look has shown, since a request with a lost answer was sent again. */
  readonly restlessUntil: number
  readonly removals: ReadonlyMap<ImageRef, Removal>
  /** Present when all is seen to: the operation that is kept, and what there was beside it. */
  readonly end?: { readonly kept: OperationRef; readonly failure?: string | undefined } | undefined
}

/** The operations of keys that a store follows. */
export interface FollowedOperations {
  readonly get: (ref: OperationRef) => Followed | undefined
  readonly note: (ref: OperationRef, followed: Followed) => void
}

/** How many are remembered: as many as one list of tasks holds. */
const most = 1000

/** None at first. */
export const followedOperations = (): FollowedOperations => {
  const operations = new Map<OperationRef, Followed>()
  return {
    get: (ref) => operations.get(ref),
    note: (ref, followed) => {
      operations.delete(ref)
      remember(operations, ref, followed, most)
    },
  }
}

/** What an operation says of the images that were removed, or could not be. */
export const duplicatesOf = ({ removals }: Followed): readonly Duplicate[] | undefined => {
  const ended = [...removals].flatMap(([image, removal]) =>
    typeof removal === 'string' ? [{ image, removed: removal === 'gone' }] : [],
  )
  return ended.length === 0 ? undefined : ended
}
