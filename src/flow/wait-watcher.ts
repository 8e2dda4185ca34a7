import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreErrorKind } from '../model/error.ts'
import type { OperationRef } from '../model/ref.ts'
import type { StoreObserver, WaitEventDetails } from '../store/event.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { OperationLookup } from '../store/operation.ts'
import type { Runtime } from '../store/runtime.ts'
import { lookInterval } from './look-interval.ts'
import type { WaitLimits, WaitProgress } from './wait-options.ts'
import type { WaitTicks, Watcher } from './wait-ticks.ts'
import { endOf, isOutcome, judge, type Outcome, unseen, type Waited } from './waited.ts'

/** One wait: what it waits for, within which limits, and who hears of it. */
export interface Wait {
  readonly store: ImageStore
  readonly refs: readonly OperationRef[]
  readonly limits: WaitLimits
  readonly runtime: Runtime
  readonly taken: WaitTicks['taken']
  readonly tell: (event: WaitEventDetails) => void
  readonly observer?: StoreObserver | undefined
  readonly onProgress: (progress: readonly WaitProgress[]) => void
  readonly onOutcomes: (outcomes: readonly Outcome[]) => void
  readonly fail: Watcher['fail']
}

/** What a look tells of one operation; nothing where it does not mention it. */
const lookupIn = (looked: Parameters<Watcher['see']>[0], ref: OperationRef): OperationLookup | undefined =>
  E.isRight(looked) ? looked.right.get(ref) : { ref, found: false, error: looked.left }

/** A watcher for one wait, which tells that operations are not waited for any more when it is `left` before they have ended. */
export const waitWatcher = ({
  store,
  refs,
  limits,
  runtime,
  taken,
  tell,
  observer,
  onProgress,
  onOutcomes,
  fail,
}: Wait): Watcher & { readonly left: () => void } => {
  const begun = runtime.now()
  let waiting: readonly Waited[] = refs.map((ref) => unseen(ref, begun))
  let lookedAt: number | undefined

  const startOf = ({ since, operation }: Waited): number => {
    const started = Date.parse(operation?.startedAt ?? '')
    // The provider's clock may be ahead of ours.
    return Number.isNaN(started) ? since : Math.min(started, since)
  }
  const estimateOf = ({ operation }: Waited) => (operation === undefined ? undefined : taken.estimate(operation.kind))

  const progressOf = (waited: Waited, now: number, phase: WaitProgress['phase'] = waited.phase): WaitProgress => ({
    ref: waited.ref,
    operation: waited.operation,
    phase,
    ageMs: now - startOf(waited),
    phaseMs: now - waited.phaseSince,
    estimateMs: estimateOf(waited),
    waitsFor: waited.isRateLimited ? 'rate-limit' : waited.phase === 'queued' ? 'provider-queue' : 'provider',
    ...(now - waited.changedAt >= limits.stall.tellAfterMs ? { isStalled: true } : {}),
  })

  const tellOfChange = (before: Waited, after: Waited, now: number): void => {
    const { ref } = after
    if (after.phase !== before.phase)
      tell({ type: 'phase', ref, from: before.phase, to: after.phase, afterMs: now - before.phaseSince })
    const isStalled = ({ changedAt }: Waited, at: number): boolean => at - changedAt >= limits.stall.tellAfterMs
    if (isStalled(after, now) && !(lookedAt !== undefined && isStalled(before, lookedAt)))
      tell({ type: 'stalled', ref, unchangedMs: now - after.changedAt })
  }

  const tellOfEnd = ({ ref, operation }: Pick<Waited, 'ref' | 'operation'>, error?: ImageStoreErrorKind): void =>
    tell({ type: 'wait-ended', ref, kind: operation?.kind, waitedMs: Math.max(0, runtime.now() - begun), error })

  const noteTaken = (waited: Waited, outcome: Outcome, now: number): void => {
    // One that had ended before it was first seen may have ended long ago.
    if (outcome.succeeded && waited.operation !== undefined)
      taken.note(outcome.operation.kind, now - startOf({ ...waited, operation: outcome.operation }))
  }

  /** What a look has told; nothing of a look that is not waited for any more. */
  const see = (looked: Parameters<Watcher['see']>[0] | undefined): void => {
    const now = runtime.now()
    const verdicts = waiting.map((before) => ({
      before,
      verdict: judge(store.name, before, looked === undefined ? undefined : lookupIn(looked, before.ref), limits, now),
    }))
    for (const { before, verdict } of verdicts) {
      if (isOutcome(verdict)) {
        noteTaken(before, verdict, now)
        tellOfEnd(verdict, verdict.succeeded ? undefined : verdict.error.kind)
      } else tellOfChange(before, verdict, now)
    }
    lookedAt = now
    waiting = verdicts.flatMap(({ verdict }) => (isOutcome(verdict) ? [] : [verdict]))
    onProgress(
      verdicts.map(({ before, verdict }) =>
        isOutcome(verdict)
          ? progressOf(
              { ...before, operation: verdict.operation ?? before.operation, isRateLimited: false },
              now,
              'ended',
            )
          : progressOf(verdict, now),
      ),
    )
    onOutcomes(verdicts.flatMap(({ verdict }) => (isOutcome(verdict) ? [verdict] : [])))
  }

  return {
    observer,
    fail,
    refs: () => waiting.map(({ ref }) => ref),
    nextLookAt: () =>
      lookedAt === undefined
        ? begun
        : lookedAt +
          Math.min(
            ...waiting.map((waited) =>
              lookInterval((lookedAt ?? begun) - startOf(waited), estimateOf(waited), store.requestsLeft?.()),
            ),
          ),
    left: () => {
      for (const waited of waiting) tellOfEnd(waited, 'canceled')
    },
    expire: () => see(undefined),
    endsAt: (at) => Math.min(...waiting.map((waited) => endOf(waited, limits, at))),
    see,
  }
}
