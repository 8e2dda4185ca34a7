import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { asKind, type ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { explainConflict, mayBeHeld } from './conflicts.ts'
import { type Account, type ImageId, imageRefOf, type OperationId, operationRefOf } from './ids.ts'
import { imagePath } from './paths.ts'
import * as Wire from './wire.ts'

/**
 * Deletions: a task each. A region or a namespace that does not exist is answered like an image that does not, so that a deletion
 * there has nothing to do either: it has ended as `already-gone` (fact sheet §5).
 */
export const deleting = (account: Account, http: HttpClient, read: (id: ImageId, call: Call) => StoreTask<Image>) => {
  /** A task of plain images tells that it deletes, and what; one of GPU images may not, so that the ref tells it. */
  const begunBy = ({ image, ...place }: ImageId, task: string): OperationId =>
    place.namespace === undefined
      ? { ...place, kind: 'task', id: task }
      : { ...place, kind: 'deletion', id: image, task }

  const begun = (id: ImageId, task: string): Operation => ({
    ref: operationRefOf(account, begunBy(id, task)),
    kind: 'delete',
    state: 'queued',
    image: imageRefOf(account, id),
    losses: [],
  })

  /** A deletion without a task to follow: of what is gone already, or accepted without naming one. */
  const untracked = (id: ImageId): Operation => ({
    ref: operationRefOf(account, { ...id, kind: 'deletion', id: id.image }),
    kind: 'delete',
    state: 'running',
    image: imageRefOf(account, id),
    losses: [],
  })

  /** Where no task holds the image, volumes were made from it. Source: fact sheet §4.2. */
  const inUse = (error: ImageStoreError): ImageStoreError =>
    asKind(error, 'in-use', { hint: 'Delete the volumes that were made from the image first' })

  return (id: ImageId) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        http.submit('DELETE', imagePath(account, id), Wire.AcceptedTasks, call),
        TE.map((answer) => {
          const task = answer?.tasks?.[0]
          return task === undefined ? untracked(id) : begun(id, task)
        }),
        TE.orElse((error): StoreTask<Operation> => {
          if (error.kind === 'not-found')
            return TE.right({ ...untracked(id), state: 'succeeded', outcome: 'already-gone' })
          return mayBeHeld(error) ? explainConflict(error, read(id, call), inUse) : TE.left(error)
        }),
      )
}
