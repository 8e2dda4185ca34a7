import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type FieldReasons, invalidFields } from '../store/field-reasons.ts'
import type { ImageStore } from '../store/image-store.ts'
import { onAbort } from '../store/on-abort.ts'
import type { ImportSpec } from '../store/requests.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import type { StoreTask } from '../store/store-task.ts'
import { checkedImports, importRefusal } from './checked-imports.ts'
import { gather } from './gather.ts'
import { type ImportOutcome, importsCanceled } from './import-outcome.ts'
import type { ImportProgress } from './import-progress.ts'
import { importQueue } from './import-queue.ts'
import { reasonsAgainstLimits, type WaitOptions } from './wait-options.ts'

/** How many imports are carried out together. */
export interface ImportAllOptions {
  /** Stops all of it: nothing further is begun, and what was begun goes on at the provider. */
  readonly signal?: AbortSignal | undefined
  /**
   * How many are in flight at a time, from the request that begins one to the end of its operation: one or more. Unless told, as
   * many as the store's capabilities say that the provider works on (`import.concurrent`), or 10 where they do not say.
   */
  readonly concurrency?: number | undefined
  /** How many times an import is begun at the most where the provider gives it up without having tried: one or more, 3 unless told. */
  readonly attempts?: number | undefined
  /**
   * How long an import is waited for each time it was begun, in milliseconds; 2 hours unless told. One that takes longer gives its place
   * to the next, though it goes on at the provider: a time that healthy imports need would bring more in flight than `concurrency`.
   */
  readonly timeoutMs?: number | undefined
  /** How long an import may be in each phase, and stand still: as of a wait. */
  readonly phases?: WaitOptions['phases']
  readonly stall?: WaitOptions['stall']
  /** Is told of the waits; of calls and requests, the store's own observer. */
  readonly observer?: WaitOptions['observer']
  /** Called after every change, and after every look at one, with how far all of them are. One that throws is not heard of. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  readonly runtime?: Runtime | undefined
}

/**
 * Where no limit is known: ten imports of ten gigabytes are a terabyte an hour for whoever serves the files, and few wait for their turn
 * at a provider that works on fewer.
 */
const usualConcurrency = 10
const usualAttempts = 3

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1

/** The options that say how many times and how long, as they hold for a store. */
const rulesFor = (
  { capabilities }: ImageStore,
  { concurrency, attempts, timeoutMs, phases, stall, observer }: ImportAllOptions,
) => ({
  concurrency: concurrency ?? capabilities.import.concurrent ?? usualConcurrency,
  attempts: attempts ?? usualAttempts,
  wait: { timeoutMs, phases, stall, observer },
})

const reasonsAgainst = (
  specs: readonly ImportSpec[],
  { concurrency, attempts, wait }: ReturnType<typeof rulesFor>,
): FieldReasons => ({
  ...(!Array.isArray(specs) && { specs: 'The imports are no list' }),
  ...(!isCount(concurrency) && { concurrency: `${concurrency} imports at a time is not a whole number from 1` }),
  ...(!isCount(attempts) && { attempts: `${attempts} attempts is not a whole number from 1` }),
  ...reasonsAgainstLimits(wait),
})

const report = (listener: ImportAllOptions['onProgress'], progress: () => ImportProgress): void => {
  try {
    listener?.(progress())
  } catch {
    // As with observers: the outcomes must not be lost for it.
  }
}

/**
 * Imports many files, so many at a time, waits for each, and yields every outcome as it is known. A provider that works on a few
 * imports only gives up those that it has not begun after a while (Gcore: 6 at a time, 10 minutes; fact sheet §4.7), so the others wait
 * on this side. One that is given up so all the same, because somebody else imports too, is begun again when its turn comes, with
 * the same key where it has one. Nothing else is repeated: a file that cannot be read, a request that was refused and an answer that
 * was lost are outcomes, whose errors say what is known.
 *
 * What the store's capabilities show to be impossible is refused before anything is sent, those outcomes come first, and the others
 * go on. Imports are begun in the order of the specs, whether outcomes are looked at or not. What is bounded is this one call: two
 * at the same time have a queue each, and neither knows of imports that were begun elsewhere.
 *
 * Throws `invalid-argument` for options that are none, before anything is sent. Throws `canceled` when the signal is aborted before
 * all have ended; its `completed` names what had ended and the refs of what goes on at the provider, and `unconfirmed` what may.
 * Leaving the loop early stops it in the same way, and nobody is told but `onProgress`, whose last call names the operations that go
 * on: what was being begun at that moment is found by its key alone.
 */
export async function* importEach(
  store: ImageStore,
  specs: readonly ImportSpec[],
  options: ImportAllOptions = {},
): AsyncGenerator<ImportOutcome, void, undefined> {
  const { signal, onProgress, runtime = systemRuntime } = options
  const rules = rulesFor(store, options)
  const reasons = reasonsAgainst(specs, rules)
  if (Object.keys(reasons).length > 0) throw importRefusal(store, invalidFields(reasons))
  if (signal?.aborted === true) throw importsCanceled(store.name, [], [])

  let wake = () => {}
  const { imports, refused } = checkedImports(store, specs)
  const queue = importQueue(store, imports, refused, {
    ...rules,
    runtime,
    onChange: () => {
      report(onProgress, queue.progress)
      wake()
    },
  })
  const release = onAbort(signal, queue.stop)
  let isOver = false
  const run = queue.run().finally(() => {
    isOver = true
    wake()
  })
  // Awaited below; until then nobody listens to it.
  run.catch(() => undefined)

  try {
    for (let seen = 0; !isOver || seen < queue.outcomes().length; ) {
      const outcome = queue.outcomes()[seen]
      if (outcome === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      seen += 1
      yield outcome
    }
    await run
    if (queue.outcomes().length < imports.length + refused.length)
      throw importsCanceled(store.name, queue.outcomes(), queue.stopped())
  } finally {
    release()
    queue.stop()
    await run
  }
}

/**
 * {@link importEach} gathered: one outcome for each spec, in the order of the specs. Fails with `canceled`, and with
 * `invalid-argument` for options that are none.
 */
export const importAll = (
  store: ImageStore,
  specs: readonly ImportSpec[],
  options?: ImportAllOptions,
): StoreTask<readonly ImportOutcome[]> =>
  pipe(
    gather(() => importEach(store, specs, options)),
    TE.map((outcomes) => [...outcomes].sort((a, b) => a.index - b.index)),
  )
