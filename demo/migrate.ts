import {
  type ImportOutcome,
  type ImportProgress,
  isReady,
  type Loss,
  type Operation,
  type OperationRef,
  type Outcome,
  type PromiseImageStore,
  type Runtime,
  type WaitProgress,
} from 'imageferry'
import { foundUnderWay, type MigrationProgress, type MovingImage, named, notBegun } from './moving.ts'
import type { Going, Intention } from './plan.ts'
import { knownLosses, presentImage } from './present.ts'
import { arrival, orRefused, type Result, refused } from './result.ts'

/** How a migration is watched and ended. */
export interface MigrationOptions {
  readonly signal: AbortSignal
  readonly runtime: Runtime
  /** Called after every change. */
  readonly onProgress: (progress: MigrationProgress) => void
  /** Called with each result as soon as it is known. */
  readonly onResult: (result: Result) => void
}

/** What an import came to, read back. */
const resultOf = (
  target: PromiseImageStore,
  going: Going,
  outcome: ImportOutcome | Outcome,
  lossesOf: (operation: Operation) => readonly Loss[],
  signal: AbortSignal,
): Promise<Result> =>
  orRefused(going, async () => {
    if (!outcome.succeeded) return refused(going, outcome.error)
    const { image } = outcome.operation
    return image === undefined
      ? { intention: going, moved: false, reason: 'The provider names no image', definite: false }
      : arrival(going, await target.get(image, { signal }), lossesOf(outcome.operation), false)
  })

/** All of them, each to its end: one that ends early must not hide what the others are doing. Throws what the first to fail threw. */
const allEnded = async (works: readonly Promise<void>[]): Promise<void> => {
  await Promise.allSettled(works)
  await Promise.all(works)
}

/**
 * Moves images to the target, as many at a time as it works on, and reads every one back when it has arrived. What somebody else has
 * begun is waited for beside them. Throws `canceled` when the signal is aborted; what was begun goes on.
 */
export const migrate = async (
  target: PromiseImageStore,
  plan: readonly Intention[],
  { signal, runtime, onProgress, onResult }: MigrationOptions,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  const toImport: Going[] = []
  const underWay = new Map<OperationRef, Going>()
  let importing: readonly MovingImage[] = []
  let waitedFor: readonly MovingImage[] = []
  let notLookedAt = plan.filter(({ go }) => go).length

  const tell = (): void => {
    const moved = results.filter((result) => result.moved).length
    onProgress({
      moving: [...waitedFor, ...importing],
      toGo: plan.length - results.length,
      notLookedAt,
      moved,
      notMoved: results.length - moved,
    })
  }
  const settle = (result: Result): void => {
    results.push(result)
    onResult(result)
    tell()
  }

  /** What is there is a result, what is being made is waited for, and the rest is imported. */
  const sort = async (going: Going): Promise<Result | undefined> => {
    const present = await presentImage(target, going, signal)
    const begun = present?.provenance?.operation
    if (present === undefined) {
      toImport.push(going)
      importing = [...importing, ...named(going, notBegun)]
    } else if (!isReady(present) && begun !== undefined) {
      underWay.set(begun, going)
      waitedFor = [...waitedFor, ...named(going, foundUnderWay(begun, present, runtime.now()))]
    } else return arrival(going, present, knownLosses(target, going), true)
    return undefined
  }

  const settleEach = async <Ended>(
    outcomes: AsyncIterable<Ended>,
    read: (outcome: Ended) => Promise<Result | undefined>,
  ): Promise<void> => {
    const broken: unknown[] = []
    for await (const outcome of outcomes) {
      try {
        const result = await read(outcome)
        if (result !== undefined) settle(result)
      } catch (error) {
        if (!signal.aborted) throw error
        // The imports have the last word: they say themselves what they leave behind.
        broken.push(error)
      }
    }
    if (broken.length > 0) throw broken[0]
  }

  const importAll = (): Promise<void> => {
    const specs = toImport.map(({ spec }) => spec)
    const noteProgress = ({ imports }: ImportProgress): void => {
      importing = imports.flatMap(({ index, ...one }) => named(toImport[index], one))
      tell()
    }
    const outcomes = target.importEach(specs, { signal, runtime, onProgress: noteProgress })
    return settleEach(outcomes, async (outcome) => {
      const going = toImport[outcome.index]
      return going && resultOf(target, going, outcome, ({ losses }) => losses, signal)
    })
  }

  const waitForOthers = (): Promise<void> => {
    const noteProgress = (progress: readonly WaitProgress[]): void => {
      waitedFor = progress.flatMap(({ phase, ...one }) =>
        phase === 'ended' ? [] : named(underWay.get(one.ref), { ...one, phase }),
      )
      tell()
    }
    const outcomes = target.waitFor([...underWay.keys()], { signal, runtime, onProgress: noteProgress })
    return settleEach(outcomes, async (outcome) => {
      const going = underWay.get(outcome.ref)
      return going && resultOf(target, going, outcome, () => knownLosses(target, going), signal)
    })
  }

  tell()
  for (const intention of plan) {
    const result = intention.go
      ? await orRefused(intention, () => sort(intention))
      : { intention, moved: false as const, reason: intention.reason, definite: true }
    if (intention.go) notLookedAt -= 1
    if (result === undefined) tell()
    else settle(result)
  }
  await allEnded([importAll(), waitForOthers()])
  return results
}
