import { reasonAgainstSourceUrl } from '../../store/source-url.ts'
import type { HeadFacts } from '../facts.ts'
import { addressOf } from './address.ts'
import { exactAmount } from './amount.ts'
import type { Finding, Severity } from './finding.ts'
import { inferred, type Rule, sourceOf, targetOf } from './rule.ts'
import { shown, shownList } from './shown.ts'

const isAnswered = ({ status }: HeadFacts): boolean => status !== undefined && status >= 200 && status < 300

/** Statuses that say "not now": the same HEAD may be answered a minute later. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

const refusalSeverity = ({ status }: HeadFacts, sendsHead: boolean): Severity => {
  if (!sendsHead) return 'unknown'
  return status === undefined || status < 400 || passing.has(status) ? 'likely-fails' : 'blocks'
}

const headMessage = (target: string, sendsHead: boolean, answer: string): string =>
  `${target} ${sendsHead ? 'sends' : 'may send'} HEAD before it fetches, and the server ${answer}`

const headRefused: Rule = (facts, capabilities, intended) => {
  if (facts.source.kind === 'file' || isAnswered(facts.source.head)) return []
  const { head, hasQuery } = facts.source
  const sendsHead = capabilities.import.source?.head === true
  return [
    {
      code: 'head-refused',
      severity: refusalSeverity(head, sendsHead),
      message: headMessage(
        targetOf(intended),
        sendsHead,
        head.status === undefined ? 'does not answer it' : 'refuses it',
      ),
      evidence: head.status === undefined ? 'HEAD was not answered, GET was' : `HEAD was answered by ${head.status}`,
      remedy: hasQuery
        ? 'Offer the file without a signature: a signed link is good for one method only'
        : 'Offer the file where HEAD is answered as GET is',
      source: sourceOf(capabilities, 'head'),
    },
  ]
}

const lengthOtherwise = (told: number | undefined, bytes: number | undefined): readonly string[] =>
  told !== undefined && bytes !== undefined && told !== bytes
    ? [`HEAD tells a length of ${exactAmount(told)}, the file has ${exactAmount(bytes)}`]
    : []

const headDiffers: Rule = (facts, capabilities, intended) => {
  if (facts.source.kind === 'file' || !isAnswered(facts.source.head)) return []
  const sendsHead = capabilities.import.source?.head === true
  const { bytes, differences } = facts.source.head
  const ofLength = lengthOtherwise(bytes, facts.bytes)
  const others = differences.filter(
    (one) => ofLength.length === 0 || !one.startsWith(`HEAD tells a length of ${bytes} `),
  )
  return ofLength.length === 0 && others.length === 0
    ? []
    : [
        {
          code: 'head-differs',
          severity: sendsHead && ofLength.length > 0 ? 'likely-fails' : 'unknown',
          message: headMessage(targetOf(intended), sendsHead, 'answers it otherwise than GET'),
          evidence: [...ofLength, ...(others.length === 0 ? [] : [shownList(others)])].join('; '),
          remedy: 'Offer the file where HEAD is answered as GET is',
          source: sourceOf(capabilities, 'head'),
        },
      ]
}

const url: Rule = (_, __, { url: text }) => {
  const reason = text === undefined ? undefined : reasonAgainstSourceUrl(text)['url']
  return reason === undefined
    ? []
    : [
        {
          code: 'url',
          severity: 'blocks',
          message: 'No provider can fetch from the URL of the import',
          evidence: reason,
          source: inferred,
        },
      ]
}

const urlQuery: Rule = (facts, capabilities, intended) =>
  capabilities.import.source?.query === 'uncertain' && addressOf(facts, intended)?.hasQuery === true
    ? [
        {
          code: 'url-query',
          severity: 'unknown',
          message: 'Sources disagree on whether a URL with a query, such as a signed one, is taken',
          evidence: 'The URL has a query',
          remedy: 'Offer the file at a URL without a query',
          source: sourceOf(capabilities, 'query'),
        },
      ]
    : []

const urlCredentials: Rule = (facts, capabilities, intended) => {
  if (addressOf(facts, intended)?.hasUserInfo !== true) return []
  const isReadWithout = facts.source.kind === 'url'
  const found: Finding = {
    code: 'url-credentials',
    severity: isReadWithout ? 'unknown' : 'likely-fails',
    message: 'The URL holds a user or a password, and importers fetch without credentials',
    evidence: isReadWithout ? 'The file can be read without them' : 'The URL of the import has user info',
    remedy: 'Leave user and password out of the URL, and offer the file to everybody for as long as the import takes',
    source: sourceOf(capabilities, 'credentials'),
  }
  return [found]
}

const contentEncoding: Rule = ({ source }) =>
  source.kind === 'file' || source.contentEncoding === undefined || /^(identity)?$/i.test(source.contentEncoding.trim())
    ? []
    : [
        {
          code: 'content-encoding',
          severity: 'unknown',
          message: 'The server calls the file encoded, which one client undoes and another does not',
          evidence: `Content-Encoding: ${shown(source.contentEncoding)}`,
          remedy: 'Offer the file without a Content-Encoding',
          source: inferred,
        },
      ]

/** What there is to say of the URL, and of the server behind it. */
export const sourceRules: readonly Rule[] = [headRefused, headDiffers, url, urlQuery, urlCredentials, contentEncoding]
