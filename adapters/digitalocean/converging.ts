import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError, isTransient } from '../../src/model/error.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { Duplicate, Operation } from '../../src/store/operation.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { isLive, type KeyedImage, oldestFirst } from './keyed-images.ts'
import { momentOf } from './moments.ts'

/** What one key has begun more than once, brought down to one. */
export interface Kept {
  /** The oldest. */
  readonly kept: KeyedImage
  /** The later ones of the same spec. */
  readonly duplicates: readonly Duplicate[]
  /** Whether one of them is there that could not be removed yet: it may be possible later. */
  readonly isOpen: boolean
}

/**
 * Images of one key that were begun within so long of each other, in milliseconds, come of a lost answer or of two processes that
 * began at one moment. One begun later by others is there for a reason that nobody knows here, and may be in use: it is told and left.
 */
const sameTimeMs = 15 * 60_000

/** The key has begun something else. */
export const keyConflict = (
  key: string,
  ref: ImageRef | OperationRef,
  left: readonly Duplicate[] = [],
): ImageStoreError => {
  const remains = left.filter(({ removed }) => !removed).map(({ image }) => image)
  return new ImageStoreError('conflict', `The key "${key}" has begun ${ref} with another spec`, {
    hint: [
      'All that was asked for counts, tags and description too. Use a key of its own for every image, or delete that one first',
      ...(remains.length === 0 ? [] : [`this call has made ${remains.join(', ')}, which could not be removed`]),
    ].join('; '),
  })
}

const wereBegunTogether = (a: KeyedImage, b: KeyedImage): boolean => {
  const [one, other] = [momentOf(a.image.createdAt), momentOf(b.image.createdAt)]
  return one !== undefined && other !== undefined && Math.abs(one - other) <= sameTimeMs
}

/** Whether what could not be removed may be another time: an image that is still imported can be refused (fact sheet §5). */
const mayPass = (error: ImageStoreError): boolean =>
  isTransient(error) || error.status === 409 || error.status === 422 || error.kind === 'canceled'

type Removal = 'removed' | 'not-yet' | 'left'

/** Brings what a key has begun down to one image, by the same rule in every process: the oldest is kept. */
export const converging = (store: string, remove: (id: string) => (call: Call) => StoreTask<Operation>) => {
  const removeDuplicate = (duplicate: KeyedImage, call: Call): T.Task<Removal> =>
    pipe(
      remove(String(duplicate.id))(call),
      TE.match(
        (error): Removal => (mayPass(error) ? 'not-yet' : 'left'),
        (): Removal => 'removed',
      ),
    )

  const dealWith =
    (kept: KeyedImage, own: readonly ImageRef[], call: Call) =>
    (duplicate: KeyedImage): StoreTask<readonly [Duplicate, Removal]> => {
      const { ref: image } = duplicate.image
      if (!isLive(store)(duplicate)) return TE.right([{ image, removed: true }, 'removed'])
      if (!own.includes(image) && !wereBegunTogether(kept, duplicate))
        return TE.right([{ image, removed: false }, 'left'])
      return pipe(
        TE.fromTask<Removal, ImageStoreError>(removeDuplicate(duplicate, call)),
        TE.map((removal) => {
          const removed = removal === 'removed'
          if (removed) call.noteCompleted(`the removal of ${image}, a duplicate of ${kept.image.ref}`)
          call.tell({ type: 'duplicate', image, removed })
          return [{ image, removed }, removal]
        }),
      )
    }

  /**
   * `begun` is everything that the key has begun, and `own` those of them that this store has made. Nothing where none of them is
   * alive. Fails with `conflict` where the oldest is of another spec, when those of this spec are removed.
   */
  return (key: string, digest: string, begun: readonly KeyedImage[], own: readonly ImageRef[] = []) =>
    (call: Call): StoreTask<Kept | undefined> => {
      const [kept] = begun.filter(isLive(store)).sort(oldestFirst)
      if (kept === undefined) return TE.right(undefined)
      const later = begun.filter(
        (one) =>
          one.id !== kept.id && one.trailer.digest === digest && (isLive(store)(one) || own.includes(one.image.ref)),
      )
      return pipe(
        later,
        TE.traverseSeqArray(dealWith(kept, own, call)),
        TE.flatMap((dealt) => {
          const duplicates = dealt.map(([duplicate]) => duplicate)
          return kept.trailer.digest === digest
            ? TE.right({ kept, duplicates, isOpen: dealt.some(([, removal]) => removal === 'not-yet') })
            : TE.left(keyConflict(key, kept.image.ref, duplicates))
        }),
      )
    }
}
