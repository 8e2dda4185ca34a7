import * as E from 'fp-ts/lib/Either.js'
import { type CallOptions, type ImageStoreError, isImageStoreError, type Runtime, type StoreTask } from 'imageferry'
import type { Cloud } from './cloud.ts'
import type { RunRecord } from './record.ts'
import { secretsIn, signature } from './secrets.ts'
import { errorsWithin, told } from './told.ts'
import type { Limits } from './workload.ts'

/** How much longer than its limits a call may take, in ms: an answer to a request that makes something may be waited for. */
const graceMs = 15_000

/** Members whose errors may be within the result of another: what waits for what it has begun fails as either. */
const membersWithin: readonly string[] = ['importFromUrl', 'getOperations']

/** What of an error is not as every error should be; nothing where all is well. */
const faultOfError = (error: unknown, store: string, members: readonly string[]): string | undefined => {
  if (!isImageStoreError(error)) return `it failed with ${String(error)}, which is no ImageStoreError`
  if (error.store !== store) return `its error ${error.kind} names the store ${error.store}`
  if (!members.some((member) => member === error.operation))
    return `its error ${error.kind} names the member ${error.operation}`
  if ((error.hint ?? '').trim() === '') return `its error ${error.kind} has no hint`
  return error.message.trim() === '' ? `its error ${error.kind} has no message` : undefined
}

/** A call that has ended, between two moments in virtual ms since the epoch. */
export interface Ended<A> {
  readonly result: E.Either<ImageStoreError, A>
  readonly fromMs: number
  readonly toMs: number
}

/** Runs a call with a signal of its own and within limits; `member` is the port's member that its errors have to name. */
export type Calling = <A>(
  member: string,
  limits: Limits,
  run: (options: CallOptions) => StoreTask<A>,
) => Promise<Ended<A> | undefined>

/** Runs the calls of somebody, and puts down how each ended and what was wrong with that. Nothing comes back of one that broke its word. */
export const calling = (who: string, cloud: Cloud, runtime: Runtime, record: RunRecord): Calling => {
  const note = (text: string): void => void record.notes.push({ at: runtime.now(), text: `${who} ${text}` })
  const secretIn = secretsIn({ token: cloud.secret, signature })

  const faultOf = (member: string, result: E.Either<ImageStoreError, unknown>): string | undefined => {
    const faults = E.isLeft(result)
      ? [faultOfError(result.left, cloud.name, [member])]
      : errorsWithin(result.right).map((error) => faultOfError(error, cloud.name, membersWithin))
    const fault = faults.find((found) => found !== undefined)
    if (fault !== undefined) return fault
    // Images hold what the provider has answered, which is as it is.
    const value = E.isLeft(result) ? result.left : member === 'listPage' ? undefined : result.right
    const secret = [value, ...(E.isLeft(result) ? [] : errorsWithin(result.right))].map(secretIn).find(Boolean)
    if (secret === undefined) return undefined
    return E.isLeft(result) ? `its error ${result.left.kind} holds the ${secret}` : `its result holds the ${secret}`
  }

  return async (member, { timeoutMs, cancelAfterMs }, run) => {
    const wrong = (what: string): void => void record.wrong.push(`${who}: call: ${member}: ${what}`)
    const controller = new AbortController()
    record.signals.push(controller.signal)
    const release =
      cancelAfterMs === undefined
        ? undefined
        : runtime.timer(cancelAfterMs, () => controller.abort(new Error('The caller has lost patience')))
    const fromMs = runtime.now()
    note(`${member} begins`)
    try {
      const result = await run({ signal: controller.signal, timeoutMs })()
      const toMs = runtime.now()
      const ending = E.isRight(result) ? 'ok' : String(result.left?.kind)
      const limit = timeoutMs ?? cancelAfterMs
      note(`${member} ends: ${told(result)}`)
      record.calls.push({ cloud: cloud.name, who, member, ending, fromMs, toMs, isLimited: limit !== undefined })
      if (limit !== undefined && toMs - fromMs > limit + graceMs)
        wrong(`it took ${toMs - fromMs} ms, and was to end after ${limit} ms`)
      const fault = faultOf(member, result)
      if (fault === undefined) return { result, fromMs, toMs }
      wrong(fault)
    } catch (thrown) {
      wrong(`it threw ${String(thrown)}`)
    } finally {
      release?.()
    }
    return undefined
  }
}
