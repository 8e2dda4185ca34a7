import { withoutSecrets } from '../../store/source-url.ts'
import type { Hop } from '../facts.ts'
import { InspectError } from '../inspect-error.ts'
import type { Answer, Ask, Question } from './ask.ts'

const mostRedirects = 4

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** The answer at the end of the redirects, and the way there. */
export interface Followed {
  readonly answer: Answer
  /** The address that gave it. */
  readonly url: URL
  readonly hops: readonly Hop[]
  /** All the addresses that were asked, with what may be secret in them. */
  readonly asked: readonly URL[]
}

/** The address that a redirect leads to, also from https to http, as importers go; absent where the answer is none. */
const nextOf = ({ status, headers }: Answer, url: URL): URL | undefined => {
  const location = headers['location']
  if (!redirects.has(status) || location === undefined) return undefined
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined
  if (next?.protocol === 'http:' || next?.protocol === 'https:') return next
  throw new InspectError('unreachable', `${withoutSecrets(url.href)} leads to what is no http or https URL`, {
    status,
    hint: 'Give the URL that the file is at in the end',
  })
}

/**
 * Asks, and follows up to four redirects, each of whose addresses is checked like the first. Rejects as {@link Ask} does, and with
 * `too-many-redirects`.
 */
export const follow = async (ask: Ask, question: Question): Promise<Followed> => {
  const hops: Hop[] = []
  const asked: URL[] = []
  let url = question.url
  for (;;) {
    const answer = await ask({ ...question, url })
    asked.push(url)
    hops.push({ url: withoutSecrets(url.href), status: answer.status })
    const next = nextOf(answer, url)
    if (next === undefined) return { answer, url, hops, asked }
    await answer.body.leave()
    if (hops.length > mostRedirects)
      throw new InspectError(
        'too-many-redirects',
        `${withoutSecrets(question.url.href)} leads on more than ${mostRedirects} times`,
        { hint: 'Give the URL that the file is at in the end' },
      )
    url = next
  }
}
