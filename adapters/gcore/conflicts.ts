import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asKind, type ImageStoreError, type ImageStoreErrorKind } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { StoreTask } from '../../src/store/store-task.ts'

/** Which error a locked image gives is unconfirmed: a conflict is likely, and these are possible (fact sheet §4.8). */
const mayMeanLocked: ReadonlySet<ImageStoreErrorKind> = new Set(['conflict', 'permission-denied', 'invalid-argument'])

/** Whether a refused change of an image may be refused because something else holds the image. */
export const mayBeHeld = ({ kind }: ImageStoreError): boolean => mayMeanLocked.has(kind)

/**
 * What a refusal of a change of an image means, which the image tells: a task holds it, or it is being deleted. Where it is neither,
 * a conflict means what it means otherwise, and any other refusal what it says. An image that cannot be read leaves the error as it
 * is. Source: fact sheet §3.1 (task_id), §4.2.
 */
export const explainConflict = (
  error: ImageStoreError,
  read: StoreTask<Image>,
  otherwise: (error: ImageStoreError) => ImageStoreError,
): StoreTask<never> =>
  pipe(
    read,
    TE.mapLeft(() => error),
    TE.flatMap(({ lockedBy, status }) => {
      if (lockedBy !== undefined) return TE.left(asKind(error, 'locked', { hint: `Wait for ${lockedBy} first` }))
      if (status === 'deleting') return TE.left(asKind(error, 'locked', { hint: 'The image is being deleted' }))
      return TE.left(error.kind === 'conflict' ? otherwise(error) : error)
    }),
  )
