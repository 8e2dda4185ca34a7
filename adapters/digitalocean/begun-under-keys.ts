import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import { graceMs, saysNothing } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import { type Duplicate, isOperationSettled, type Operation, type OperationLookup } from '../../src/store/operation.ts'
import { remember } from '../../src/store/remember.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { Kept } from './converging.ts'
import type { Begun, keyedOperations } from './keys.ts'
import { wasDeleted } from './operations.ts'

/** How many are remembered: more than a token may begin in the time that an import takes. */
const most = 1000

/**
 * A request whose answer was lost may be carried out late, and what it makes be seen late: so long after it, in milliseconds, nothing
 * is expected to show up any more. Longer than another attempt waits, since to wait here costs nothing but time.
 */
const doubtMs = 3 * graceMs

/**
 * How long a duplicate that cannot be removed yet keeps the operation from being called done, in milliseconds, and how many looks at it at the
 * least: a limit of the provider's can leave an hour between two.
 */
const patienceMs = 15 * 60_000
const fewestLooks = 3

/** An operation that this store has begun under a key, and told a caller of. */
interface Held {
  readonly key: string
  readonly digest: string
  /** As it was begun. */
  readonly operation: Operation
  /** What this store has made beside it under the key, and may still have to remove. */
  readonly made: readonly ImageRef[]
  /** What of the key was found beside it so far. */
  readonly duplicates: readonly Duplicate[]
  /** Until when its end is not believed where a duplicate cannot be removed, in milliseconds since the epoch, and after how many more looks. */
  readonly patience?: { readonly until: number; readonly looksLeft: number } | undefined
  /** Whether the key has been looked up at the operation's end. */
  readonly isClosed?: true | undefined
}

const merged = (known: readonly Duplicate[], more: readonly Duplicate[] = []): readonly Duplicate[] => [
  ...known.filter(({ image }) => !more.some((other) => other.image === image)),
  ...more,
]

const found = (operation: Operation): OperationLookup => ({ ref: operation.ref, found: true, operation })

const isDone = (lookup: OperationLookup): boolean => lookup.found && lookup.operation.state === 'succeeded'

const asIs = (lookup: OperationLookup, { duplicates }: Held): OperationLookup =>
  lookup.found && duplicates.length > 0 ? found({ ...lookup.operation, duplicates }) : lookup

const imageOf = (lookup: OperationLookup, { operation }: Held): ImageRef | undefined =>
  lookup.found ? lookup.operation.image : operation.image

/** The images that this store has made: however late, it may remove them. */
const ownOf = (lookup: OperationLookup, held: Held): readonly ImageRef[] => {
  const image = imageOf(lookup, held)
  return image === undefined ? held.made : [...held.made, image]
}

/** Done but for what may still have to be removed beside it. */
const settling = (lookup: OperationLookup): OperationLookup =>
  lookup.found && isDone(lookup) ? found({ ...lookup.operation, state: 'settling' }) : lookup

/** An image that has been deleted under its import may have been a duplicate, which only the look-up of the key tells, however late. */
const undecided = (lookup: OperationLookup, held: Held): OperationLookup => {
  const { failure: _failure, hint: _hint, ...operation } = lookup.found ? lookup.operation : held.operation
  return found({ ...operation, state: 'settling' })
}

const refused = (operation: Operation, { message, hint }: ImageStoreError): Operation => ({
  ...operation,
  state: 'failed',
  failure: message,
  hint,
})

/**
 * The operations that this store has begun under keys. What a lost answer or another process has begun beside one may show up late, so
 * its key is looked up once more when it is done, and whatever has shown up is brought down to one. Where that is not the image that
 * the caller was told, the operation goes on as the one that is kept. Another process knows of none of them, and finds it by the key.
 */
export const begunUnderKeys = (keys: ReturnType<typeof keyedOperations>, runtime: Runtime) => {
  const begun = new Map<OperationRef, Held>()
  const doubts = new Map<string, number>()

  const doubt = (key: string, milliseconds: number): void => {
    remember(doubts, key, Math.max(doubts.get(key) ?? 0, runtime.now() + milliseconds), most)
  }

  /** Not done yet, for as long as anybody can be patient. */
  const notYet = (lookup: OperationLookup, held: Held): OperationLookup => {
    const { until, looksLeft } = held.patience ?? { until: runtime.now() + patienceMs, looksLeft: fewestLooks }
    const isOver = runtime.now() >= until && looksLeft <= 0
    const patience = { until, looksLeft: looksLeft - 1 }
    begun.set(lookup.ref, { ...held, patience, ...(isOver && isDone(lookup) ? { isClosed: true } : {}) })
    return isOver ? lookup : settling(lookup)
  }

  const close = (lookup: OperationLookup, held: Held): OperationLookup => {
    begun.set(lookup.ref, isDone(lookup) ? { ...held, isClosed: true } : held)
    return lookup
  }

  const withDuplicates = (lookup: OperationLookup, held: Held, more: readonly Duplicate[], isOpen: boolean) => {
    const duplicates = merged(held.duplicates, more)
    const now = asIs(lookup, { ...held, duplicates })
    return isOpen ? notYet(now, { ...held, duplicates }) : close(now, { ...held, duplicates })
  }

  /** What is kept, under the ref that the caller was told. */
  const asKept =
    (lookup: OperationLookup, held: Held, call: Call) =>
    ({ kept, duplicates, isOpen }: Kept): StoreTask<OperationLookup> => {
      const own = imageOf(lookup, held)
      if (kept.image.ref === own) return TE.right(withDuplicates(lookup, held, duplicates, isOpen))
      // Nothing that was begun later takes its place: it can be another attempt, after a failure or a deletion.
      if ((kept.image.createdAt ?? '') > (held.operation.startedAt ?? '')) return TE.right(notYet(lookup, held))
      const gone = own === undefined ? [] : [{ image: own, removed: true }]
      return pipe(
        keys.operationOf(call)(kept),
        TE.map(({ operation }) =>
          withDuplicates(found({ ...operation, ref: lookup.ref }), held, merged(gone, duplicates), isOpen),
        ),
      )
    }

  const afterFailure = (lookup: OperationLookup, held: Held, error: ImageStoreError): OperationLookup => {
    if (error.kind === 'conflict') return found(refused(held.operation, error))
    if (!saysNothing(error)) return close(lookup, held)
    return wasDeleted(lookup) ? undecided(lookup, held) : notYet(lookup, held)
  }

  const isFollowed = ({ key, operation }: Held, call: Call): StoreTask<boolean> => {
    const until = doubts.get(key)
    return until === undefined ? TE.right(false) : keys.isFollowed(operation.ref, until)(call)
  }

  const lookedUp = (lookup: OperationLookup, held: Held, call: Call): T.Task<OperationLookup> =>
    pipe(
      isFollowed(held, call),
      TE.flatMap((followed) =>
        followed
          ? TE.right(settling(lookup))
          : pipe(
              keys.keptUnder(held.key, held.digest, ownOf(lookup, held))(call),
              TE.flatMap((kept) =>
                kept === undefined ? TE.right(close(lookup, held)) : asKept(lookup, held, call)(kept),
              ),
            ),
      ),
      TE.getOrElse((error) => T.of(afterFailure(lookup, held, error))),
    )

  const one =
    (call: Call) =>
    (lookup: OperationLookup): T.Task<OperationLookup> => {
      const held = begun.get(lookup.ref)
      if (held === undefined) return T.of(lookup)
      if (wasDeleted(lookup)) return lookedUp(lookup, held, call)
      if (held.isClosed === true || !isDone(lookup)) return T.of(asIs(lookup, held))
      return (doubts.get(held.key) ?? 0) > runtime.now()
        ? T.of(asIs(settling(lookup), held))
        : lookedUp(lookup, held, call)
    }

  return {
    /** The answer to a request under a key was lost: what it has made, if anything, may show up late. */
    noteLost: (key: string): void => doubt(key, doubtMs),

    /** The list does not show what is there: it may lack others of the key as well. */
    noteLagging: (key: string): void => doubt(key, graceMs),

    /**
     * Remembers an operation, and gives it back as it may be told now: what is done is not called so while there is doubt. `made` is
     * what this store has made itself, where that is not what is kept.
     */
    noted: (key: string, digest: string, { operation, isOpen }: Begun, made?: ImageRef): Operation => {
      const isDoubtful = isOpen === true || (doubts.get(key) ?? 0) > runtime.now()
      if (isOperationSettled(operation) && !isDoubtful) return operation
      const { ref, duplicates = [] } = operation
      remember(begun, ref, { key, digest, operation, duplicates, made: made === undefined ? [] : [made] }, most)
      return operation.state === 'succeeded' ? { ...operation, state: 'settling' } : operation
    },

    /** An image that the caller has deleted is not looked for. */
    forget: (image: ImageRef): void => {
      for (const [ref, { operation }] of begun) if (operation.image === image) begun.delete(ref)
    },

    /** Look-ups as they stand when the keys are looked up where that is due. */
    settled:
      (lookups: readonly OperationLookup[]) =>
      (call: Call): T.Task<readonly OperationLookup[]> =>
        begun.size === 0 ? T.of(lookups) : sideBySide(one(call))(lookups),
  }
}
