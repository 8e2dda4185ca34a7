import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError, type ImageStoreErrorKind } from '../model/error.ts'
import { seededRandom } from '../model/seeded-random.ts'
import type { StoreOperation } from '../store/capabilities.ts'
import type { ImageStore } from '../store/image-store.ts'
import { type Call, memberOf } from '../store/member.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import { type WriteOperation, writeOperations } from '../store/write-operation.ts'
import { aroundEachMember } from './each-member.ts'

/** What goes wrong, and how often. */
export interface ChaosOptions {
  /** How many calls of all fail, from 0 to 1; 0.2 unless told. */
  readonly rate?: number | undefined
  /** The longest that a call is held up before it is made, in milliseconds; 0 unless told. */
  readonly delayMs?: number | undefined
  /** Whose time delays are slept on; the machine's unless told. */
  readonly runtime?: Runtime | undefined
}

/** What fails by itself on the way and can be tried again. */
const kinds: readonly ImageStoreErrorKind[] = ['unavailable', 'rate-limited', 'timeout']

const isWrite = (operation: StoreOperation): operation is WriteOperation =>
  writeOperations.some((write) => write === operation)

const sleepFor = async (ms: number, { signal }: Call, runtime: Runtime): Promise<void> => {
  if (ms > 0) await runtime.sleep(ms, signal)
}

const lostAnswer = new ImageStoreError('unavailable', 'The connection broke off before the answer had come (chaos)', {
  hint: 'What was asked for may have been carried out: look it up before it is repeated',
})

const refusal = (kind: ImageStoreErrorKind): ImageStoreError =>
  new ImageStoreError(kind, `The call failed on the way (chaos: ${kind})`, {
    ...(kind === 'rate-limited' && { retryAfterSeconds: 1 }),
  })

/**
 * The same store on a bad network, for trying one's own scripts: calls are held up, fail before anything is sent, or (writes)
 * are carried out and fail all the same, because their answer was lost. The errors are those that a real store gives then. What
 * fails is drawn from the seed: the same calls in the same order fail in the same way. What is unsupported or malformed
 * fails as it always does, and a result that comes is a true one. The seed is a whole number. Throws `invalid-argument` that names
 * what of seed, rate and delay is none.
 */
export const chaotic = (
  store: ImageStore,
  seed: number,
  { rate = 0.2, delayMs = 0, runtime = systemRuntime }: ChaosOptions = {},
): ImageStore => {
  const fields = {
    ...(!Number.isSafeInteger(seed) && { seed: `${seed} is not a whole number` }),
    ...(!(rate >= 0 && rate <= 1) && { rate: `${rate} is not a rate from 0 to 1` }),
    ...(!(delayMs >= 0 && Number.isFinite(delayMs)) && { delayMs: `${delayMs} is not a number of milliseconds` }),
  }
  const reasons = Object.values(fields)
  if (reasons.length > 0)
    throw new ImageStoreError('invalid-argument', reasons.join('; '), { store: store.name, fields })
  const random = seededRandom(seed)
  const member = memberOf({ name: store.name, capabilities: store.capabilities, runtime })

  return aroundEachMember(store, (operation, options, run) =>
    member(operation, options, (call) => async () => {
      // Drawn at once, whatever comes of the call, so that one call does not change what the next one draws.
      const [fails, early, kind, delay] = [random() < rate, random(), random(), random() * delayMs]
      await sleepFor(delay, call, runtime)
      const isLost = isWrite(operation) && early < 0.5
      if (fails && !isLost) return E.left(refusal(kinds[Math.floor(kind * kinds.length)] ?? 'unavailable'))
      const result = await run({ ...options, signal: call.signal })()
      return fails && E.isRight(result) ? E.left(lostAnswer) : result
    }),
  )
}
