import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import { presentText } from '../../src/model/text.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type Account, imageRefOf, type OperationId, operationId, operationRefOf } from './ids.ts'
import { imagesIn } from './image.ts'
import { failed, imageOf, kindOf, operationOf, statesBeforeTheEnd, withImage } from './task.ts'
import * as Wire from './wire.ts'

/** The most tasks that one request may ask for. Source: fact sheet §4.1. */
const tasksPerPage = 1000

/** Look-ups of operations: of one by its task, of more than one by the list of all tasks. */
export const operationLookups = (
  account: Account,
  http: HttpClient,
  ownImages: (region: string, call: Call) => StoreTask<{ readonly images: readonly Image[] }>,
) => {
  const readImage = (region: string, image: string, call: Call): StoreTask<Image> =>
    pipe(
      http.get(path`/cloud/v1/images/${account.projectId}/${region}/${image}`, Wire.Image, call),
      TE.map(imagesIn(account, region)),
    )

  const finished = (
    operation: Operation,
    { region }: OperationId,
    task: Wire.Task,
    find: (region: string, image: string) => StoreTask<Image>,
  ): StoreTask<Operation> => {
    const image = imageOf(task)
    if (operation.kind === 'delete') return TE.right({ ...operation, state: 'succeeded', outcome: 'deleted' })
    if (image === undefined) return TE.right(failed(operation, 'The task finished without naming the image it made'))
    return pipe(
      find(region, image),
      TE.map((found) => withImage(operation, found)),
      // A finished task's image may not be readable for some seconds (fact sheet §4.4).
      TE.orElse((error) =>
        error.kind === 'not-found'
          ? TE.right<typeof error, Operation>({ ...operation, state: 'settling' })
          : TE.left(error),
      ),
    )
  }

  const judge = (
    id: OperationId,
    task: Wire.Task,
    find: (region: string, image: string) => StoreTask<Image>,
  ): StoreTask<Operation> => {
    const operation = operationOf(account, id, task)
    const error = presentText(task.error)
    const state = task.state.toUpperCase()
    if (state === 'ERROR') return TE.right(failed(operation, error ?? 'The task ended in ERROR without a reason'))
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
      image: imageRefOf(account, { region: id.region, image: id.id }),
      losses: [],
    }
    const ended: Operation = { ...operation, state: 'succeeded', outcome: 'deleted' }
    return pipe(
      readImage(id.region, id.id, call),
      TE.map(({ status }) => (status === 'deleted' ? ended : operation)),
      TE.orElse((error) => (error.kind === 'not-found' ? TE.right(ended) : TE.left(error))),
    )
  }

  type Tasks = ReadonlyMap<string, Wire.Task>

  /** The project's newest tasks, of all regions in one request: the task list is global. */
  const recentTasks = (call: Call): StoreTask<Tasks> =>
    pipe(
      http.get('/cloud/v1/tasks', Wire.TaskList, {
        ...call,
        query: { project_id: [account.projectId], limit: tasksPerPage, order_by: 'desc' },
      }),
      TE.map(
        ({ results }) => new Map(results.flatMap((task) => (typeof task.id === 'string' ? [[task.id, task]] : []))),
      ),
    )

  const readTask = (id: string, call: Call): StoreTask<Wire.Task> =>
    http.get(path`/cloud/v1/tasks/${id}`, Wire.Task, call)

  type ImagesByRegion = ReadonlyMap<string, E.Either<ImageStoreError, ReadonlyMap<ImageRef, Image>>>

  /** The regions in which more than one image of finished tasks is to be looked at. */
  const busyRegions = (refs: readonly OperationRef[], tasks: Tasks): readonly string[] => {
    const images = new Map<string, Set<string>>()
    for (const ref of refs) {
      const id = operationId(account)(ref)
      const task = E.isRight(id) && id.right.kind === 'task' ? tasks.get(id.right.id) : undefined
      const image = task === undefined ? undefined : imageOf(task)
      if (E.isLeft(id) || task === undefined || image === undefined) continue
      if (task.state.toUpperCase() !== 'FINISHED' || kindOf(task) === 'delete') continue
      images.set(id.right.region, (images.get(id.right.region) ?? new Set<string>()).add(image))
    }
    return [...images].flatMap(([region, { size }]) => (size > 1 ? [region] : []))
  }

  /** The images of those regions by one list each: many imports that end together cost no request each. */
  const listImages =
    (call: Call) =>
    (regions: readonly string[]): T.Task<ImagesByRegion> =>
      pipe(
        regions,
        T.traverseSeqArray((region) =>
          pipe(
            ownImages(region, call),
            T.map(E.map(({ images }) => new Map(images.map((image) => [image.ref, image])))),
            T.map((listed) => [region, listed] as const),
          ),
        ),
        T.map((entries) => new Map(entries)),
      )

  /** An image out of the lists; one that is in none of them is asked for by itself, for a list may lag behind. */
  const finderIn =
    (lists: ImagesByRegion, call: Call) =>
    (region: string, image: string): StoreTask<Image> => {
      const listed = lists.get(region)
      // A region that refuses or does not answer would do so once more for each image; a list that makes no sense need not.
      if (listed !== undefined && E.isLeft(listed) && listed.left.kind !== 'unexpected-response')
        return TE.left(listed.left)
      const found =
        listed !== undefined && E.isRight(listed) ? listed.right.get(imageRefOf(account, { region, image })) : undefined
      return found === undefined ? readImage(region, image, call) : TE.right(found)
    }

  const one =
    (tasks: Tasks, lists: ImagesByRegion, call: Call) =>
    (ref: OperationRef): T.Task<OperationLookup> =>
      pipe(
        TE.fromEither(operationId(account)(ref)),
        TE.flatMap((id) => {
          if (id.kind === 'deletion') return deletion(id, call)
          const known = tasks.get(id.id)
          return pipe(
            known === undefined ? readTask(id.id, call) : TE.right(known),
            TE.flatMap((task) => judge(id, task, finderIn(lists, call))),
          )
        }),
        TE.match(
          (error): OperationLookup => ({ ref, found: false, error }),
          (operation) => ({ ref, found: true, operation }),
        ),
      )

  const getOperations =
    (refs: readonly OperationRef[]) =>
    (call: Call): StoreTask<readonly OperationLookup[]> => {
      const tasks = new Set(
        refs.flatMap((ref) => {
          const id = operationId(account)(ref)
          return E.isRight(id) && id.right.kind === 'task' ? [id.right.id] : []
        }),
      )
      return pipe(
        tasks.size > 1 ? recentTasks(call) : TE.right<never, Tasks>(new Map()),
        TE.flatMapTask((known) =>
          pipe(
            listImages(call)(busyRegions(refs, known)),
            T.flatMap((lists) => pipe(refs, T.traverseSeqArray(one(known, lists, call)))),
          ),
        ),
        // A list that cannot be read says nothing about any of them, and each says so in its own place.
        TE.orElse(
          (error): StoreTask<readonly OperationLookup[]> => TE.right(refs.map((ref) => ({ ref, found: false, error }))),
        ),
      )
    }

  return { readImage, getOperations }
}
