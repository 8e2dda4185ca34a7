import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../model/error.ts'
import type { OperationRef } from '../model/ref.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { Loss, Operation } from '../store/operation.ts'
import type { ImportSpec } from '../store/requests.ts'
import type { Runtime } from '../store/runtime.ts'
import type { ImportOutcome, ImportProgress, StoppedImport } from './import-outcome.ts'
import { waitForAll } from './wait.ts'

/** An import that waits for its turn. */
export interface QueuedImport {
  /** Which of the specs it is, counted from 0. */
  readonly index: number
  readonly name: string
  readonly spec: ImportSpec
  /** How many times it was begun before. */
  readonly attempts: number
}

/** How a queue is worked off. */
export interface QueueRules {
  /** How many imports are in flight at a time. */
  readonly concurrency: number
  /** How many times one is begun at the most. */
  readonly attempts: number
  /** How long one is waited for each time, in milliseconds; as long as `waitFor` does unless told. */
  readonly timeoutMs: number | undefined
  readonly runtime: Runtime
  /** Called after every change. */
  readonly onChange: () => void
}

/** Imports that are carried out so many at a time. */
export interface ImportQueue {
  /** Works it off, or as far as it gets until it is stopped. Rejects where a store breaks its promise and throws, and with that. */
  readonly run: () => Promise<void>
  /** Ends it: nothing further is begun, what is being begun is broken off, and nothing is waited for any more. */
  readonly stop: () => void
  /** What has ended, in that order. */
  readonly outcomes: () => readonly ImportOutcome[]
  /** What was in flight when all were stopped. */
  readonly stopped: () => readonly StoppedImport[]
  readonly progress: () => ImportProgress
}

/** How one attempt ended. */
type Ended =
  | { readonly succeeded: true; readonly ref: OperationRef; readonly operation: Operation }
  | {
      readonly succeeded: false
      readonly error: ImageStoreError
      readonly ref?: OperationRef | undefined
      readonly operation?: Operation | undefined
    }

/** An import that is being begun, or waited for. */
interface InFlight {
  /** Ends the call or the wait. */
  readonly call: AbortController
  readonly ref?: OperationRef | undefined
}

const subjectOf = ({ field, wanted }: Loss): string => JSON.stringify([field, wanted])

/** An import as it ended, with all that its beginning told: a look-up knows nothing of what was asked for. */
const withBeginning = (begun: Operation, ended: Operation): Operation => {
  const told = new Set(begun.losses.map(subjectOf))
  return {
    ...ended,
    losses: [...begun.losses, ...ended.losses.filter((loss) => !told.has(subjectOf(loss)))],
    duplicates: ended.duplicates ?? begun.duplicates,
  }
}

/**
 * Carries imports out, so many at a time, each from its beginning to the end of its operation. One that the provider gave up
 * without having tried goes to the end of the queue, until it has been begun often enough; whatever else happens to one is its
 * outcome. Nothing else is repeated here: that is the store's own business.
 */
export const importQueue = (
  store: ImageStore,
  imports: readonly QueuedImport[],
  refused: readonly ImportOutcome[],
  { concurrency, attempts, timeoutMs, runtime, onChange }: QueueRules,
): ImportQueue => {
  const queue = [...imports]
  const inFlight = new Map<number, InFlight>()
  const outcomes = [...refused]
  const stopped: StoppedImport[] = []
  let isStopped = false

  const note = (index: number, one: InFlight): void => {
    inFlight.set(index, one)
    onChange()
  }

  const stop = (): void => {
    isStopped = true
    for (const { call } of inFlight.values()) call.abort()
  }

  const end = (one: QueuedImport, ended: Ended): void => {
    const { index, name } = one
    const tried = one.attempts + 1
    if (!ended.succeeded && ended.error.kind === 'canceled' && isStopped) {
      // Still in flight at the provider.
      stopped.push({ name, ref: ended.ref, error: ended.error })
      return
    }
    inFlight.delete(index)
    if (!ended.succeeded && ended.operation?.canBeRepeated === true && tried < attempts)
      queue.push({ ...one, attempts: tried })
    else outcomes.push({ index, name, attempts: tried, ...ended })
    onChange()
  }

  const carryOut = async (one: QueuedImport): Promise<void> => {
    // A signal of its own: listeners of all would pile up on one.
    const call = new AbortController()
    const { signal } = call
    note(one.index, { call })
    const begun = await store.importFromUrl(one.spec, { signal })()
    if (E.isLeft(begun)) return end(one, { succeeded: false, error: begun.left })
    const { ref, state } = begun.right
    note(one.index, { call, ref })
    if (state === 'succeeded') return end(one, { succeeded: true, ref, operation: begun.right })
    const waited = await waitForAll(store, [ref], { signal, timeoutMs, runtime })()
    if (E.isLeft(waited)) return end(one, { succeeded: false, ref, error: waited.left })
    for (const outcome of waited.right)
      end(one, outcome.succeeded ? { ...outcome, operation: withBeginning(begun.right, outcome.operation) } : outcome)
  }

  const worker = async (): Promise<void> => {
    while (!isStopped) {
      const one = queue.shift()
      if (one === undefined) return
      await carryOut(one)
    }
  }

  return {
    run: async () => {
      const workers = Array.from({ length: Math.min(concurrency, imports.length) }, worker)
      try {
        await Promise.all(workers)
      } catch (bug) {
        stop()
        await Promise.allSettled(workers)
        throw bug
      }
    },
    stop,
    outcomes: () => outcomes,
    stopped: () => stopped,
    progress: () => {
      const succeeded = outcomes.filter((outcome) => outcome.succeeded).length
      return {
        queued: queue.length,
        inFlight: inFlight.size,
        succeeded,
        failed: outcomes.length - succeeded,
        operations: [...inFlight.values()].flatMap(({ ref }) => ref ?? []),
      }
    },
  }
}
