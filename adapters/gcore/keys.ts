import { pipe } from 'fp-ts/lib/function.js'
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
import type { BegunTasks } from './begun-tasks.ts'
import { type Account, operationRefOf } from './ids.ts'
import type { HeldKey } from './key-tag.ts'
import { type KeyedWork, keyedImage } from './keyed-image.ts'
import type { KeyedRequest } from './keyed-request.ts'
import { keyedTasks } from './keyed-tasks.ts'
import { ownEverywhere } from './own-images.ts'
import { cursorOf } from './regional.ts'
import type * as Wire from './wire.ts'

/** What the look-ups read. */
export interface KeySources {
  readonly account: Account
  readonly runtime: Runtime
  readonly begun: BegunTasks
  readonly listPage: (query: ImageQuery, at: Cursor | undefined) => (call: Call) => StoreTask<Page>
  readonly recentTasks: (call: Call) => StoreTask<ReadonlyMap<string, Wire.Task>>
  readonly readTask: (id: string, call: Call) => StoreTask<Wire.Task>
  readonly getOperations: (refs: readonly OperationRef[]) => (call: Call) => StoreTask<readonly OperationLookup[]>
}

const oldestFirst = (a: KeyedWork, b: KeyedWork): number => {
  const [earlier, later] = [a, b].map(({ operation: { startedAt = '', ref } }) => `${startedAt} ${ref}`)
  return (earlier ?? '') < (later ?? '') ? -1 : 1
}

const anotherSpec = ({ key }: HeldKey, { operation }: KeyedWork): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `The key "${key}" has begun ${operation.image ?? operation.ref} with another name, source or region`,
    { hint: 'Use a key of its own for every image, or delete what this one has made first' },
  )

const untold = ({ key }: HeldKey, refs: readonly OperationRef[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `What is under way does not tell its key, so that any of it may have been begun with "${key}": ${refs.join(', ')}`,
    { hint: 'Wait for these operations and repeat the call: when they have ended, their images tell their keys' },
  )

/**
 * Look-ups of what operation keys have begun: the images of all the store's regions, whose tags have the keys, and the tasks that
 * have made no image yet. Tasks are read first, so that one which ends meanwhile is seen as an image.
 */
export const keyedWork = (sources: KeySources) => {
  const { account, begun, listPage, recentTasks, readTask, getOperations } = sources
  const everywhere = ownEverywhere(listPage)

  const ifThere = (id: string, call: Call): StoreTask<readonly [string, Wire.Task][]> =>
    pipe(
      readTask(id, call),
      TE.map((task): readonly [string, Wire.Task][] => [[id, task]]),
      TE.orElse((error) => (error.kind === 'not-found' ? TE.right([]) : TE.left(error))),
    )

  /** The newest tasks, and those that this store has begun with the key: lists may show a new task late, which is there by its id. */
  const tasksFor = (key: string, call: Call): StoreTask<ReadonlyMap<string, Wire.Task>> =>
    pipe(
      recentTasks(call),
      TE.flatMap((listed) =>
        pipe(
          begun.withKey(key).filter((id) => !listed.has(id)),
          TE.traverseArray((id) => ifThere(id, call)),
          TE.map((late) => new Map([...listed, ...late.flat()])),
        ),
      ),
    )

  const operationsOf = (refs: readonly OperationRef[], call: Call): StoreTask<readonly Operation[]> =>
    refs.length === 0
      ? TE.right([])
      : pipe(
          getOperations(refs)(call),
          TE.flatMap(
            TE.traverseArray(
              (lookup): StoreTask<Operation> => (lookup.found ? TE.right(lookup.operation) : TE.left(lookup.error)),
            ),
          ),
        )

  const ofImages = (key: string, images: readonly Image[], tasks: ReadonlyMap<string, Wire.Task>) =>
    images.flatMap((image) => {
      const work = keyedImage(account, image, tasks)
      return work?.held.key === key ? [work] : []
    })

  /** What a key has begun, by the images that are there and the tasks that are told to be its. */
  const begunWith = (
    key: string,
    images: readonly Image[],
    tasks: ReadonlyMap<string, Wire.Task>,
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
      operationsOf([...refs.keys()], call),
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

  /**
   * A task that does not tell its key. One of the same name and source is taken for the key's: it makes what is asked for. One
   * that tells neither may be the key's, and the caller is told, because a second image would be made in silence otherwise.
   */
  const amongUntold = (
    request: KeyedRequest,
    images: readonly Image[],
    tasks: ReadonlyMap<string, Wire.Task>,
    call: Call,
  ): StoreTask<Operation | undefined> => {
    const untoldTasks = keyedTasks(sources, images, tasks).filter((task) => task.mayBe(request))
    const refOf = ({ id, place = request.place }: (typeof untoldTasks)[number]): OperationRef =>
      operationRefOf(account, { ...place, kind: 'task', id })
    const [same] = untoldTasks.filter(({ isSame }) => isSame(request))
    if (same !== undefined)
      return pipe(
        operationsOf([refOf(same)], call),
        TE.map(([operation]) => operation),
      )
    return untoldTasks.length === 0 ? TE.right(undefined) : TE.left(untold(request.held, untoldTasks.map(refOf)))
  }

  return {
    /** What a key has begun, oldest first: also what failed, as long as its task tells the key. */
    findOperations:
      (key: string) =>
      (call: Call): StoreTask<readonly Operation[]> =>
        pipe(
          tasksFor(key, call),
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
          tasksFor(held.key, call),
          TE.bindTo('tasks'),
          TE.bind('near', () => listPage({}, cursorOf([{ ...place, list, offset: 0 }]))(call)),
          TE.flatMap(({ tasks, near }) =>
            pipe(
              decide(held, ofImages(held.key, near.images, tasks)),
              TE.flatMap((found) =>
                found !== undefined
                  ? TE.right(found)
                  : pipe(
                      everywhere(call),
                      TE.map((rest) => [
                        ...new Map([...rest, ...near.images].map((image) => [image.ref, image])).values(),
                      ]),
                      TE.flatMap((images) =>
                        pipe(
                          begunWith(held.key, images, tasks, call),
                          TE.flatMap((works) => decide(held, works)),
                          TE.flatMap((begun) =>
                            begun === undefined ? amongUntold(request, images, tasks, call) : TE.right(begun),
                          ),
                        ),
                      ),
                    ),
              ),
            ),
          ),
        )
      },
  }
}
