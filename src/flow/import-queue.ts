import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../model/error.ts'
import { type OperationRef, parseOperationRef } from '../model/ref.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { Operation } from '../store/operation.ts'
import type { ImportSpec } from '../store/requests.ts'
import type { Runtime } from '../store/runtime.ts'
import { withBeginning } from './import-ended.ts'
import type { ImportOutcome, StoppedImport } from './import-outcome.ts'
import {
  type ImportInFlight,
  type ImportProgress,
  importInFlight,
  isOngoing,
  waitingImport,
} from './import-progress.ts'
import { waitForAll } from './wait.ts'
import type { WaitOptions } from './wait-options.ts'
import { waitTicks } from './wait-ticks.ts'

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
  /** How one is waited for each time. */
  readonly wait: Pick<WaitOptions, 'timeoutMs' | 'phases' | 'stall' | 'observer'>
  readonly runtime: Runtime
  /** Called after every change, and after every look at one in flight. */
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

/** An import that waits for its turn since then, in milliseconds since the epoch. */
interface Waiting extends QueuedImport {
  readonly since: number
}

/** An import that is being begun, or waited for. */
interface InFlight extends ImportInFlight {
  /** Ends the call or the wait. */
  readonly call: AbortController
}

/** The operation that a call has begun which was canceled before its answer could be given. */
const refIn = ({ name }: ImageStore, { completed = [] }: ImageStoreError): OperationRef | undefined =>
  completed
    .map(parseOperationRef)
    .flatMap((parsed) => (E.isRight(parsed) && parsed.right.startsWith(`${name}:`) ? [parsed.right] : []))
    .at(-1)

/**
 * Carries imports out, so many at a time, each from its beginning to the end of its operation. One that the provider gave up
 * without having tried goes to the end of the queue, until it has been begun often enough; whatever else happens to one is its
 * outcome. Nothing else is repeated here: that is the store's own business.
 */
export const importQueue = (
  store: ImageStore,
  imports: readonly QueuedImport[],
  refused: readonly ImportOutcome[],
  { concurrency, attempts, wait, runtime, onChange }: QueueRules,
): ImportQueue => {
  const since = runtime.now()
  const queue = imports.map((one) => ({ ...one, since }))
  const { taken } = waitTicks(store, runtime)
  const inFlight = new Map<number, InFlight>()
  const outcomes = [...refused]
  const stopped: StoppedImport[] = []
  let isStopped = false

  const note = (one: InFlight): InFlight => {
    inFlight.set(one.index, one)
    onChange()
    return one
  }

  const stop = (): void => {
    isStopped = true
    for (const { call } of inFlight.values()) call.abort()
  }

  const end = (one: Waiting, ended: Ended): void => {
    const { index, name } = one
    const tried = one.attempts + 1
    if (!ended.succeeded && ended.error.kind === 'canceled' && isStopped) {
      // Still in flight at the provider.
      const ref = ended.ref ?? refIn(store, ended.error)
      stopped.push({ name, ref, error: ended.error })
      const known = inFlight.get(index)
      if (known !== undefined && known.begun === undefined && ref !== undefined)
        note({ ...known, begun: { ref, state: 'unknown', at: runtime.now() } })
      return
    }
    inFlight.delete(index)
    if (!ended.succeeded && ended.operation?.canBeRepeated === true && tried < attempts)
      queue.push({ ...one, attempts: tried, since: runtime.now() })
    else outcomes.push({ index, name, attempts: tried, ...ended })
    onChange()
  }

  const carryOut = async (one: Waiting): Promise<void> => {
    // A signal of its own: listeners of all would pile up on one.
    const call = new AbortController()
    const { signal } = call
    const asked = note({ index: one.index, name: one.name, since: runtime.now(), call })
    const begun = await store.importFromUrl(one.spec, { signal })()
    if (E.isLeft(begun)) return end(one, { succeeded: false, error: begun.left })
    const { ref, state } = begun.right
    const waitedFor = note({ ...asked, begun: { ref, state, at: runtime.now() } })
    if (state === 'succeeded') return end(one, { succeeded: true, ref, operation: begun.right })
    const onProgress: WaitOptions['onProgress'] = (told) => {
      for (const progress of told)
        if (isOngoing(progress)) note({ ...waitedFor, told: { progress, at: runtime.now() } })
    }
    const waited = await waitForAll(store, [ref], { ...wait, signal, runtime, onProgress })()
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
      const now = {
        now: runtime.now(),
        estimateMs: taken.estimate('import'),
        isOutOfRequests: store.requestsLeft?.() === 0,
      }
      const succeeded = outcomes.filter((outcome) => outcome.succeeded).length
      return {
        queued: queue.length,
        inFlight: inFlight.size,
        succeeded,
        failed: outcomes.length - succeeded,
        operations: [...inFlight.values()].flatMap(({ begun }) => begun?.ref ?? []),
        imports: [
          ...[...inFlight.values()].map((one) => importInFlight(one, now)),
          ...queue.map((one) => waitingImport(one, now)),
        ].sort((a, b) => a.index - b.index),
      }
    },
  }
}
