import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { saysAlreadyDeleted } from './errors.ts'
import { deletionOf } from './operations.ts'
import * as Wire from './wire.ts'

const mayMeanDeleted = ({ status }: ImageStoreError): boolean => status === 400 || status === 422

/**
 * Deletes an image. What is `deleted` already is refused with a message of its own; its status is not known, and an error may come
 * without any message (fact sheet §5, §12). So after any other refusal that may mean it, the image is looked at.
 */
export const deleting = (store: string, http: HttpClient, read: (id: string, call: Call) => StoreTask<Image>) => {
  const isGone = (id: string, call: Call): StoreTask<boolean> =>
    pipe(
      read(id, call),
      TE.map(({ status }) => status === 'deleted' || status === 'failed'),
      TE.orElse((error) => (error.kind === 'not-found' ? TE.right(true) : TE.left(error))),
    )

  const refused = (id: string, error: ImageStoreError, call: Call): StoreTask<Operation> => {
    const alreadyGone = TE.right(deletionOf(store, id, 'already-gone'))
    if (error.kind === 'not-found' || saysAlreadyDeleted(error)) return alreadyGone
    if (!mayMeanDeleted(error)) return TE.left(error)
    return pipe(
      isGone(id, call),
      TE.mapLeft(() => error),
      TE.flatMap((gone) => (gone ? alreadyGone : TE.left(error))),
    )
  }

  return (id: string) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        http.submit('DELETE', path`/v2/images/${id}`, Wire.Nothing, call),
        TE.map(() => deletionOf(store, id, 'deleted')),
        TE.orElse((error) => refused(id, error, call)),
      )
}
