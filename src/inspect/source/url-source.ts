import { onAbort } from '../../store/on-abort.ts'
import { reasonAgainstSourceUrl, withoutSecrets } from '../../store/source-url.ts'
import type { UrlSource } from '../facts.ts'
import { InspectError } from '../inspect-error.ts'
import type { NotKnown } from '../not-known.ts'
import { addressBook } from './address-book.ts'
import { allowance } from './allowance.ts'
import { connections } from './ask.ts'
import { headFacts, lookByHead } from './head-look.ts'
import type { ImageSource } from './image-source.ts'
import { type Lifetime, lifetime } from './lifetime.ts'
import { type Opened, openAnswer } from './opening.ts'
import { readsOf } from './reads.ts'
import { limitsOf, type SourceOptions } from './source-options.ts'
import { noStretches } from './stretches.ts'
import { toldText } from './told-text.ts'
import { urlPass } from './url-pass.ts'
import { validatorsOf } from './validators.ts'

const fileNameOf = ({ pathname }: URL): string => {
  const segment = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const factsOf = (url: URL, { answer, hops, asked, ranges }: Opened, head: UrlSource['head']): UrlSource => {
  const told = toldText([url, ...asked])
  const header = (name: string): string | undefined => {
    const text = answer.headers[name]
    return text === undefined ? undefined : told(text)
  }
  const contentType = header('content-type')
  const contentEncoding = header('content-encoding')
  const etag = header('etag')
  const lastModified = header('last-modified')
  return {
    kind: 'url',
    url: withoutSecrets(url.href),
    fileName: fileNameOf(url),
    hasQuery: url.search !== '',
    hasUserInfo: url.username !== '' || url.password !== '',
    head,
    hops,
    ranges,
    ...(contentType !== undefined && { contentType }),
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  }
}

const urlOf = (text: string): URL => {
  const { url: reason } = reasonAgainstSourceUrl(text)
  if (reason !== undefined) throw new InspectError('invalid-argument', reason)
  return new URL(text)
}

const opened = async (url: URL, options: SourceOptions, time: Lifetime): Promise<ImageSource> => {
  const limits = limitsOf(options)
  const { runtime } = limits
  const spending = allowance(limits)
  const book = addressBook(options)
  const known = noStretches()
  const { ask, close } = connections(book, spending)
  onAbort(time.look, close)

  const signal = time.look
  const { file, head } = await time.within(async () => {
    const seen = await lookByHead(ask, { url, signal, runtime })
    const answered = await openAnswer(ask, { url, signal }, known, spending)
    return { file: answered, head: headFacts(seen, answered.answer, answered.supply.length()) }
  })
  const { supply } = file
  const facts = factsOf(url, file, head)
  const reads = readsOf(known, supply)
  const unknown = new Map<string, NotKnown>()
  const passing = allowance({ maximumRequests: Number.POSITIVE_INFINITY, maximumBytes: Number.POSITIVE_INFINITY })

  return {
    facts: () => ({ ...facts, ...(supply.brokenOff() && { brokenOff: true as const }) }),
    get length() {
      return supply.length()
    },
    read: (at, length) => time.within(() => reads.read(at, length)),
    within: time.within,
    cost: () => {
      const [look, pass] = [spending.spent(), passing.spent()]
      return { requests: look.requests + pass.requests, bytes: look.bytes + pass.bytes }
    },
    unavailable: () => [...reads.unavailable(), ...unknown.values()],
    fullPass: async (onProgress) => {
      const own = connections(book, passing)
      try {
        return await urlPass({
          ask: own.ask,
          url,
          signal: time.signal,
          runtime,
          validators: validatorsOf(file.answer, supply.length()),
          onProgress,
          onUnknown: (one) => unknown.set(one.what, one),
          onBytes: passing.tookBytes,
        })
      } finally {
        own.close()
      }
    },
    close: async () => time.close(),
  }
}

/**
 * Opens the file at a URL as an importer does, without credentials: HEAD, then GET for its beginning. Rejects with an `InspectError`:
 * `invalid-argument` for what is no http or https URL, `private-address`, `unreachable`, `too-many-redirects`, `timeout`, `canceled`.
 */
export const openUrl = async (text: string, options: SourceOptions = {}): Promise<ImageSource> => {
  const url = urlOf(text)
  const time = lifetime(limitsOf(options))
  try {
    return await opened(url, options, time)
  } catch (error) {
    time.close()
    throw error
  }
}
