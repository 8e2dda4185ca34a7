import type { Answer } from './ask.ts'
import { lengthIn } from './ask.ts'

/** Which part of a file an answer of status 206 gives, or that of status 416 does not. In bytes. */
export interface ContentRange {
  readonly at: number
  readonly length: number
  /** The length of the whole file; absent where the server does not tell. */
  readonly total?: number | undefined
}

const part = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i
const none = /^bytes \*\/(\d+)$/i

/** The Content-Range of an answer; absent where there is none, or one that contradicts itself. Source: RFC 9110, section 14.4. */
export const contentRangeOf = ({ headers }: Pick<Answer, 'headers'>): ContentRange | undefined => {
  const [, first, last, total] = (headers['content-range'] ?? '').match(part) ?? []
  const at = lengthIn(first)
  const end = lengthIn(last)
  const whole = lengthIn(total)
  if (at === undefined || end === undefined || end < at || (whole !== undefined && end >= whole)) return undefined
  return { at, length: end - at + 1, total: whole }
}

/**
 * The length of the whole file in bytes, as an answer tells it: one of status 206 or 416 in its Content-Range, one that gives all of the file
 * by its own length. Absent where it does not tell, and for an error.
 */
export const totalOf = (answer: Pick<Answer, 'status' | 'headers'>): number | undefined => {
  const { status, headers } = answer
  if (status === 206) return contentRangeOf(answer)?.total
  if (status === 416) return lengthIn((headers['content-range'] ?? '').match(none)?.[1])
  return status >= 200 && status < 300 ? lengthIn(headers['content-length']) : undefined
}
