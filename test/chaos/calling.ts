import * as E from 'fp-ts/lib/Either.js'
import { type CallOptions, type ImageStoreError, isImageStoreError, type Runtime, type StoreTask } from 'imageferry'
import type { Cloud } from './cloud.ts'
import type { RunRecord } from './record.ts'
import type { Limits } from './workload.ts'

/** How much longer than its limits a call may take, in ms: an answer to a request that makes something may be waited for. */
const graceMs = 15_000

/** What an error has to say, and must not. */
interface ErrorExpectations {
  readonly store: string
  readonly member: string
  readonly secret: string
}

/** What of an error is not as every error should be; nothing where all is well. */
const faultOfError = (error: unknown, { store, member, secret }: ErrorExpectations): string | undefined => {
  if (!isImageStoreError(error)) return `it failed with ${String(error)}, which is no ImageStoreError`
  if (error.store !== store) return `its error ${error.kind} names the store ${error.store}`
  if (error.operation !== member) return `its error ${error.kind} names the member ${error.operation}`
  if ((error.hint ?? '').trim() === '') return `its error ${error.kind} has no hint`
  if (error.message.trim() === '') return `its error ${error.kind} has no message`
  return JSON.stringify(error).includes(secret) ? `its error ${error.kind} holds the token` : undefined
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
      note(`${member} ends: ${E.isRight(result) ? ending : `${ending}: ${result.left?.message}`}`)
      record.endings.push(ending)
      const limit = timeoutMs ?? cancelAfterMs ?? Number.POSITIVE_INFINITY
      if (toMs - fromMs > limit + graceMs) wrong(`it took ${toMs - fromMs} ms, and was to end after ${limit} ms`)
      const expected = { store: cloud.name, member, secret: cloud.secret }
      const fault = E.isLeft(result) ? faultOfError(result.left, expected) : undefined
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
