import type { Runtime } from '../../store/runtime.ts'
import type { HeadFacts } from '../facts.ts'
import { InspectError, isInspectError } from '../inspect-error.ts'
import type { Answer, Ask } from './ask.ts'
import { totalOf } from './content-range.ts'
import { follow } from './follow.ts'
import { withinLimit } from './lifetime.ts'

/** The longest that is waited for an answer to HEAD, in milliseconds: a server that ignores it may answer GET. */
const longestHeadMs = 5_000

/** What came of HEAD: an answer, or why there is none, in words. */
export type HeadLook = Pick<Answer, 'status' | 'headers'> | string

/**
 * Sends HEAD, as both importers do before they fetch (fact sheets: DigitalOcean's and Gcore's sections on import sources). No answer is a
 * fact and no failure. Rejects with `private-address`, which an importer would come to as well, and with the reason of the signal.
 */
export const lookByHead = async (
  ask: Ask,
  { url, signal, runtime }: { readonly url: URL; readonly signal: AbortSignal; readonly runtime: Runtime },
): Promise<HeadLook> => {
  const late = (): InspectError => new InspectError('timeout', `HEAD got no answer within ${longestHeadMs} ms`)
  try {
    return await withinLimit({ runtime, signal, limitMs: longestHeadMs, late }, async (own) => {
      const { answer } = await follow(ask, { method: 'HEAD', url, signal: own })
      await answer.body.leave()
      return answer
    })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!isInspectError(error) || error.kind === 'private-address') throw error
    return error.message
  }
}

const isGood = (status: number): boolean => status >= 200 && status < 300

/** Whether two answers both tell something that counts, and not the same. */
const differ = (a: string | undefined, b: string | undefined, counted: (header: string) => unknown): boolean =>
  a !== undefined && b !== undefined && counted(a) !== counted(b)

const isHtml = (type: string): boolean => /^\s*text\/html/i.test(type)

/** A weak ETag and the strong one of the same text are of the same file: some servers make one of the other on the way. */
const opaque = (etag: string): string => etag.replace(/^W\//, '')

const differences = (
  head: Exclude<HeadLook, string>,
  get: Answer,
  bytes: number | undefined,
): readonly (string | false)[] => {
  if (!isGood(head.status)) return [`HEAD is answered with status ${head.status}, GET with ${get.status}`]
  const headBytes = totalOf(head)
  const differsIn = (header: string, counted: (value: string) => unknown = (value) => value): boolean =>
    differ(head.headers[header], get.headers[header], counted)
  return [
    headBytes !== undefined &&
      bytes !== undefined &&
      headBytes !== bytes &&
      `HEAD tells a length of ${headBytes} bytes, GET of ${bytes}`,
    differsIn('content-type', isHtml) && 'One of HEAD and GET tells of a web page, the other does not',
    differsIn('etag', opaque) && 'HEAD tells another ETag than GET',
    differsIn('last-modified') && 'HEAD tells another Last-Modified than GET',
  ]
}

/** What HEAD told, held against the answer to GET and the length of the file in bytes. */
export const headFacts = (head: HeadLook, get: Answer, bytes: number | undefined): HeadFacts => {
  if (typeof head === 'string') return { differences: [head] }
  const headBytes = totalOf(head)
  return {
    status: head.status,
    ...(headBytes !== undefined && { bytes: headBytes }),
    differences: differences(head, get, bytes).filter((difference) => difference !== false),
  }
}
