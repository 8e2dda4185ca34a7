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
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type Account, type ImageId, imageRefOf, type OperationId, operationId, operationRefOf, taskOf } from './ids.ts'
import { imagesIn } from './image.ts'
import { heldKeyOf } from './key-tag.ts'
import { type Place, placeText } from './namespaces.ts'
import { notLookedUp } from './not-looked-up.ts'
import { imagePath } from './paths.ts'
import { endedInError, failed, imageOf, kindOf, operationOf, statesBeforeTheEnd, withImage } from './task.ts'
import * as Wire from './wire.ts'

/** The most tasks that one request may ask for. Source: fact sheet §4.1. */
const tasksPerPage = 1000

/** Look-ups of operations: of one by its task, of more than one by the list of all tasks. */
export const operationLookups = (
  account: Account,
  http: HttpClient,
  ownImages: (place: Place, call: Call) => StoreTask<readonly Image[]>,
) => {
  /** One image. Prices are told only where they are asked for, and never of a GPU image (fact sheet §2.1, §3.1). */
  const readImage = (id: ImageId, call: Call, withPrices = false): StoreTask<Image> =>
    pipe(
      http.get(imagePath(account, id), Wire.Image, {
        ...call,
        query: withPrices && id.namespace === undefined ? { include_prices: true } : {},
      }),
      TE.map(imagesIn(account, id.region, id.namespace)),
    )

  const finished = (
    operation: Operation,
    { region, namespace }: OperationId,
    task: Wire.Task,
    find: (id: ImageId) => StoreTask<Image>,
  ): StoreTask<Operation> => {
    const image = imageOf(task)
    if (operation.kind === 'delete') return TE.right({ ...operation, state: 'succeeded', outcome: 'deleted' })
    if (image === undefined) return TE.right(failed(operation, 'The task finished without naming the image it made'))
    return pipe(
      find({ region, namespace, image }),
      TE.map((found) => withImage(operation, found)),
      // A finished task's image may not be readable for some seconds (fact sheet §4.4).
      TE.orElse((error) =>
        error.kind === 'not-found'
          ? TE.right<typeof error, Operation>({ ...operation, state: 'settling' })
          : TE.left(error),
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

  type ImagesByPlace = ReadonlyMap<string, E.Either<ImageStoreError, ReadonlyMap<ImageRef, Image>>>

  /** The places in which more than one image of finished tasks is to be looked at. */
  const busyPlaces = (refs: readonly OperationRef[], tasks: Tasks): readonly Place[] => {
    const places = new Map<string, { readonly place: Place; readonly images: Set<string> }>()
    for (const ref of refs) {
      const id = operationId(account)(ref)
      const task = E.isRight(id) && id.right.kind === 'task' ? tasks.get(id.right.id) : undefined
      const image = task === undefined ? undefined : imageOf(task)
      if (E.isLeft(id) || task === undefined || image === undefined) continue
      if (task.state.toUpperCase() !== 'FINISHED' || kindOf(task) === 'delete') continue
      const busy = places.get(placeText(id.right)) ?? { place: id.right, images: new Set<string>() }
      busy.images.add(image)
      places.set(placeText(id.right), busy)
    }
    return [...places.values()].flatMap(({ place, images }) => (images.size > 1 ? [place] : []))
  }

  /** The images of those places by one list each: many imports that end together cost no request each. */
  const listImages =
    (call: Call) =>
    (places: readonly Place[]): T.Task<ImagesByPlace> =>
      pipe(
        places,
        sideBySide((place) =>
          pipe(
            ownImages(place, call),
            T.map(E.map((images) => new Map(images.map((image) => [image.ref, image])))),
            T.map((listed) => [placeText(place), listed] as const),
          ),
        ),
        T.map((entries) => new Map(entries)),
      )

  /** An image out of the lists; one that is in none of them is asked for by itself, for a list may lag behind. */
  const finderIn =
    (lists: ImagesByPlace, call: Call) =>
    (id: ImageId): StoreTask<Image> => {
      const listed = lists.get(placeText(id))
      // A region that refuses or does not answer would do so once more for each image; a list that makes no sense need not.
      if (listed !== undefined && E.isLeft(listed) && listed.left.kind !== 'unexpected-response')
        return TE.left(listed.left)
      const found = listed !== undefined && E.isRight(listed) ? listed.right.get(imageRefOf(account, id)) : undefined
      return found === undefined ? readImage(id, call) : TE.right(found)
    }

  const one =
    (tasks: Tasks, lists: ImagesByPlace, call: Call) =>
    (ref: OperationRef): T.Task<OperationLookup> =>
      pipe(
        TE.fromEither(operationId(account)(ref)),
        TE.flatMap((id) => {
          const task = taskOf(id)
          if (task === undefined) return id.kind === 'image' ? making(id, call) : deletion(id, call)
          const known = tasks.get(task)
          return pipe(
            known === undefined ? readTask(task, call) : TE.right(known),
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
          const task = E.isRight(id) ? taskOf(id.right) : undefined
          return task === undefined ? [] : [task]
        }),
      )
      return pipe(
        tasks.size > 1 ? recentTasks(call) : TE.right<never, Tasks>(new Map()),
        TE.flatMapTask((known) =>
          pipe(
            listImages(call)(busyPlaces(refs, known)),
            T.flatMap((lists) => pipe(refs, sideBySide(one(known, lists, call)))),
          ),
        ),
        // A list that cannot be read says nothing about any of them, and each says so in its own place; a ref that is none, that.
        TE.orElse((error) => TE.right(notLookedUp(account, refs, error))),
      )
    }

  return { readImage, readTask, recentTasks, getOperations }
}
