import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asKind, type ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { StoreTask } from '../../src/store/store-task.ts'

/**
 * What a 409 to a change of an image means, which the image tells: a task holds it, or it is being deleted. Where it is
 * neither, what a conflict means otherwise. An image that cannot be read leaves the error as it is. Source: fact sheet §3.1
 * (task_id), §4.2.
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
      return TE.left(
        status === 'deleting' ? asKind(error, 'locked', { hint: 'The image is being deleted' }) : otherwise(error),
      )
    }),
  )
