import * as E from 'fp-ts/lib/Either.js'
import { type OperationRef, type Outcome, waitForAll } from 'imageferry'
import { askOnce } from './asking.ts'
import { possibleValues } from './claims.ts'
import { imageOf } from './record.ts'
import type { Pursuing } from './scene.ts'

/** How often an image is waited for that no wait tells anything of, and how long it is left alone in between, in ms. */
const mostWaits = 40
const betweenWaitsMs = 5_000

/** How often what has a key is begun by somebody who wants to know, and how long it is left alone in between, in ms. */
const mostBeginnings = 12
/** The same where nothing tells whether it is under way already: longer than an import takes. */
const mostBlindBeginnings = 40
const betweenBeginningsMs = 30_000

/** Errors of outcomes that say what has become of an operation: after any other it can still become anything. */
const lastWords: ReadonlySet<string> = new Set(['import-failed', 'operation-failed', 'not-found'])

/** Holds the outcome of a wait against the server. */
export const checkOutcome = ({ cloud, wrong, pursuit }: Pursuing, outcome: Outcome): void => {
  const { ref, succeeded } = outcome
  if (succeeded) {
    pursuit.image = outcome.operation.image
    const mayBeGone = possibleValues(pursuit.claims, 'there', 'absent').has('absent')
    if (!mayBeGone && imageOf(cloud, pursuit)?.isReady !== true)
      wrong(`untrue: a wait says that ${ref} has succeeded, and its image cannot be used`)
    return
  }
  const known = cloud.importOf(ref)
  if (outcome.error.kind === 'import-failed' && known !== undefined && known.state !== 'failed')
    wrong(`untrue: a wait says that ${ref} has failed, and it is ${known.state}`)
}

/** What a wait has told of an operation; nothing where the wait itself has ended early. */
const waitOnce = async (given: Pursuing, begun: OperationRef): Promise<Outcome | undefined> => {
  const { call, store, runtime, limits } = given
  const ended = await call('getOperations', limits, ({ signal, timeoutMs }) =>
    waitForAll(store, [begun], { signal, timeoutMs, runtime }),
  )
  const [outcome] = ended !== undefined && E.isRight(ended.result) ? ended.result.right : []
  if (outcome !== undefined) checkOutcome(given, outcome)
  return outcome
}

const isTold = (outcome: Outcome | undefined): boolean =>
  outcome === undefined || outcome.succeeded || lastWords.has(outcome.error.kind)

/** Waits for an operation, takes the wait at its word, and waits again where it tells nothing. */
const waitUntilTold = async (given: Pursuing, begun: OperationRef): Promise<Outcome | undefined> => {
  const { runtime, wrong } = given
  let outcome = await waitOnce(given, begun)
  for (let waits = 1; !isTold(outcome) && waits < mostWaits; waits += 1) {
    await runtime.sleep(betweenWaitsMs)
    outcome = await waitOnce({ ...given, limits: {} }, begun)
  }
  if (!isTold(outcome)) wrong(`untold: ${mostWaits} waits did not tell what has become of ${begun}`)
  return outcome
}

/** Waits for an image that was asked for. */
export const wait = async (given: Pursuing): Promise<void> => {
  const begun = given.pursuit.asked.flatMap((asked) => ('ref' in asked ? [asked.ref] : [])).at(-1)
  if (begun !== undefined) await waitUntilTold(given, begun)
}

/**
 * Asks for what has a key and waits for it, until it is told which image it is. That only one remains, and that everybody who has done
 * so is told that one, is what the stores promise; to who does not wait they promise less.
 */
export const secure = async (given: Pursuing): Promise<void> => {
  const { cloud, runtime, wrong, pursuit } = given
  const most = cloud.tellsKeys ? mostBeginnings : mostBlindBeginnings
  for (let beginnings = 0; beginnings < most; beginnings += 1) {
    const asked = await askOnce(given)
    const outcome = asked !== undefined && 'ref' in asked ? await waitUntilTold(given, asked.ref) : undefined
    if (outcome?.succeeded === true) {
      pursuit.secured.push(outcome.operation.image)
      return
    }
    await runtime.sleep(betweenBeginningsMs)
  }
  wrong(`untold: ${pursuit.wanted.key} was asked for ${most} times without an image`)
}
