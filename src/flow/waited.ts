import { type ImageStoreError, isTransient, ImageStoreError as StoreError } from '../model/error.ts'
import type { OperationRef } from '../model/ref.ts'
import { defaultHints } from '../store/default-hints.ts'
import { isOperationSettled, type Operation, type OperationLookup } from '../store/operation.ts'
import type { WaitLimits, WaitPhase } from './wait-options.ts'

/** How one operation ended. A wait that ran out is a failure of kind `timeout`, never a success. */
export type Outcome =
  | { readonly ref: OperationRef; readonly succeeded: true; readonly operation: Operation }
  | {
      readonly ref: OperationRef
      readonly succeeded: false
      readonly error: ImageStoreError
      /** The operation as it was seen last, where it was. */
      readonly operation?: Operation | undefined
    }

/** What a wait knows of an operation. Moments are milliseconds since the epoch. */
export interface Waited {
  readonly ref: OperationRef
  /** When the wait for it began. */
  readonly since: number
  readonly phase: WaitPhase
  readonly phaseSince: number
  /** When a look last told something else than the one before. */
  readonly changedAt: number
  readonly operation?: Operation | undefined
  /** Looks in a row that did not find it. */
  readonly timesMissing: number
  /** Looks in a row whose answers could not be understood. */
  readonly timesGarbled: number
  /** Whether the newest look had to wait for the request limit. */
  readonly isRateLimited: boolean
}

/** An operation of which nothing has been seen yet. */
export const unseen = (ref: OperationRef, now: number): Waited => ({
  ref,
  since: now,
  phase: 'unknown',
  phaseSince: now,
  changedAt: now,
  timesMissing: 0,
  timesGarbled: 0,
  isRateLimited: false,
})

/** An operation may be missing right after it was accepted; missing this many times in a row, it is gone … */
const mostTimesMissing = 3
/** … unless it was only just begun, in milliseconds. */
const freshMs = 30_000
/** Something in between may garble an answer; so many in a row are the provider's, and no look will ever tell. */
const mostTimesGarbled = 10

const phaseOf = ({ state }: Operation, before: WaitPhase): WaitPhase =>
  state === 'queued' || state === 'running' || state === 'settling' ? state : before

const failureOf = (store: string, operation: Operation): ImageStoreError => {
  const kind = operation.kind === 'import' ? 'import-failed' : 'operation-failed'
  return new StoreError(kind, operation.failure ?? `The provider gave the ${operation.kind} up without a reason`, {
    store,
    operation: 'getOperations',
    hint: operation.hint ?? defaultHints[kind],
  })
}

/** Whether a wait for an operation has ended. */
export const isOutcome = (verdict: Outcome | Waited): verdict is Outcome => 'succeeded' in verdict

/** What one look says: the operation ended, or is still waited for. */
const seenAs = (store: string, waited: Waited, lookup: OperationLookup, now: number): Outcome | Waited => {
  const { ref } = waited
  if (!lookup.found) {
    const { error } = lookup
    const isRateLimited = error.kind === 'rate-limited'
    // A look that was canceled by others than who waits tells nothing, either.
    if (isTransient(error) || error.kind === 'canceled') return { ...waited, isRateLimited }
    const timesGarbled = waited.timesGarbled + 1
    if (error.kind === 'unexpected-response' && timesGarbled < mostTimesGarbled) return { ...waited, timesGarbled }
    const timesMissing = waited.timesMissing + 1
    const mayFlicker = timesMissing < mostTimesMissing || now - waited.since < freshMs
    return error.kind === 'not-found' && mayFlicker
      ? { ...waited, timesMissing, isRateLimited }
      : { ref, succeeded: false, error, operation: waited.operation }
  }
  const { operation } = lookup
  if (isOperationSettled(operation))
    return operation.state === 'succeeded'
      ? { ref, succeeded: true, operation }
      : { ref, succeeded: false, error: failureOf(store, operation), operation }
  const phase = phaseOf(operation, waited.phase)
  const isSame = JSON.stringify(operation) === JSON.stringify(waited.operation)
  return {
    ...waited,
    operation,
    phase,
    phaseSince: phase === waited.phase ? waited.phaseSince : now,
    changedAt: isSame ? waited.changedAt : now,
    timesMissing: 0,
    timesGarbled: 0,
    isRateLimited: false,
  }
}

/** When the wait for an operation has to end if nothing happens, and with which words: whatever is seen of it … */
const lastEnd = ({ since }: Waited, { timeoutMs }: WaitLimits): readonly [number, string] => [
  since + timeoutMs,
  `The operation had not ended after ${timeoutMs} ms`,
]

/** … and where a look shows that it is still as it was. */
const ends = ({ phase, phaseSince, changedAt }: Waited, limits: WaitLimits): readonly (readonly [number, string])[] => [
  [phaseSince + limits.phases[phase], `The operation was ${phase} for ${limits.phases[phase]} ms`],
  [changedAt + limits.stall.failAfterMs, `Nothing of the operation has changed for ${limits.stall.failAfterMs} ms`],
]

/**
 * When the wait for an operation has to end if nothing happens, after a look at that moment, all in milliseconds since the epoch. An end
 * that has passed by then was not seen, since looks failed: it is decided by the next that does not.
 */
export const endOf = (waited: Waited, limits: WaitLimits, lookedAt: number): number => {
  const [last] = lastEnd(waited, limits)
  return Math.min(
    last,
    ...ends(waited, limits)
      .map(([end]) => end)
      .filter((end) => end > lookedAt),
  )
}

/** What becomes of a wait by a look that told this of its operation, or nothing of it. */
export const judge = (
  store: string,
  waited: Waited,
  lookup: OperationLookup | undefined,
  limits: WaitLimits,
  now: number,
): Outcome | Waited => {
  const seen = lookup === undefined ? waited : seenAs(store, waited, lookup, now)
  if (isOutcome(seen)) return seen
  // Where the looks themselves fail, nobody knows how far it is meanwhile.
  const told = lookup?.found === true ? ends(seen, limits) : []
  const over = [lastEnd(seen, limits), ...told].find(([end]) => end <= now)
  if (over === undefined) return seen
  const error = new StoreError('timeout', over[1], {
    store,
    operation: 'getOperations',
    hint: 'It goes on at the provider: wait for its ref again',
  })
  return { ref: seen.ref, succeeded: false, error, operation: seen.operation }
}
