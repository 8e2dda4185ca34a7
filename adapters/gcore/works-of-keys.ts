import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Image } from '../../src/model/image.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type AlsoBegunSources, alsoBegun } from './also-begun.ts'
import { type Account, operationRefOf } from './ids.ts'
import { type KeyedWork, keyedImage } from './keyed-image.ts'
import { keyedTasks } from './keyed-tasks.ts'
import type { Tasks } from './task-list.ts'

/** What works of keys are known by. */
export interface WorkSources extends AlsoBegunSources {
  readonly account: Account
  readonly operationsAmong: (
    known: Tasks,
    refs: readonly OperationRef[],
  ) => (call: Call) => T.Task<readonly OperationLookup[]>
}

/** What images and tasks that were read show of operation keys. */
export const worksOfKeys = (sources: WorkSources) => {
  const { account } = sources
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

  /** What a key has begun, by the images that are there and, of tasks that are known, those that are told to be its. */
  const begunAmong = (
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

  /** What a key has begun, by the images that are there, the tasks that were listed and those that this store knows of. */
  const begunWith = (
    key: string,
    images: readonly Image[],
    tasks: Tasks,
    call: Call,
  ): StoreTask<readonly KeyedWork[]> =>
    pipe(
      withBegun(key, tasks, call),
      TE.flatMap((all) => begunAmong(key, images, all, call)),
    )

  return { operationsOf, ofImages, withBegun, begunAmong, begunWith }
}
