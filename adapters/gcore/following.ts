import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { duplicatesOf, type Followed } from './followed.ts'
import type { KeyedRequest } from './keyed-request.ts'
import { placeText } from './namespaces.ts'
import { type OneOfKeySources, oneOfKey, type Shown } from './one-of-key.ts'
import type { LookedUp } from './operations.ts'
import { settlingLooks } from './settling-looks.ts'
import { failed } from './task.ts'
import type { Tasks } from './task-list.ts'

/** Look-ups of operations as they are. */
export type LookUps = (refs: readonly OperationRef[]) => (call: Call) => StoreTask<LookedUp>

/** An operation that has ended as far as itself goes, and of whose key something may be left to be seen to. */
interface Ended {
  readonly ref: OperationRef
  readonly operation: Operation
  readonly entry: Followed
}

const placeOf = ({ place, isBareMetal }: KeyedRequest): string => `${placeText(place)} ${isBareMetal}`

const mayBeOver = ({ state }: Operation): boolean => state === 'succeeded' || state === 'failed' || state === 'settling'

/**
 * Look-ups of operations that see to what their keys have begun beside them. What a key has begun is looked at when an operation
 * of it has ended: one list of images for all of a place, and the list of tasks, if it was not read anyway.
 */
export const following = (sources: OneOfKeySources, lookUp: LookUps) => {
  const { runtime, followed, keys } = sources
  const settle = oneOfKey(sources)
  const looks = settlingLooks(runtime)

  const isDue = ({ operation: { state, image } }: Ended): boolean =>
    state !== 'settling' || image === undefined || looks.isDue(image)

  /** What is asked for in place of a ref: what is kept of its key, where that is known. */
  const keptFor = (ref: OperationRef): OperationRef => followed.get(ref)?.end?.kept ?? ref

  const present = (ref: OperationRef, operation: Operation): Operation => {
    const entry = followed.get(ref)
    if (entry === undefined) return operation
    const duplicates = duplicatesOf(entry)
    const named = { ...operation, ref, ...(duplicates === undefined ? {} : { duplicates }) }
    return entry.end?.failure === undefined ? named : failed(named, entry.end.failure)
  }

  const endedOf = (lookup: OperationLookup): readonly Ended[] => {
    const entry = followed.get(lookup.ref)
    return lookup.found && entry !== undefined && entry.end === undefined && mayBeOver(lookup.operation)
      ? [{ ref: lookup.ref, operation: lookup.operation, entry }].filter(isDue)
      : []
  }

  /** What the places of operations show, each read once. */
  const shownFor = (
    ended: readonly Ended[],
    known: Tasks,
    call: Call,
  ): StoreTask<(request: KeyedRequest) => E.Either<ImageStoreError, Shown>> => {
    const places = new Map(ended.map(({ entry: { request } }) => [placeOf(request), request]))
    return pipe(
      known.size > 0 ? TE.right(known) : keys.newestTasks(call),
      TE.flatMapTask((tasks) =>
        pipe(
          [...places],
          sideBySide(([place, request]) =>
            pipe(
              keys.nearImages(request, call),
              TE.map((images): Shown => ({ images, tasks })),
              T.map((shown) => [place, shown] as const),
            ),
          ),
        ),
      ),
      TE.map((shown) => {
        const byPlace = new Map(shown)
        return (request) => byPlace.get(placeOf(request)) ?? E.right({ images: [], tasks: new Map() })
      }),
    )
  }

  const seeTo =
    (ended: readonly Ended[], known: Tasks, call: Call) =>
    (lookups: readonly OperationLookup[]): T.Task<readonly OperationLookup[]> => {
      const byRef = new Map(ended.map((one) => [one.ref, one]))
      return pipe(
        shownFor(ended, known, call),
        TE.flatMapTask((shown) =>
          pipe(
            lookups,
            sideBySide((lookup): T.Task<OperationLookup> => {
              const one = byRef.get(lookup.ref)
              if (one === undefined) return T.of(lookup)
              const { ref, operation, entry } = one
              return pipe(
                TE.fromEither(shown(entry.request)),
                TE.flatMap((there) => settle(ref, operation, entry, there, call)),
                TE.tapIO(({ state }) => () => {
                  if (operation.image !== undefined)
                    looks.note(operation.image, state === 'settling' && operation.state === 'settling')
                }),
                TE.match(
                  (error): OperationLookup => ({ ref, found: false, error }),
                  (settled) => ({ ref, found: true, operation: settled }),
                ),
              )
            }),
          ),
        ),
        TE.getOrElse((error) =>
          T.of<readonly OperationLookup[]>(
            lookups.map((lookup) => (byRef.has(lookup.ref) ? { ref: lookup.ref, found: false, error } : lookup)),
          ),
        ),
      )
    }

  return (refs: readonly OperationRef[]) =>
    (call: Call): StoreTask<readonly OperationLookup[]> =>
      pipe(
        lookUp([...new Set(refs.map(keptFor))])(call),
        TE.flatMapTask(({ lookups, tasks }) => {
          const byRef = new Map(lookups.map((lookup) => [lookup.ref, lookup]))
          const asked = refs.flatMap((ref): readonly OperationLookup[] => {
            const lookup = byRef.get(keptFor(ref))
            if (lookup === undefined) return []
            return [lookup.found ? { ...lookup, ref, operation: present(ref, lookup.operation) } : { ...lookup, ref }]
          })
          const ended = asked.flatMap(endedOf)
          return ended.length === 0 ? T.of(asked) : seeTo(ended, tasks, call)(asked)
        }),
      )
}
