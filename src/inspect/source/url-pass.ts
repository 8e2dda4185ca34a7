import type { FullPass } from '../facts.ts'
import { InspectError } from '../inspect-error.ts'
import type { Ask } from './ask.ts'
import { totalOf } from './content-range.ts'
import { follow } from './follow.ts'
import { withinLimit } from './lifetime.ts'
import { givesAll, refused } from './opening.ts'
import { changed, isOtherFile, type Validators, validatorsOf } from './validators.ts'
import { type WholeFile, wholePass } from './whole-pass.ts'

/** The longest that nothing may come in, in milliseconds. */
const longestIdleMs = 30_000

const pieceBytes = 256 * 2 ** 10

/** A file at a URL that is read whole. */
export interface UrlPass extends Pick<WholeFile, 'runtime' | 'onProgress' | 'onUnknown'> {
  readonly ask: Ask
  /** Where it is asked for, whatever it led to before. */
  readonly url: URL
  readonly signal: AbortSignal
  /** Of the file that was opened. */
  readonly validators: Validators
  /** Called with the length of what came in, in bytes. */
  readonly onBytes: (count: number) => void
}

const brokenOff = (bytes: number, totalBytes: number | undefined): InspectError =>
  new InspectError(
    'unreachable',
    `The server broke off after ${bytes} ${totalBytes === undefined ? 'bytes' : `of ${totalBytes} bytes`}`,
    { hint: 'A provider would come to the same: check the length that the server tells, and its limits of time' },
  )

const idle = (): InspectError =>
  new InspectError('timeout', `Nothing came in for ${longestIdleMs} ms`, { hint: 'The server stands still: try again' })

/**
 * Reads the file at a URL once, with a GET of its own for all of it. Rejects with `changed` where it is not the one that was opened, as soon
 * as more comes than was told, and with `unreachable` where less does: a digest of a part is none. Where nothing tells a length, only the
 * server's end, 30 seconds without a byte and the signal end it.
 */
export const urlPass = async (pass: UrlPass): Promise<FullPass> => {
  const { ask, url, signal, runtime, validators, onBytes } = pass
  const limit = { runtime, signal, limitMs: longestIdleMs, late: idle }
  const { answer, url: last } = await withinLimit(limit, (own) => follow(ask, { method: 'GET', url, signal: own }))
  try {
    const { status, body } = answer
    if (!givesAll(answer)) throw refused(last, status)
    const promised = totalOf(answer)
    if (isOtherFile(validators, validatorsOf(answer, promised))) throw changed()

    const totalBytes = promised ?? validators.totalBytes
    let came = 0
    const next = async (): Promise<Uint8Array> => {
      const piece = await withinLimit(limit, () => body.next(pieceBytes))
      onBytes(piece.length)
      came += piece.length
      // A server may go on for ever.
      if (totalBytes !== undefined && came > totalBytes) throw changed()
      return piece
    }
    const whole = await wholePass({ ...pass, next, totalBytes })
    if (body.state() === 'broken' || (totalBytes !== undefined && whole.bytes < totalBytes))
      throw brokenOff(whole.bytes, totalBytes)
    return whole
  } finally {
    await answer.body.leave()
  }
}
