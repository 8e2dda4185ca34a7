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
import { sharedLook } from '../../src/store/shared-look.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { alsoBegun } from './also-begun.ts'
import type { BegunTasks } from './begun-tasks.ts'
import { type Account, operationRefOf } from './ids.ts'
import type { HeldKey } from './key-tag.ts'
import { type KeyedWork, keyedImage } from './keyed-image.ts'
import type { KeyedRequest } from './keyed-request.ts'
import { type KeyedTask, keyedTasks } from './keyed-tasks.ts'
import { isAskedFor, type LiveWorks, liveWorks, oldestFirst } from './live-works.ts'
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

/** What a look before a request has found. */
export interface BegunBefore {
  /** What the key has begun and that has not failed. */
  readonly operation?: Operation | undefined
  /** Whether it has begun more of the same beside it. */
  readonly hasSurplus: boolean
  /** The tasks that were listed. */
  readonly seen: ReadonlySet<string>
}

const anotherSpec = (
  { key }: HeldKey,
  { operation }: KeyedWork,
  hint = 'Use a key of its own for every image, or delete what this one has made first',
): ImageStoreError =>
  new ImageStoreError('conflict', `The key "${key}" has begun ${operation.image ?? operation.ref} with another spec`, {
    hint,
  })

const laterHint = ({ ref }: Operation): string =>
  `Wait for ${ref}, which this call has begun a moment later: what it makes is removed then. Use a key of its own for every image`

const foundOf = (held: HeldKey, { kept, others }: LiveWorks): Omit<BegunBefore, 'seen'> => ({
  operation: kept.operation,
  hasSurplus: others.some((other) => isAskedFor(held, other)),
})

/**
 * Look-ups of what operation keys have begun: the images of all the store's regions, whose tags have the keys, and the tasks that
 * have made no image yet. Tasks are read first, so that one which ends meanwhile is seen as an image.
 */
export const keyedWork = (sources: KeySources) => {
  const { account, listPage } = sources
  // Calls at the same time share what does not depend on their keys.
  const newestTasks = sharedLook(sources.newestTasks)
  const everywhere = sharedLook(ownEverywhere(listPage))
  const nearLooks = new Map<string, (call: Call) => StoreTask<readonly Image[]>>()
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

  /** The images among which those of a request are, as far as its own place shows them. */
  const nearImages = ({ place, isBareMetal }: KeyedRequest, call: Call): StoreTask<readonly Image[]> => {
    const list = isBareMetal && place.namespace === undefined ? 'bare-metal' : undefined
    const at = cursorOf([{ ...place, list, offset: 0 }])
    const look =
      nearLooks.get(at) ??
      sharedLook((sharing: Call) =>
        pipe(
          listPage({}, at)(sharing),
          TE.map(({ images }) => images),
        ),
      )
    nearLooks.set(at, look)
    return look(call)
  }

  /** What has not failed, if it is what is asked for now. */
  const decide = (held: HeldKey, works: readonly KeyedWork[]): StoreTask<LiveWorks | undefined> => {
    const live = liveWorks(works)
    if (live === undefined) return TE.right(undefined)
    return isAskedFor(held, live.kept) ? TE.right(live) : TE.left(anotherSpec(held, live.kept))
  }

  /** What a key has begun that its own place does not show: in another, or not yet an image. */
  const begunElsewhere = (
    request: KeyedRequest,
    near: readonly Image[],
    newest: Tasks,
    call: Call,
  ): StoreTask<Omit<BegunBefore, 'seen'>> =>
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
                  TE.map(([operation]) => ({ operation, hasSurplus: false })),
                )
              : TE.right(foundOf(request.held, begun)),
          ),
        )
      }),
    )

  return {
    newestTasks,
    nearImages,
    begunWith,
    untoldTasks: (images: readonly Image[], tasks: Tasks): readonly KeyedTask[] => keyedTasks(sources, images, tasks),

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
      (call: Call): StoreTask<BegunBefore> =>
        pipe(
          newestTasks(call),
          TE.bindTo('newest'),
          TE.bind('near', () => nearImages(request, call)),
          TE.flatMap(({ newest, near }) =>
            pipe(
              decide(request.held, ofImages(request.held.key, near, newest)),
              TE.flatMap((found) =>
                found === undefined
                  ? begunElsewhere(request, near, newest, call)
                  : TE.right(foundOf(request.held, found)),
              ),
              TE.map((found) => ({ ...found, seen: new Set(newest.keys()) })),
            ),
          ),
        ),

    /**
     * What is older under the key of a request than what it has begun itself, as far as tasks tell it: another process may have looked
     * at the same moment. Nothing where there is none. `conflict` where that was begun with another spec.
     */
    begunFirst:
      (request: KeyedRequest, own: Operation) =>
      (call: Call): StoreTask<Operation | undefined> =>
        pipe(
          newestTasks(call),
          TE.flatMap((tasks) => begunWith(request.held.key, [], tasks, call)),
          TE.map((works) => {
            const oldest = liveWorks(works)?.kept
            // Where the list does not show our own yet, nothing tells which is older.
            const isListed = works.some(({ operation }) => operation.ref === own.ref)
            return isListed && oldest?.operation.ref !== own.ref ? oldest : undefined
          }),
          TE.flatMap((older) => {
            if (older === undefined) return TE.right(undefined)
            return isAskedFor(request.held, older)
              ? TE.right(older.operation)
              : TE.left(anotherSpec(request.held, older, laterHint(own)))
          }),
        ),
  }
}
