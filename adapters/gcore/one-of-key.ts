import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { isTransient } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import { graceMs } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { duplicatesOf, type Followed, type FollowedOperations, type Removal } from './followed.ts'
import { createdAt } from './image-request.ts'
import { heldKeyOf } from './key-tag.ts'
import type { KeyedWork } from './keyed-image.ts'
import type { keyedWork } from './keys.ts'
import { isAskedFor, liveWorks } from './live-works.ts'
import { failed } from './task.ts'
import type { Tasks } from './task-list.ts'
import * as Wire from './wire.ts'

/** What is needed to see to it that one image of a key remains. */
export interface OneOfKeySources {
  readonly runtime: Runtime
  readonly followed: FollowedOperations
  readonly keys: ReturnType<typeof keyedWork>
  readonly remove: (image: ImageRef, call: Call) => StoreTask<Operation>
}

/** What one look has shown of the place of an operation. */
export interface Shown {
  readonly images: readonly Image[]
  readonly tasks: Tasks
}

/** A deletion that has not come about after so long is asked for again, in milliseconds. */
const patienceMs = 60_000

const isUnderWay = ({ operation: { state, image } }: KeyedWork): boolean =>
  image === undefined || state === 'queued' || state === 'running'

/** The key of the image that an operation has made, where that is another than its own: what a task did not tell was guessed. */
const strayKey = (own: Operation, { request: { held } }: Followed, images: readonly Image[]): string | undefined => {
  const made = images.find(({ ref }) => ref === own.image)?.raw
  const found = Wire.Image.is(made) ? heldKeyOf(made) : undefined
  return found?.key === held.key ? undefined : found?.key
}

/**
 * Sees to it that of what a key has begun the oldest remains, as soon as an operation of it has ended. A task cannot be
 * canceled, so that what is too much is removed when its image is there; until then the operation is `settling`. Every process
 * keeps the same one. What had begun first with another spec is kept too, and the operation fails.
 */
export const oneOfKey = ({ runtime, followed, keys, remove }: OneOfKeySources) => {
  /** Whether a task that does not tell its key could be of the same: it was begun at about the same time. */
  const hasRivals = ({ request, spanMs }: Followed, own: Operation, { images, tasks }: Shown): boolean => {
    const begun = own.startedAt === undefined ? runtime.now() : Date.parse(own.startedAt)
    return keys.untoldTasks(images, tasks).some((task) => {
      const row = tasks.get(task.id)
      const created = (row === undefined ? undefined : createdAt(row)) ?? begun
      return task.mayBe(request) && created >= begun - spanMs - graceMs && created <= begun + 2 * graceMs
    })
  }

  const removal = (image: ImageRef, before: Removal | undefined, call: Call): StoreTask<Removal | undefined> => {
    if (typeof before === 'string') return TE.right(before)
    if (before !== undefined && before.askedAt > runtime.now() - patienceMs) return TE.right(before)
    return pipe(
      remove(image, call),
      TE.map(({ outcome }): Removal | undefined => (outcome === 'already-gone' ? 'gone' : { askedAt: runtime.now() })),
      TE.orElse((error): StoreTask<Removal | undefined> => {
        if (error.kind === 'canceled') return TE.left(error)
        return TE.right(error.kind === 'locked' || isTransient(error) ? before : 'refused')
      }),
    )
  }

  /** Removes what is too much, when what is kept can be used, and notes what became of it. */
  const removals = (
    { removals: before }: Followed,
    surplus: readonly KeyedWork[],
    isReady: boolean,
    call: Call,
  ): StoreTask<ReadonlyMap<ImageRef, Removal>> => {
    const there = new Set(surplus.flatMap(({ operation: { image } }) => image ?? []))
    const gone = [...before].map(([image, removed]): readonly [ImageRef, Removal] => [
      image,
      typeof removed === 'string' || there.has(image) ? removed : 'gone',
    ])
    return pipe(
      isReady ? surplus.filter((work) => !isUnderWay(work)) : [],
      TE.traverseSeqArray(({ operation: { image } }) =>
        image === undefined
          ? TE.right([])
          : pipe(
              removal(image, before.get(image), call),
              TE.map((removed) => (removed === undefined ? [] : [[image, removed] as const])),
            ),
      ),
      TE.map((asked) => new Map([...gone, ...asked.flat()])),
      TE.tapIO((after) => () => {
        for (const [image, removed] of after)
          if (typeof removed === 'string' && before.get(image) !== removed)
            call.tell({ type: 'duplicate', image, removed: removed === 'gone' })
      }),
    )
  }

  /** The operation of a key under the ref that was asked for, once it has ended: as what is kept of the key is. */
  return (ref: OperationRef, own: Operation, now: Followed, shown: Shown, call: Call): StoreTask<Operation> =>
    pipe(
      keys.begunWith(now.request.held.key, shown.images, shown.tasks, call),
      TE.flatMap((works) => {
        const live = liveWorks(works)
        const kept = live?.kept
        const isOurs = kept === undefined || isAskedFor(now.request.held, kept)
        const isOwn = ({ operation }: KeyedWork): boolean => operation.ref === ref || operation.image === own.image
        const surplus = isOurs
          ? (live?.others ?? []).filter((work) => isAskedFor(now.request.held, work))
          : (live?.others ?? []).filter(isOwn)
        return pipe(
          removals(now, surplus, kept?.operation.state === 'succeeded', call),
          TE.map((removed): Operation => {
            const noted = { ...now, removals: removed }
            const isPending =
              surplus.some(
                ({ operation: { image } }) => image === undefined || typeof removed.get(image) !== 'string',
              ) ||
              hasRivals(now, own, shown) ||
              runtime.now() < now.restlessUntil
            const failure = isOurs
              ? undefined
              : `The key had begun ${kept.operation.image ?? kept.operation.ref} with another spec first, so that what this one has made was removed`
            const stray = kept === undefined ? strayKey(own, now, shown.images) : undefined
            if (stray !== undefined)
              return {
                ...failed(
                  own,
                  `The task that was taken for that of "${now.request.held.key}" was of the key "${stray}"`,
                ),
                hint: 'Repeat the call with its key',
              }
            const keptOperation = kept === undefined || !isOurs || isOwn(kept) ? own : kept.operation
            const { state } = keptOperation
            const isAtRest = !isPending && (state === 'succeeded' || failure !== undefined)
            followed.note(ref, {
              ...noted,
              end: isAtRest ? { kept: keptOperation.ref, failure } : undefined,
            })
            const duplicates = duplicatesOf(noted)
            const operation = { ...keptOperation, ref, ...(duplicates === undefined ? {} : { duplicates }) }
            if (isAtRest && failure !== undefined) return failed(operation, failure)
            return isPending && (state === 'succeeded' || failure !== undefined)
              ? { ...operation, state: 'settling' }
              : operation
          }),
        )
      }),
    )
}
