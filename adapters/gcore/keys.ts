import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { Cursor, Page } from '../../src/store/page.ts'
import { sharedLook } from '../../src/store/shared-look.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { HeldKey } from './key-tag.ts'
import type { KeyedWork } from './keyed-image.ts'
import type { KeyedRequest } from './keyed-request.ts'
import { type KeyedTask, keyedTasks } from './keyed-tasks.ts'
import { isAskedFor, type LiveWorks, liveWorks, oldestFirst } from './live-works.ts'
import { ownEverywhere } from './own-images.ts'
import { cursorOf } from './regional.ts'
import type { Tasks } from './task-list.ts'
import { taskAmongUntold } from './untold-tasks.ts'
import * as Wire from './wire.ts'
import { type WorkSources, worksOfKeys } from './works-of-keys.ts'

/** What the look-ups read. */
export interface KeySources extends WorkSources {
  readonly listPage: (query: ImageQuery, at: Cursor | undefined) => (call: Call) => StoreTask<Page>
  readonly newestTasks: (call: Call) => StoreTask<Tasks>
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
  const { operationsOf, ofImages, withBegun, begunAmong, begunWith } = worksOfKeys(sources)

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

  /** What a key has begun whose own place shows an image of it: more may be under way, known to this store alone where lists lag. */
  const begunNear = (
    request: KeyedRequest,
    near: readonly Image[],
    newest: Tasks,
    call: Call,
  ): StoreTask<Omit<BegunBefore, 'seen'>> =>
    pipe(
      begunWith(request.held.key, near, newest, call),
      TE.flatMap((works) => decide(request.held, works)),
      TE.map((found) => (found === undefined ? { hasSurplus: false } : foundOf(request.held, found))),
    )

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
          begunAmong(request.held.key, images, tasks, call),
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
              TE.flatMap((images) => begunAmong(key, images, tasks, call)),
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
              liveWorks(ofImages(request.held.key, near, newest)) === undefined
                ? begunElsewhere(request, near, newest, call)
                : begunNear(request, near, newest, call),
              TE.map((found) => ({ ...found, seen: new Set(newest.keys()) })),
            ),
          ),
        ),

    /**
     * What the key of a request has made since tasks were seen, as far as the images of its own place show it: what those tasks have
     * made was looked at then. `conflict` where it was made with another spec.
     */
    shownSince:
      (request: KeyedRequest, seen: ReadonlySet<string>) =>
      (call: Call): StoreTask<Operation | undefined> =>
        pipe(
          nearImages(request, call),
          TE.map((images) => images.filter(({ raw }) => !(Wire.Image.is(raw) && seen.has(raw.creator_task_id ?? '')))),
          TE.flatMap((images) => decide(request.held, ofImages(request.held.key, images, new Map()))),
          TE.map((found) => found?.kept.operation),
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
          TE.flatMap((tasks) => begunAmong(request.held.key, [], tasks, call)),
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
