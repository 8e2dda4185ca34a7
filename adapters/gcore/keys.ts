import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import type { Cursor, Page } from '../../src/store/page.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { alsoBegun } from './also-begun.ts'
import type { BegunTasks } from './begun-tasks.ts'
import { type Account, operationRefOf } from './ids.ts'
import type { HeldKey } from './key-tag.ts'
import { type KeyedWork, keyedImage } from './keyed-image.ts'
import type { KeyedRequest } from './keyed-request.ts'
import { keyedTasks } from './keyed-tasks.ts'
import { ownEverywhere } from './own-images.ts'
import { cursorOf } from './regional.ts'
import type { Tasks } from './task-list.ts'
import { taskAmongUntold } from './untold-tasks.ts'
import type * as Wire from './wire.ts'

/** What the look-ups read. */
export interface KeySources {
  readonly account: Account
  readonly runtime: Runtime
  readonly begun: BegunTasks
  readonly listPage: (query: ImageQuery, at: Cursor | undefined) => (call: Call) => StoreTask<Page>
  readonly newestTasks: (call: Call) => StoreTask<Tasks>
  readonly readTask: (id: string, call: Call) => StoreTask<Wire.Task>
  readonly operationsAmong: (
    known: Tasks,
    refs: readonly OperationRef[],
  ) => (call: Call) => T.Task<readonly OperationLookup[]>
}

const oldestFirst = (a: KeyedWork, b: KeyedWork): number => {
  const [earlier, later] = [a, b].map(({ operation: { startedAt = '', ref } }) => `${startedAt} ${ref}`)
  return (earlier ?? '') < (later ?? '') ? -1 : 1
}

const anotherSpec = ({ key }: HeldKey, { operation }: KeyedWork): ImageStoreError =>
  new ImageStoreError('conflict', `The key "${key}" has begun ${operation.image ?? operation.ref} with another spec`, {
    hint: 'Use a key of its own for every image, or delete what this one has made first',
  })

/**
 * Look-ups of what operation keys have begun: the images of all the store's regions, whose tags have the keys, and the tasks that
 * have made no image yet. Tasks are read first, so that one which ends meanwhile is seen as an image.
 */
export const keyedWork = (sources: KeySources) => {
  const { account, listPage, newestTasks } = sources
  const everywhere = ownEverywhere(listPage)
  const withBegun = alsoBegun(sources)

  /** The operations of tasks that are known. */
  const operationsOf = (refs: readonly OperationRef[], tasks: Tasks, call: Call): StoreTask<readonly Operation[]> =>
    pipe(
      sources.operationsAmong(tasks, refs)(call),
      TE.fromTask,
      TE.flatMapEither(E.traverseArray((lookup) => (lookup.found ? E.right(lookup.operation) : E.left(lookup.error)))),
    )

  const ofImages = (key: string, images: readonly Image[], tasks: Tasks) =>
    images.flatMap((image) => {
      const work = keyedImage(account, image, tasks)
      return work?.held.key === key ? [work] : []
    })

  /** What a key has begun, by the images that are there and the tasks that are told to be its. */
  const begunWith = (
    key: string,
    images: readonly Image[],
    tasks: Tasks,
    call: Call,
  ): StoreTask<readonly KeyedWork[]> => {
    const works = ofImages(key, images, tasks)
    const refs = new Map(
      keyedTasks(sources, images, tasks).flatMap(({ id, place, held }) =>
        held?.key === key && place !== undefined
          ? [[operationRefOf(account, { ...place, kind: 'task', id }), held]]
          : [],
      ),
    )
    for (const { operation } of works) refs.delete(operation.ref)
    return pipe(
      operationsOf([...refs.keys()], tasks, call),
      TE.map((operations) => [
        ...works,
        ...operations.flatMap((operation) => {
          const held = refs.get(operation.ref)
          return held === undefined ? [] : [{ operation, held }]
        }),
      ]),
    )
  }

  /** The oldest that has not failed, if it is what is asked for now. */
  const decide = (held: HeldKey, works: readonly KeyedWork[]): StoreTask<Operation | undefined> => {
    const [oldest] = works.filter(({ operation }) => operation.state !== 'failed').sort(oldestFirst)
    if (oldest === undefined) return TE.right(undefined)
    return oldest.held.digest === held.digest && oldest.held.kind === held.kind
      ? TE.right(oldest.operation)
      : TE.left(anotherSpec(held, oldest))
  }

  /** What a key has begun that its own place does not show: in another, or not yet an image. */
  const begunElsewhere = (
    request: KeyedRequest,
    near: readonly Image[],
    newest: Tasks,
    call: Call,
  ): StoreTask<Operation | undefined> =>
    pipe(
      withBegun(request.held.key, newest, call),
      TE.bindTo('tasks'),
      TE.bind('rest', () => everywhere(call)),
      TE.flatMap(({ tasks, rest }) => {
        const images = [...new Map([...rest, ...near].map((image) => [image.ref, image])).values()]
        return pipe(
          begunWith(request.held.key, images, tasks, call),
          TE.flatMap((works) => decide(request.held, works)),
          TE.flatMap((begun) =>
            begun === undefined
              ? pipe(
                  TE.fromEither(taskAmongUntold(account, request, keyedTasks(sources, images, tasks))),
                  TE.flatMap((ref) => operationsOf(ref === undefined ? [] : [ref], tasks, call)),
                  TE.map(([operation]) => operation),
                )
              : TE.right(begun),
          ),
        )
      }),
    )

  return {
    /** What a key has begun, oldest first: also what failed, as long as its task tells the key. */
    findOperations:
      (key: string) =>
      (call: Call): StoreTask<readonly Operation[]> =>
        pipe(
          newestTasks(call),
          TE.flatMap((newest) => withBegun(key, newest, call)),
          TE.flatMap((tasks) =>
            pipe(
              everywhere(call),
              TE.flatMap((images) => begunWith(key, images, tasks, call)),
            ),
          ),
          TE.map((works) => [...works].sort(oldestFirst).map(({ operation }) => operation)),
        ),

    /**
     * What the key of a request has begun and that has not failed; nothing where it has begun nothing. `conflict` where it asked
     * for something else, and where what is under way could be either. The place of the request is looked at first: what is
     * found there makes a repeated call cheap. Otherwise all regions are, because a key is one for all of them.
     */
    begunBefore:
      (request: KeyedRequest) =>
      (call: Call): StoreTask<Operation | undefined> => {
        const { held, place, isBareMetal } = request
        const list = isBareMetal && place.namespace === undefined ? 'bare-metal' : undefined
        return pipe(
          newestTasks(call),
          TE.bindTo('newest'),
          TE.bind('near', () => listPage({}, cursorOf([{ ...place, list, offset: 0 }]))(call)),
          TE.flatMap(({ newest, near }) =>
            pipe(
              decide(held, ofImages(held.key, near.images, newest)),
              TE.flatMap((found) =>
                found === undefined ? begunElsewhere(request, near.images, newest, call) : TE.right(found),
              ),
            ),
          ),
        )
      },
  }
}
