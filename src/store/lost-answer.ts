import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageStoreError, isAnswerLost, isTransient } from '../model/error.ts'
import type { Change } from './change.ts'
import type { Call } from './member.ts'
import { pause } from './pause.ts'
import type { Runtime } from './runtime.ts'
import type { StoreTask } from './store-task.ts'

/**
 * How long what was carried out may stay unseen after its answer was lost, in milliseconds: two minutes, in which lists may lag, and
 * half a minute, in which a request may still be on its way.
 */
export const graceMs = 150_000

/** The first look comes at once, the second after so long, in milliseconds; each further gap is twice as long … */
const firstGapMs = 2_000
/** … and no longer than this. */
const longestGapMs = 15_000

/** What is needed to look for what came of a request. */
export interface GraceLooks<A> {
  readonly runtime: Runtime
  readonly call: Call
  /** One look. Nothing where nothing is to be seen yet. A passing failure of it counts as not having looked. */
  readonly look: StoreTask<A | undefined>
  /** When the grace is over, in milliseconds since the epoch; {@link graceMs} from now unless told. */
  readonly until?: number | undefined
}

/** Whether a look that failed so tells nothing: the next one may, also where something in between has garbled the answer. */
export const saysNothing = (error: ImageStoreError): boolean =>
  isTransient(error) || error.kind === 'unexpected-response'

/**
 * Looks until something is seen or the grace is over, and then not without a last look, which begins after that: one that takes long shows what
 * there was at its beginning. Fails where looking fails for good, and where the last look failed: what was not seen for that reason may be
 * there.
 */
export const lookThroughGrace = <A>({ runtime, call, look, until }: GraceLooks<A>): StoreTask<A | undefined> => {
  const lookUntil = (end: number, gapMs: number): StoreTask<A | undefined> =>
    pipe(
      TE.fromIO(() => runtime.now() >= end),
      TE.flatMap((isLast) =>
        pipe(
          look,
          TE.orElse((error) => (saysNothing(error) && !isLast ? TE.right(undefined) : TE.left(error))),
          TE.flatMap((seen) => {
            if (seen !== undefined || isLast) return TE.right(seen)
            return pipe(
              pause(runtime, Math.max(0, Math.min(gapMs, end - runtime.now())), call),
              TE.flatMap(() => lookUntil(end, Math.min(gapMs * 2, longestGapMs))),
            )
          }),
        ),
      ),
    )
  return pipe(
    TE.fromIO(runtime.now),
    TE.flatMap((begun) => lookUntil(until ?? begun + graceMs, firstGapMs)),
  )
}

/** A change whose answer may get lost. */
export interface Reconcilable<A> extends GraceLooks<A> {
  readonly change: Change
  /** Asks for the change, once. */
  readonly attempt: StoreTask<A>
  /** Whether it can be asked for again when nothing of it has shown up. False where nothing would tell two apart. */
  readonly mayRepeat: boolean
}

/** How often a change is asked for in all. */
const mostAttempts = 3

/**
 * Asks for a change, and where the answer is lost, looks for what came of it through a grace window, and only then asks again.
 * Fails with the error of the lost answer where that is of no avail; the call's error then has the change as `unconfirmed`.
 */
export const reconciled = <A>(change: Reconcilable<A>, attemptsLeft = mostAttempts): StoreTask<A> => {
  const { call, attempt, mayRepeat } = change
  const about = { change: change.change.change }
  const afterLoss = (error: ImageStoreError): StoreTask<A> => {
    call.tell({ type: 'answer-lost', ...about })
    return pipe(
      lookThroughGrace(change),
      TE.tapIO((seen) => () => {
        call.fresh?.renew()
        call.tell({ type: 'reconciled', ...about, found: seen !== undefined })
      }),
      TE.flatMap((seen) => {
        if (seen !== undefined) {
          call.settle(change.change)
          return TE.right(seen)
        }
        return mayRepeat && attemptsLeft > 1 ? reconciled(change, attemptsLeft - 1) : TE.left(error)
      }),
    )
  }
  return pipe(
    attempt,
    TE.orElse((error) => (isAnswerLost(error) ? afterLoss(error) : TE.left(error))),
  )
}
