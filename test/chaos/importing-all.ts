import * as E from 'fp-ts/lib/Either.js'
import { type ImportOutcome, importAll } from 'imageferry'
import { noteAsked, specOf } from './asking.ts'
import type { Pursuit } from './record.ts'
import type { Doing, Pursuing } from './scene.ts'
import { checkOutcome } from './waiting.ts'

/** Takes an outcome at its word: what was begun as begun, whatever has become of it. */
const takeOutcome = (given: Pursuing, outcome: ImportOutcome, fromMs: number, toMs: number): void => {
  const { pursuit } = given
  if (outcome.succeeded) {
    noteAsked(given, pursuit, { result: E.right(outcome.operation), fromMs, toMs })
    checkOutcome(given, outcome)
    return
  }
  const { ref, error } = outcome
  noteAsked(given, pursuit, { result: ref === undefined ? E.left(error) : E.right({ ref }), fromMs, toMs })
  if (ref !== undefined) checkOutcome(given, { ref, succeeded: false, error })
}

/** Imports several files through the bounded queue. */
export const importSeveral = async (given: Doing, pursuits: readonly Pursuit[], concurrency: number): Promise<void> => {
  const { call, store, runtime, wrong, urlOf, limits } = given
  const specs = pursuits.map(({ wanted }) => specOf(wanted, wanted.file ?? '', urlOf))
  const ended = await call('importFromUrl', { cancelAfterMs: limits.cancelAfterMs }, ({ signal }) =>
    importAll(store, specs, { signal, concurrency, runtime }),
  )
  if (ended === undefined) return
  const { result, fromMs, toMs } = ended
  if (E.isLeft(result)) {
    for (const pursuit of pursuits) noteAsked(given, pursuit, { result: E.left(result.left), fromMs, toMs })
    return
  }
  if (result.right.length !== specs.length)
    wrong(`untrue: ${specs.length} imports have ${result.right.length} outcomes`)
  for (const outcome of result.right) {
    const pursuit = pursuits[outcome.index]
    if (pursuit !== undefined) takeOutcome({ ...given, pursuit }, outcome, fromMs, toMs)
  }
}
