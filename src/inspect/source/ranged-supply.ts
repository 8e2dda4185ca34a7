import { isInspectError } from '../inspect-error.ts'
import type { Allowance } from './allowance.ts'
import type { Answer, Ask } from './ask.ts'
import { contentRangeOf, totalOf } from './content-range.ts'
import type { Supply } from './reads.ts'
import type { Stretches } from './stretches.ts'
import { changed, isOtherFile, type Validators, validatorsOf } from './validators.ts'
import { windowFor } from './window.ts'

/** What an open file at a server is read with. */
export interface RangedFile {
  readonly ask: Ask
  /** The address that gave the file, behind all redirects. */
  readonly url: URL
  readonly signal: AbortSignal
  /** Of the first answer. */
  readonly validators: Validators
  /** Whether the first answer ended before all was there that it told of. */
  readonly isBroken: boolean
}

/** The value of a Range header. */
export const rangeHeader = (at: number, length: number): string => `bytes=${at}-${at + length - 1}`

/**
 * Takes the body of an answer that gives a part, `most` bytes at the most, and keeps it where the answer says that it stands. A body
 * that is longer than it should be is not read on. `broken`: it ended before all was there that the answer tells of.
 */
export const keepPart = async (
  answer: Answer,
  most: number,
  known: Stretches,
  spending: Allowance,
): Promise<'kept' | 'broken'> => {
  const part = contentRangeOf(answer)
  if (part === undefined) return 'kept'
  const wanted = Math.min(part.length, most, spending.bytesLeft())
  const bytes = await answer.body.take(wanted)
  spending.tookBytes(bytes.length)
  known.put(part.at, bytes)
  return bytes.length < wanted ? 'broken' : 'kept'
}

/** Asks for parts at the address that gave the file. */
export const rangedSupply = (
  { ask, url, signal, validators, isBroken: isFirstBroken }: RangedFile,
  known: Stretches,
  spending: Allowance,
): Supply => {
  let length = validators.totalBytes
  let isBroken = isFirstBroken

  const keep = async (answer: Answer, at: number, most: number): Promise<string> => {
    const total = totalOf(answer)
    // An answer that gives no file has the validators of an error page, if any.
    const told = answer.status < 300 ? validatorsOf(answer, total) : { totalBytes: total }
    if (isOtherFile({ ...validators, totalBytes: length }, told)) throw changed()
    length ??= total
    const isCut = answer.status === 206 && (await keepPart(answer, most, known, spending)) === 'broken'
    isBroken ||= isCut
    // Nothing stands at a place behind all that is known: the file ends there.
    if (answer.status === 416 && length === undefined && known.lastEnd(at) === at) length = at
    if (answer.status !== 206) return `the server answered ${answer.status} to a request for them`
    return isCut ? 'the server broke its answer off' : 'the server gave another part'
  }

  return {
    length: () => length,
    brokenOff: () => isBroken,
    fetch: async (at, end) => {
      const spent = spending.exhausted()
      if (spent !== undefined) return spent
      const window = windowFor({ at, end }, known, { length, left: spending.bytesLeft() })
      const range = rangeHeader(window.at, window.length)
      try {
        const answer = await ask({ method: 'GET', url, range, signal })
        try {
          return await keep(answer, at, window.length)
        } finally {
          await answer.body.leave()
        }
      } catch (error) {
        if (isInspectError(error) && error.kind === 'unreachable') return error.message
        throw error
      }
    },
  }
}
