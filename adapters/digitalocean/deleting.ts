import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { type ImageStoreError, isAnswerLost } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { saysNothing } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import { pause } from '../../src/store/pause.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { saysAlreadyDeleted } from './errors.ts'
import type { freshImages } from './fresh-images.ts'
import { deletionOf } from './operations.ts'
import * as Wire from './wire.ts'

const mayMeanDeleted = ({ status }: ImageStoreError): boolean => status === 400 || status === 422

/** How often a deletion is asked for in all, … */
const mostAttempts = 3
/** … and how long after the first lost answer it is asked for again, in milliseconds; after a further one twice as long. */
const firstDelayMs = 2_000
/** How long after a new image was not found its deletion is asked for again, in milliseconds. */
const unreadableDelayMs = 5_000

/**
 * Deletes an image. What is `deleted` already is refused with a message of its own; its status is not known, and an error may come
 * without any message (fact sheet §5, §12). So after any other refusal that may mean it, the image is looked at.
 *
 * After a lost answer the image is looked at once and the deletion sent again where it is still there. There is no grace: ids are
 * never used again, so that a first one that is carried out late finds nothing to do. An image that was accepted a moment ago and
 * is not found has not gone: its deletion is asked for again.
 */
export const deleting = (
  store: string,
  http: HttpClient,
  read: (id: string, call: Call) => StoreTask<Image>,
  fresh: ReturnType<typeof freshImages>,
  runtime: Runtime,
) => {
  const isGone = (id: string, call: Call): StoreTask<boolean> =>
    pipe(
      read(id, call),
      TE.map(({ status }) => status === 'deleted' || status === 'failed'),
      TE.orElse((error) => (error.kind === 'not-found' ? TE.right(!fresh.mayBeUnreadable(id)) : TE.left(error))),
    )

  const refused = (id: string, error: ImageStoreError, outcome: Operation['outcome'], call: Call) => {
    const gone: StoreTask<Operation> = TE.right({ ...deletionOf(store, id, 'already-gone'), outcome })
    if (error.kind === 'not-found' || saysAlreadyDeleted(error)) return gone
    if (!mayMeanDeleted(error)) return TE.left(error)
    return pipe(
      isGone(id, call),
      TE.mapLeft(() => error),
      TE.flatMap((hasGone) => (hasGone ? gone : TE.left(error))),
    )
  }

  /**
   * What is gone after a lost answer counts as deleted by this call. Whether it had been there at all cannot be known then: most calls
   * delete what is there. A look that tells nothing is none, and the deletion is asked for again.
   */
  const afterLoss = (id: string, error: ImageStoreError, attempt: number, call: Call): StoreTask<Operation> => {
    const change = `the deletion of image ${id}`
    call.tell({ type: 'answer-lost', change })
    return pipe(
      isGone(id, call),
      TE.orElse((unseen) => (saysNothing(unseen) ? TE.right(false) : TE.left(error))),
      TE.tapIO((found) => () => call.tell({ type: 'reconciled', change, found })),
      TE.flatMap((gone) => {
        if (gone) {
          call.settle({ change })
          return TE.right(deletionOf(store, id, 'deleted'))
        }
        if (attempt >= mostAttempts) return TE.left(error)
        return pipe(
          pause(runtime, firstDelayMs * 2 ** (attempt - 1), call),
          TE.flatMap(() => remove(id, attempt + 1, call)),
        )
      }),
    )
  }

  const remove = (id: string, attempt: number, call: Call): StoreTask<Operation> =>
    pipe(
      http.submit('DELETE', path`/v2/images/${id}`, Wire.Nothing, {
        ...call,
        change: { change: `the deletion of image ${id}` },
      }),
      TE.map(() => deletionOf(store, id, 'deleted')),
      TE.orElse((error) => {
        if (isAnswerLost(error)) return afterLoss(id, error, attempt, call)
        if (error.kind === 'not-found' && fresh.mayBeUnreadable(id))
          return pipe(
            pause(runtime, unreadableDelayMs, call),
            TE.flatMap(() => remove(id, attempt, call)),
          )
        return refused(id, error, attempt === 1 ? 'already-gone' : 'deleted', call)
      }),
    )

  return (id: string) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        remove(id, 1, call),
        TE.tapIO(() => () => fresh.forget(id)),
      )
}
