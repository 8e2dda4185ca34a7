import * as E from 'fp-ts/lib/Either.js'
import {
  type ImageStoreError,
  isImageStoreError,
  isTransient,
  ImageStoreError as StoreError,
  withDetails,
} from '../model/error.ts'
import type { OperationRef } from '../model/ref.ts'
import { defaultHints } from '../store/default-hints.ts'
import type { ImageStore } from '../store/image-store.ts'
import { isOperationSettled, type Operation, type OperationLookup } from '../store/operation.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import type { StoreTask } from '../store/store-task.ts'

/** How a wait is done. */
export interface WaitOptions {
  /** Stops the wait, which then ends with `canceled`; the provider goes on. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait at the most, in milliseconds; 2 hours unless told (imports of 75 minutes have been seen). */
  readonly timeoutMs?: number | undefined
  /** Called after every look with what is known of the operations that are still waited for, and of those just ended. */
  readonly onProgress?: ((operations: readonly Operation[]) => void) | undefined
  readonly runtime?: Runtime | undefined
}

/** How one operation ended. A wait that ran out is a failure of kind `timeout`, never a success. */
export type Outcome =
  | { readonly ref: OperationRef; readonly succeeded: true; readonly operation: Operation }
  | {
      readonly ref: OperationRef
      readonly succeeded: false
      readonly error: ImageStoreError
      /** The operation as it ended, where the provider gave it up. */
      readonly operation?: Operation | undefined
    }

const defaultTimeoutMs = 2 * 60 * 60 * 1000
/** Looks come this often at first, in milliseconds … */
const shortestIntervalMs = 5_000
/** … and this often at the last, in milliseconds: what happens is noticed that much later at the most. */
const longestIntervalMs = 15_000
/** In between, the next look comes after this share of the time waited so far. */
const intervalGrowth = 0.15
/** A look is given this long even where hardly any time is left, in milliseconds. */
const shortestLookMs = 1_000
/** An operation may be missing right after it was accepted; missing this many times in a row, it is gone. */
const mostTimesMissing = 3

const failureOf = (store: ImageStore, operation: Operation): ImageStoreError =>
  new StoreError(
    operation.kind === 'import' ? 'import-failed' : 'operation-failed',
    operation.failure ?? `The provider gave the ${operation.kind} up without a reason`,
    {
      store: store.name,
      operation: 'getOperations',
      hint: operation.hint ?? defaultHints[operation.kind === 'import' ? 'import-failed' : 'operation-failed'],
    },
  )

interface Waiting {
  readonly ref: OperationRef
  readonly timesMissing: number
}

/** What one look says about one operation: it ended, or it is still waited for. */
const judge = (store: ImageStore, waiting: Waiting, lookup: OperationLookup): Outcome | Waiting => {
  const { ref } = waiting
  if (!lookup.found) {
    const { error } = lookup
    if (isTransient(error)) return waiting
    const timesMissing = waiting.timesMissing + 1
    return error.kind === 'not-found' && timesMissing < mostTimesMissing
      ? { ref, timesMissing }
      : { ref, succeeded: false, error }
  }
  const { operation } = lookup
  if (!isOperationSettled(operation)) return { ref, timesMissing: 0 }
  return operation.state === 'succeeded'
    ? { ref, succeeded: true, operation }
    : { ref, succeeded: false, error: failureOf(store, operation), operation }
}

const isOutcome = (verdict: Outcome | Waiting): verdict is Outcome => 'succeeded' in verdict

/**
 * Waits for operations, all of them looked up together at each look, and yields each outcome as it is known. A look-up
 * that fails for a passing reason is repeated at the next look. Ends when all have ended. Throws `canceled` when the
 * signal is aborted, and `invalid-argument` for a time-out that is none; failures of operations are outcomes.
 */
export async function* waitFor(
  store: ImageStore,
  refs: readonly OperationRef[],
  { signal, timeoutMs = defaultTimeoutMs, onProgress, runtime = systemRuntime }: WaitOptions = {},
): AsyncGenerator<Outcome, void, undefined> {
  const named = (error: ImageStoreError) =>
    withDetails(error, { store: store.name, operation: 'getOperations', hint: defaultHints[error.kind] })
  const canceled = () => named(new StoreError('canceled', 'The wait was canceled; the operations go on'))
  if (!(timeoutMs >= 0))
    throw named(new StoreError('invalid-argument', `The time-out is ${timeoutMs}, not a number of milliseconds`))
  const begun = runtime.now()
  let waiting: readonly Waiting[] = [...new Set(refs)].map((ref) => ({ ref, timesMissing: 0 }))

  while (waiting.length > 0) {
    if (signal?.aborted === true) throw canceled()
    const asked = waiting.map(({ ref }) => ref)
    const remaining = begun + timeoutMs - runtime.now()
    const answer = await store.getOperations(asked, { signal, timeoutMs: Math.max(remaining, shortestLookMs) })()
    if (E.isLeft(answer) && answer.left.kind === 'canceled') throw canceled()
    const lookups = E.isRight(answer)
      ? answer.right
      : asked.map((ref): OperationLookup => ({ ref, found: false, error: answer.left }))
    onProgress?.(lookups.flatMap((lookup) => (lookup.found ? [lookup.operation] : [])))

    const byRef = new Map(lookups.map((lookup) => [lookup.ref, lookup]))
    const verdicts = waiting.map((one) => {
      const lookup = byRef.get(one.ref)
      return lookup === undefined ? one : judge(store, one, lookup)
    })
    yield* verdicts.filter(isOutcome).map((outcome) => ({ ...outcome }))
    waiting = verdicts.filter((verdict): verdict is Waiting => !isOutcome(verdict))
    if (waiting.length === 0) return

    if (remaining <= 0) {
      const error = named(
        new StoreError('timeout', `The operation had not ended after ${timeoutMs} ms`, {
          hint: 'It goes on at the provider: wait for its ref again',
        }),
      )
      yield* waiting.map(({ ref }): Outcome => ({ ref, succeeded: false, error }))
      return
    }
    const grown = (runtime.now() - begun) * intervalGrowth
    const interval = Math.min(Math.max(grown, shortestIntervalMs), longestIntervalMs)
    try {
      await runtime.sleep(Math.min(interval, Math.max(remaining, 0)), signal)
    } catch {
      throw canceled()
    }
  }
}

/** {@link waitFor} gathered: one outcome for each operation, in the order of the refs. Fails with `canceled` alone. */
export const waitForAll =
  (store: ImageStore, refs: readonly OperationRef[], options?: WaitOptions): StoreTask<readonly Outcome[]> =>
  async () => {
    try {
      const outcomes = new Map<OperationRef, Outcome>()
      for await (const outcome of waitFor(store, refs, options)) outcomes.set(outcome.ref, outcome)
      return E.right(refs.flatMap((ref) => outcomes.get(ref) ?? []))
    } catch (error) {
      if (isImageStoreError(error)) return E.left(error)
      throw error
    }
  }
