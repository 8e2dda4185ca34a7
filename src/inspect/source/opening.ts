import { withoutSecrets } from '../../store/source-url.ts'
import { InspectError } from '../inspect-error.ts'
import type { Allowance } from './allowance.ts'
import type { Answer, Ask } from './ask.ts'
import { contentRangeOf, totalOf } from './content-range.ts'
import { type Followed, follow } from './follow.ts'
import { forwardSupply } from './forward-supply.ts'
import { keepPart, rangedSupply, rangeHeader } from './ranged-supply.ts'
import type { Supply } from './reads.ts'
import type { Stretches } from './stretches.ts'
import { validatorsOf } from './validators.ts'
import { firstBytes } from './window.ts'

/** A file that GET was answered with. */
export interface Opened extends Followed {
  readonly supply: Supply
  /** Whether the server gives parts of the file. */
  readonly ranges: boolean
}

const hintOf = (status: number): string => {
  if (status === 401 || status === 403)
    return 'Make the file public, or sign the link for GET: importers send no credentials'
  if (status === 404 || status === 410) return 'Check the URL: there is no file'
  if (status === 429) return 'The server counts requests: wait, and try again'
  return status >= 500 ? 'The server has failed: try again later' : 'Give a URL that answers GET with the file'
}

/** GET was answered by something that is no file. */
export const refused = (url: URL, status: number): InspectError =>
  new InspectError('unreachable', `${withoutSecrets(url.href)} answered GET with status ${status}`, {
    status,
    hint: hintOf(status),
  })

/** Whether an answer to a GET without a range gives all of a file. */
export const givesAll = ({ status }: Pick<Answer, 'status'>): boolean => status >= 200 && status < 300 && status !== 206

/** An empty file has no first byte, and some servers say that of any range that they do not like. What cannot be placed is no part either. */
const isOddPart = (answer: Answer): boolean =>
  answer.status === 416 || (answer.status === 206 && contentRangeOf(answer)?.at !== 0)

/**
 * Sends GET for the beginning of a file, follows its redirects, and keeps what comes. A server that gives all of the file instead of a
 * part is read forward; one that gives another part, or says that there is none, is asked once more, for all of it. Rejects with
 * `unreachable` where the answer is no file.
 */
export const openAnswer = async (
  ask: Ask,
  { url, signal }: { readonly url: URL; readonly signal: AbortSignal },
  known: Stretches,
  spending: Allowance,
): Promise<Opened> => {
  const wanted = Math.min(firstBytes, spending.bytesLeft())

  const forward = async (followed: Followed): Promise<Opened> => {
    const { answer } = followed
    if (!givesAll(answer)) {
      await answer.body.leave()
      throw refused(followed.url, answer.status)
    }
    const supply = forwardSupply(answer.body, totalOf(answer), known, spending)
    await supply.fetch(0, wanted)
    return { ...followed, supply, ranges: false }
  }

  const first = await follow(ask, { method: 'GET', url, range: rangeHeader(0, wanted), signal })
  const { answer } = first
  if (isOddPart(answer)) {
    await answer.body.leave()
    return forward(await follow(ask, { method: 'GET', url, signal }))
  }
  if (answer.status !== 206) return forward(first)
  const isBroken = (await keepPart(answer, wanted, known, spending)) === 'broken'
  await answer.body.leave()
  const file = { ask, url: first.url, signal, validators: validatorsOf(answer, totalOf(answer)), isBroken }
  return { ...first, supply: rangedSupply(file, known, spending), ranges: true }
}
