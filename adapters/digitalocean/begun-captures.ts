import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import { remember } from '../../src/store/remember.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { captureLookups } from './capture-lookup.ts'
import { readTrailer } from './description.ts'
import { type CaptureId, captureDigestOf } from './ids.ts'
import { holdsNameTrailer } from './image.ts'
import type * as Wire from './wire.ts'

/** How long the provider may not find an action that it has accepted, in milliseconds. */
const graceMs = 60_000

/** How many are remembered, by their keys: more than servers are captured at a time. */
const most = 1000

/** A capture that was begun under a key, and that no list of images has shown yet. */
interface BegunCapture {
  readonly id: CaptureId
  /** As it was begun. */
  readonly operation: Operation
  /** In milliseconds since the epoch. */
  readonly begunAt: number
  /** Whether its image has been seen. One that is not seen any more then has been deleted. */
  readonly isMade: boolean
}

/** A capture as it is now. */
export interface RunningCapture {
  readonly operation: Operation
  readonly digest: string | undefined
}

const isShownBy =
  (begun: ReadonlyMap<string, BegunCapture>) =>
  (row: Wire.Image): readonly string[] => {
    const trailer = holdsNameTrailer(row) ? readTrailer(row.name ?? '') : undefined
    const digest = captureDigestOf(trailer?.digest)
    const key = trailer?.key
    return key !== undefined && digest !== undefined && begun.get(key)?.id.digest === digest ? [key] : []
  }

/**
 * The captures that this store has begun under keys, until they are in a list, have failed or are gone. A snapshot is in no list
 * before it is done (fact sheet §8), so nothing at the provider tells what the key has begun meanwhile. Another process knows of
 * none of them.
 */
export const begunCaptures = (runtime: Runtime) => {
  const begun = new Map<string, BegunCapture>()

  /** Another may have been begun under the key since, which is not forgotten with it. */
  const forget = (key: string, held: BegunCapture): void => {
    if (begun.get(key) === held) begun.delete(key)
  }

  const noteMade = (key: string, held: BegunCapture): void => {
    if (begun.get(key) === held) begun.set(key, { ...held, isMade: true })
  }

  /** What a look says of one; absent where it is over. */
  const asSeen = (
    key: string,
    held: BegunCapture,
    answer: E.Either<ImageStoreError, Operation>,
  ): E.Either<ImageStoreError, Operation | undefined> => {
    if (E.isLeft(answer)) {
      if (answer.left.kind !== 'not-found') return answer
      if (runtime.now() < held.begunAt + graceMs) return E.right(held.operation)
      forget(key, held)
      return E.right(undefined)
    }
    const { state, image } = answer.right
    if (state === 'failed' || (held.isMade && state === 'settling')) {
      forget(key, held)
      return E.right(undefined)
    }
    if (image !== undefined) noteMade(key, held)
    return answer
  }

  return {
    note: (key: string, id: CaptureId, operation: Operation): void => {
      begun.delete(key)
      remember(begun, key, { id, operation, begunAt: runtime.now(), isMade: false }, most)
    },

    /** What a list shows is found there from now on. */
    noteListed: (rows: readonly Wire.Image[]): void => {
      if (begun.size > 0) for (const key of rows.flatMap(isShownBy(begun))) begun.delete(key)
    },

    /** What a look-up by refs has shown. */
    noteSeen: (lookup: OperationLookup): void => {
      if (begun.size === 0 || !lookup.found || lookup.operation.image === undefined) return
      for (const [key, held] of begun) if (held.operation.ref === lookup.ref) noteMade(key, held)
    },

    /** What a key has begun and no list has shown yet, as it is now. Asks for nothing where there is none. */
    under:
      (key: string, lookUp: ReturnType<typeof captureLookups>['lookUp']) =>
      (call: Call): StoreTask<RunningCapture | undefined> => {
        const held = begun.get(key)
        if (held === undefined) return TE.right(undefined)
        return pipe(
          lookUp([held.id])(call),
          T.map((seen) => asSeen(key, held, seen(held.id))),
          TE.map((operation) => (operation === undefined ? undefined : { operation, digest: held.id.digest })),
        )
      },
  }
}
