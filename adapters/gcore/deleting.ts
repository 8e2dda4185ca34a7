import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { asKind, type ImageStoreError, isAnswerLost } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import { saysNothing } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import { pause } from '../../src/store/pause.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { explainConflict, mayBeHeld } from './conflicts.ts'
import { type Account, type ImageId, imageRefOf, type OperationId, operationId, operationRefOf } from './ids.ts'
import { imagePath } from './paths.ts'
import { kindOf } from './task.ts'
import * as Wire from './wire.ts'

/** What deletions are made from. */
export interface DeletingParts {
  readonly account: Account
  readonly http: HttpClient
  readonly runtime: Runtime
  readonly read: (id: ImageId, call: Call) => StoreTask<Image>
  readonly readTask: (id: string, call: Call) => StoreTask<Wire.Task>
}

/** How often a deletion is asked for in all, where its answer is lost. */
const mostAttempts = 3

/** How long is waited before the second time, in milliseconds; twice as long before the third. */
const firstDelayMs = 1_000

/**
 * Deletions: a task each. A region or a namespace that does not exist is answered like an image that does not, so that a deletion
 * there has nothing to do either: it has ended as `already-gone` (fact sheet §5).
 *
 * After a lost answer the image is looked at, once and at once: it is gone, or its deletion is under way, or it is asked for again,
 * and so it is where the look tells nothing.
 * To wait for what shows up late is not needed, since an id is never given to another image: whichever request comes last finds
 * nothing to do.
 */
export const deleting = ({ account, http, runtime, read, readTask }: DeletingParts) => {
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

  const gone = (id: ImageId, outcome: 'deleted' | 'already-gone'): Operation => ({
    ...untracked(id),
    state: 'succeeded',
    outcome,
  })

  /** Where no task holds the image, volumes were made from it. Source: fact sheet §4.2. */
  const inUse = (error: ImageStoreError): ImageStoreError =>
    asKind(error, 'in-use', { hint: 'Delete the volumes that were made from the image first' })

  /** The deletion by the task that holds an image, if that is what it does: it may be the answer that was lost. */
  const deletionBy = (id: ImageId, lock: OperationRef, call: Call): StoreTask<Operation | undefined> => {
    const holder = operationId(account)(lock)
    if (E.isLeft(holder)) return TE.right(untracked(id))
    return pipe(
      readTask(holder.right.id, call),
      TE.map((task) => (kindOf(task) === 'delete' ? begun(id, holder.right.id) : undefined)),
    )
  }

  /** What has become of an image whose deletion was asked for, and the answer lost; nothing where it is there as before. */
  const found = (id: ImageId, call: Call): StoreTask<Operation | undefined> =>
    pipe(
      read(id, call),
      TE.flatMap(({ status, lockedBy }): StoreTask<Operation | undefined> => {
        if (status === 'deleted') return TE.right(gone(id, 'deleted'))
        if (lockedBy !== undefined) return deletionBy(id, lockedBy, call)
        return TE.right(status === 'deleting' ? untracked(id) : undefined)
      }),
      TE.orElse((error): StoreTask<Operation | undefined> => {
        // Whether it was there before is not known: that it was the lost request which removed it is most likely.
        if (error.kind === 'not-found') return TE.right(gone(id, 'deleted'))
        return saysNothing(error) ? TE.right(undefined) : TE.left(error)
      }),
    )

  return (id: ImageId) =>
    (call: Call): StoreTask<Operation> => {
      const change = { change: `the deletion of image ${id.image}` }

      const ended = (operation: Operation): StoreTask<Operation> => {
        call.settle(change)
        return TE.right(operation)
      }

      /** What a refusal means. After a lost answer it may say that the lost request has been carried out. */
      const refused = (error: ImageStoreError, attempts: number): StoreTask<Operation> => {
        const hasLost = attempts > 1
        if (error.kind === 'not-found') return ended(gone(id, hasLost ? 'deleted' : 'already-gone'))
        if (!mayBeHeld(error) && !(hasLost && error.kind === 'locked')) return TE.left(error)
        const explained = explainConflict(error, read(id, call), inUse)
        return hasLost
          ? pipe(
              found(id, call),
              TE.flatMap((before) => (before === undefined ? explained : ended(before))),
            )
          : explained
      }

      const afterLoss = (error: ImageStoreError, attempts: number): StoreTask<Operation> => {
        call.tell({ type: 'answer-lost', ...change })
        return pipe(
          found(id, call),
          TE.tapIO((operation) => () => call.tell({ type: 'reconciled', ...change, found: operation !== undefined })),
          TE.flatMap((operation) => {
            if (operation !== undefined) return ended(operation)
            if (attempts >= mostAttempts) return TE.left(error)
            return pipe(
              pause(runtime, firstDelayMs * attempts, call),
              TE.flatMap(() => asked(attempts + 1)),
            )
          }),
        )
      }

      const asked = (attempts: number): StoreTask<Operation> =>
        pipe(
          http.submit('DELETE', imagePath(account, id), Wire.AcceptedTasks, { ...call, change }),
          TE.map((answer) => {
            const task = answer?.tasks?.[0]
            return task === undefined ? untracked(id) : begun(id, task)
          }),
          TE.orElse((error) => (isAnswerLost(error) ? afterLoss(error, attempts) : refused(error, attempts))),
        )
      return asked(1)
    }
}
