import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { asKind, type ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type Account, type ImageId, imageRefOf, operationRefOf } from './ids.ts'
import * as Wire from './wire.ts'

/** Deletions: a task each. */
export const deleting = (
  account: Account,
  http: HttpClient,
  read: (region: string, image: string, call: Call) => StoreTask<Image>,
) => {
  const begun = ({ region, image }: ImageId, task: string): Operation => ({
    ref: operationRefOf(account, { kind: 'task', region, id: task }),
    kind: 'delete',
    state: 'queued',
    image: imageRefOf(account, { region, image }),
    losses: [],
  })

  /** A deletion without a task to follow: of what is gone already, or accepted without naming one. */
  const untracked = ({ region, image }: ImageId): Operation => ({
    ref: operationRefOf(account, { kind: 'deletion', region, id: image }),
    kind: 'delete',
    state: 'running',
    image: imageRefOf(account, { region, image }),
    losses: [],
  })

  /** A 409 means one of two things, and the image tells which: it is locked by a task, or volumes were made from it. */
  const explainConflict = ({ region, image }: ImageId, error: ImageStoreError, call: Call): StoreTask<never> =>
    pipe(
      read(region, image, call),
      // An image that cannot be read leaves open which of the two it is.
      TE.mapLeft(() => error),
      TE.flatMap(({ lockedBy }) =>
        TE.left(
          lockedBy === undefined
            ? asKind(error, 'in-use', { hint: 'Delete the volumes that were made from the image first' })
            : asKind(error, 'locked', { hint: `Wait for ${lockedBy} first` }),
        ),
      ),
    )

  return (id: ImageId) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        http.submit(
          'DELETE',
          path`/cloud/v1/images/${account.projectId}/${id.region}/${id.image}`,
          Wire.AcceptedTasks,
          call,
        ),
        TE.map((answer) => {
          const task = answer?.tasks?.[0]
          return task === undefined ? untracked(id) : begun(id, task)
        }),
        TE.orElse((error): StoreTask<Operation> => {
          if (error.kind === 'not-found')
            return TE.right({ ...untracked(id), state: 'succeeded', outcome: 'already-gone' })
          return error.kind === 'conflict' ? explainConflict(id, error, call) : TE.left(error)
        }),
      )
}
