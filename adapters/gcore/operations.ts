import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import { presentText } from '../../src/model/text.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { finishedImages, type OwnImages } from './finished-images.ts'
import { type Account, type ImageId, imageRefOf, type OperationId, operationId, operationRefOf, taskOf } from './ids.ts'
import { imagesIn } from './image.ts'
import { heldKeyOf } from './key-tag.ts'
import { finishedAt } from './keyed-tasks.ts'
import { notLookedUp } from './not-looked-up.ts'
import { imagePath } from './paths.ts'
import { settlingLooks } from './settling-looks.ts'
import { endedInError, failed, imageOf, operationOf, statesBeforeTheEnd, withImage } from './task.ts'
import { type Tasks, taskList } from './task-list.ts'
import * as Wire from './wire.ts'

/** The longest that the provider's own clients wait for a task, in milliseconds. Source: fact sheet §4.1. */
const longestTaskMs = 7_200_000

/** How long after the end of its task an image may still be on its way to where it can be read, in milliseconds. */
const longestLagMs = 900_000

/** A stamp without a zone is read as UTC, which is unconfirmed: it may be so much later, in milliseconds (fact sheet §1.8). */
const longestZoneMs = 14 * 3_600_000

/** The latest moment that a stamp may mean. */
const momentOf = (stamp: string | null | undefined): number | undefined => {
  const parsed = typeof stamp === 'string' ? parseTimestamp(stamp) : undefined
  if (parsed === undefined) return undefined
  const hasZone = typeof stamp === 'string' && /(z|[+-]\d\d:?\d\d)$/i.test(stamp.trim())
  return Date.parse(parsed) + (hasZone ? 0 : longestZoneMs)
}

/** Since when the image of a finished task should be there; absent where the task tells no time that can be read. */
const endOf = ({ finished_on, created_on }: Wire.Task): number | undefined => {
  const created = momentOf(created_on)
  return momentOf(finished_on) ?? (created === undefined ? undefined : created + longestTaskMs)
}

/** What is known of several operations, and the list of tasks where it was read for them. */
export interface LookedUp {
  readonly lookups: readonly OperationLookup[]
  readonly tasks: Tasks
}

/** Look-ups of operations: of one by its task, of more than one by the list of all tasks. */
export const operationLookups = (account: Account, http: HttpClient, runtime: Runtime, ownImages: OwnImages) => {
  const { newestTasks, tasksAmong, readTask } = taskList(account, http)
  const looks = settlingLooks(runtime)

  /** One image. Prices are told only where they are asked for, and never of a GPU image (fact sheet §2.1, §3.1). */
  const readImage = (id: ImageId, call: Call, withPrices = false): StoreTask<Image> =>
    pipe(
      http.get(imagePath(account, id), Wire.Image, {
        ...call,
        query: withPrices && id.namespace === undefined ? { include_prices: true } : {},
      }),
      TE.map(imagesIn(account, id.region, id.namespace)),
    )

  /** A finished task's image may not be readable for some seconds (fact sheet §4.4); after a quarter of an hour it is not there. */
  const withoutImage = (operation: Operation, task: Wire.Task): Operation => {
    const end = endOf(task)
    return end !== undefined && runtime.now() > end + longestLagMs
      ? failed(operation, 'The image that the task made is not there any more')
      : { ...operation, state: 'settling' }
  }

  const finished = (
    operation: Operation,
    { region, namespace }: OperationId,
    task: Wire.Task,
    find: (id: ImageId) => StoreTask<Image>,
  ): StoreTask<Operation> => {
    const image = imageOf(task)
    if (operation.kind === 'delete') return TE.right({ ...operation, state: 'succeeded', outcome: 'deleted' })
    if (image === undefined) return TE.right(failed(operation, 'The task finished without naming the image it made'))
    const ref = imageRefOf(account, { region, namespace, image })
    if (!looks.isDue(ref)) return TE.right({ ...operation, state: 'settling' })
    return pipe(
      find({ region, namespace, image }),
      TE.map((found) => withImage(operation, found)),
      TE.orElse((error) =>
        error.kind === 'not-found' ? TE.right<typeof error, Operation>(withoutImage(operation, task)) : TE.left(error),
      ),
      TE.tapIO(
        ({ state }) =>
          () =>
            looks.note(ref, state === 'settling', finishedAt(task)),
      ),
    )
  }

  const judge = (id: OperationId, task: Wire.Task, find: (id: ImageId) => StoreTask<Image>): StoreTask<Operation> => {
    const operation = operationOf(account, id, task)
    const error = presentText(task.error)
    const state = task.state.toUpperCase()
    if (state === 'ERROR') return TE.right(failed(operation, error ?? endedInError))
    if (state === 'FINISHED') return finished(operation, id, task, find)
    // A reason may be there before the state says ERROR (fact sheet §4.1).
    if (error !== undefined) return TE.right(failed(operation, error))
    return TE.right({ ...operation, state: statesBeforeTheEnd[state] ?? 'unknown' })
  }

  /** A deletion without a task: it has ended when the image cannot be read any more. */
  const deletion = (id: OperationId, call: Call): StoreTask<Operation> => {
    const operation: Operation = {
      ref: operationRefOf(account, id),
      kind: 'delete',
      state: 'running',
      image: imageRefOf(account, { ...id, image: id.id }),
      losses: [],
    }
    const ended: Operation = { ...operation, state: 'succeeded', outcome: 'deleted' }
    return pipe(
      readImage({ ...id, image: id.id }, call),
      TE.map(({ status }) => (status === 'deleted' ? ended : operation)),
      TE.orElse((error) => (error.kind === 'not-found' ? TE.right(ended) : TE.left(error))),
    )
  }

  /** The making of an image that does not tell its task: as far as the image is. */
  const making = (id: OperationId, call: Call): StoreTask<Operation> =>
    pipe(
      readImage({ ...id, image: id.id }, call),
      TE.map((image) => {
        const held = Wire.Image.is(image.raw) ? heldKeyOf(image.raw) : undefined
        const ref = operationRefOf(account, id)
        const { createdAt: startedAt } = image
        return withImage({ ref, kind: held?.kind ?? 'import', state: 'unknown', losses: [], startedAt }, image)
      }),
    )

  const one =
    (tasks: Tasks, find: (id: ImageId) => StoreTask<Image>, call: Call) =>
    (ref: OperationRef): T.Task<OperationLookup> =>
      pipe(
        TE.fromEither(operationId(account)(ref)),
        TE.flatMap((id) => {
          const task = taskOf(id)
          if (task === undefined) return id.kind === 'image' ? making(id, call) : deletion(id, call)
          const known = tasks.get(task)
          return pipe(
            known === undefined ? readTask(task, call) : TE.right(known),
            TE.flatMap((task) => judge(id, task, find)),
          )
        }),
        TE.match(
          (error): OperationLookup => ({ ref, found: false, error }),
          (operation) => ({ ref, found: true, operation }),
        ),
      )

  /** Operations of tasks that are known, and of others, which are asked for one by one. */
  const operationsAmong =
    (known: Tasks, refs: readonly OperationRef[]) =>
    (call: Call): T.Task<readonly OperationLookup[]> =>
      pipe(
        finishedImages({ account, ownImages, readImage, isDue: looks.isDue }, refs, known, call),
        T.flatMap((find) => pipe(refs, sideBySide(one(known, find, call)))),
      )

  const lookUp =
    (refs: readonly OperationRef[]) =>
    (call: Call): StoreTask<LookedUp> => {
      const tasks = new Set(
        refs.flatMap((ref) => {
          const id = operationId(account)(ref)
          const task = E.isRight(id) ? taskOf(id.right) : undefined
          return task === undefined ? [] : [task]
        }),
      )
      return pipe(
        tasks.size > 1 ? tasksAmong(tasks, call) : TE.right<never, Tasks>(new Map()),
        TE.flatMapTask((known) =>
          pipe(
            operationsAmong(known, refs)(call),
            T.map((lookups): LookedUp => ({ lookups, tasks: known })),
          ),
        ),
        // A list that cannot be read says nothing about any of them, and each says so in its own place; a ref that is none, that.
        TE.orElse((error) =>
          TE.right<ImageStoreError, LookedUp>({ lookups: notLookedUp(account, refs, error), tasks: new Map() }),
        ),
      )
    }

  return { readImage, newestTasks, readTask, operationsAmong, lookUp }
}
