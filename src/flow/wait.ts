import * as E from 'fp-ts/lib/Either.js'
import { type ImageStoreError, isImageStoreError, ImageStoreError as StoreError, withDetails } from '../model/error.ts'
import type { OperationRef } from '../model/ref.ts'
import { defaultHints } from '../store/default-hints.ts'
import { invalidFields } from '../store/field-reasons.ts'
import type { ImageStore } from '../store/image-store.ts'
import { onAbort } from '../store/on-abort.ts'
import { systemRuntime } from '../store/runtime.ts'
import type { StoreTask } from '../store/store-task.ts'
import { tellingEverybody } from '../store/telling.ts'
import { limitsOf, reasonsAgainstLimits, type WaitOptions, type WaitProgress } from './wait-options.ts'
import { waitTicks } from './wait-ticks.ts'
import { waitWatcher } from './wait-watcher.ts'
import type { Outcome } from './waited.ts'

const named = (store: ImageStore, error: ImageStoreError): ImageStoreError =>
  withDetails(error, { store: store.name, operation: 'getOperations', hint: defaultHints[error.kind] })

const canceled = (store: ImageStore): ImageStoreError =>
  named(store, new StoreError('canceled', 'The wait was canceled; the operations go on'))

/** How long the last look may take after the time of a wait is over, in milliseconds. */
const lastLookMs = 1_000

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/** Tells a listener. One that throws is not heard of: the outcomes must not be lost for it. */
const report = (listener: WaitOptions['onProgress'], progress: readonly WaitProgress[]): void => {
  try {
    listener?.(progress)
  } catch {
    // See above.
  }
}

/**
 * Waits for operations, and yields each outcome as it is known. All who wait on one store at the same time share their looks: each
 * look asks for everything that any of them waits for, so that a hundred waits send no more than one. The first look comes at once, or
 * within 8 seconds where others wait already, further ones every 5 to 15 seconds, and less often where the store's requests run short.
 *
 * A look-up that fails for a passing reason is repeated at the next look. An operation ends as `timeout` where the wait, its phase
 * or a standstill takes too long (see {@link WaitOptions}), never as a success; it goes on at the provider, and its ref can be waited
 * for again, from another process too. Throws `canceled` when the signal is aborted, and `invalid-argument` for limits that are none;
 * failures of operations are outcomes.
 */
export async function* waitFor(
  store: ImageStore,
  refs: readonly OperationRef[],
  options: WaitOptions = {},
): AsyncGenerator<Outcome, void, undefined> {
  const { signal, runtime = systemRuntime, onProgress, observer } = options
  const reasons = reasonsAgainstLimits(options)
  if (Object.keys(reasons).length > 0) throw named(store, invalidFields(reasons))
  const asked = [...new Set(refs)]
  if (isAborted(signal)) throw canceled(store)
  if (asked.length === 0) return

  const ready: Outcome[] = []
  const broken: unknown[] = []
  let wake = (): void => undefined
  const limits = limitsOf(options)
  const ticks = waitTicks(store, runtime)
  const tell = tellingEverybody(observer)
  const watcher = waitWatcher({
    store,
    refs: asked,
    limits,
    runtime,
    taken: ticks.taken,
    observer,
    tell: (event) => tell({ ...event, store: store.name, operation: 'getOperations' }),
    onProgress: (progress) => report(onProgress, progress),
    onOutcomes: (outcomes) => {
      ready.push(...outcomes)
      wake()
    },
    fail: (bug) => {
      broken.push(bug)
      wake()
    },
  })
  const leave = ticks.watch(watcher)
  const release = onAbort(signal, () => wake())
  // A look that is under way when the time is over, for others too, has a second left.
  const cancelExpiry = runtime.timer(limits.timeoutMs + lastLookMs, watcher.expire)
  try {
    for (let yielded = 0; yielded < asked.length; ) {
      if (isAborted(signal)) throw canceled(store)
      if (broken.length > 0) throw broken[0]
      const outcome = ready.shift()
      if (outcome === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      yielded += 1
      yield outcome
    }
  } finally {
    release()
    cancelExpiry()
    leave()
    watcher.left()
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
