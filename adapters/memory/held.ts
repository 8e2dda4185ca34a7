import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { type ImageRef, idWithin } from '../../src/model/ref.ts'
import type { StoreOperation } from '../../src/store/capabilities.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { reasonAgainst } from './can.ts'
import { imageAt, type State } from './state.ts'

/** An image of the store by its own id. */
export interface HeldImage {
  readonly id: string
  readonly image: Image
}

/** Look-ups of the images that a store holds, as they are now. */
export const heldImages = (store: string, state: State, runtime: Runtime) => {
  const now = (id: string): Image | undefined => imageAt(state, id, runtime.now())

  const imageId = (ref: ImageRef): E.Either<ImageStoreError, string> =>
    pipe(
      idWithin(store)(ref),
      E.filterOrElse(
        (id) => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id),
        () => new ImageStoreError('invalid-argument', `${ref} is not an image of this store`),
      ),
    )

  /** The image of a ref. `not-found` where there is none, or one that has been deleted. */
  const find = (ref: ImageRef): E.Either<ImageStoreError, HeldImage> =>
    pipe(
      imageId(ref),
      E.flatMap((id) =>
        pipe(
          now(id),
          E.fromNullable(new ImageStoreError('not-found', `There is no ${ref}`)),
          E.filterOrElse(
            ({ status }) => status !== 'deleted',
            () => new ImageStoreError('not-found', `${ref} has been deleted`),
          ),
          E.map((image) => ({ id, image })),
        ),
      ),
    )

  /** The image of a ref, where an operation works with it as it is now. */
  const findFor = (operation: StoreOperation, ref: ImageRef): E.Either<ImageStoreError, HeldImage> =>
    pipe(
      find(ref),
      E.flatMap((held) => {
        const reason = reasonAgainst(operation, held.image)
        return reason === undefined ? E.right(held) : E.left(reason)
      }),
    )

  return { now, imageId, find, findFor }
}
