import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Readable } from 'node:stream'
import type { AxiosInstance } from 'axios'
import { InspectError, isInspectError } from '../inspect-error.ts'
import type { AddressBook } from './address-book.ts'
import type { Allowance } from './allowance.ts'
import { type Body, bodyOf } from './body.ts'
import { noAnswer } from './no-answer.ts'

/** One request to one address. */
export interface Question {
  readonly method: 'HEAD' | 'GET'
  readonly url: URL
  /** The value of the Range header, where a part is asked for. */
  readonly range?: string | undefined
  /** Aborted with an {@link InspectError} as its reason. */
  readonly signal: AbortSignal
}

/** What came of it, whatever the status. The body has to be left. */
export interface Answer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

/**
 * Sends one request, without credentials, and follows no redirect. Rejects with `unreachable` where no answer comes, or where
 * no request may be sent any more, with `private-address`, and with the reason of the signal.
 */
export type Ask = (question: Question) => Promise<Answer>

/** The connections of one source. */
export interface Connections {
  readonly ask: Ask
  /** Closes them all, with what is under way. */
  readonly close: () => void
}

let loaded: Promise<AxiosInstance> | undefined

/** axios, loaded with the first request: it takes longer to load than everything else in this package together. */
const loadedOnce = (): Promise<AxiosInstance> => {
  loaded ??= import('axios').then(({ default: axios }) =>
    axios.create({
      adapter: 'http',
      // The addresses were checked here; what a proxy would come to is not known.
      proxy: false,
      maxRedirects: 0,
      responseType: 'stream',
      decompress: false,
      validateStatus: () => true,
    }),
  )
  return loaded
}

/** A connection that was kept may be gone by the time that it is used again; that says nothing of the server. */
const wasKept = (error: unknown): boolean => {
  const request: unknown = typeof error === 'object' && error !== null && 'request' in error && error.request
  return typeof request === 'object' && request !== null && Reflect.get(request, 'reusedSocket') === true
}

const flatten = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name.toLowerCase(), String(value)]],
    ),
  )

/** A length in bytes out of a header; absent for what is none. */
export const lengthIn = (header: string | undefined): number | undefined => {
  const length = header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined
  return Number.isSafeInteger(length) ? length : undefined
}

const agentsOf = ({ lookup }: AddressBook, keepAlive: boolean) => ({
  httpAgent: new HttpAgent({ keepAlive, lookup }),
  httpsAgent: new HttpsAgent({ keepAlive, lookup }),
})

/**
 * Connections to the hosts that the address book admits. `takeRequest` is asked before each request, and has it sent by `true`. They are
 * kept and used again until one is gone when it is: from then on each request has one of its own, since a server that closes without a word
 * does so every time.
 */
export const connections = (
  book: AddressBook,
  { takeRequest, wasSentAgain }: Pick<Allowance, 'takeRequest' | 'wasSentAgain'>,
): Connections => {
  const kept = agentsOf(book, true)
  const single = agentsOf(book, false)
  let agents = kept

  const send = async ({ method, url, range, signal }: Question, isAgain: boolean): Promise<Answer> => {
    const axios = await loadedOnce()
    signal.throwIfAborted()
    if (!takeRequest())
      throw new InspectError('unreachable', 'All requests that a look may send are spent', {
        hint: 'Give the URL that the file is at in the end, or allow more requests',
      })
    if (isAgain) wasSentAgain()
    const bare = new URL(url)
    bare.username = ''
    bare.password = ''
    const { status, headers, data } = await axios.request<unknown>({
      method,
      url: bare.href,
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'imageferry',
        ...(range === undefined ? {} : { range }),
      },
      signal,
      ...agents,
    })
    const known = flatten(headers)
    const stream = data instanceof Readable ? data : Readable.from([])
    return { status, headers: known, body: bodyOf(stream, method === 'HEAD' ? 0 : lengthIn(known['content-length'])) }
  }

  const ask: Ask = async (question) => {
    await book.admit(question.url.hostname)
    try {
      return await send(question, false).catch((error: unknown) => {
        if (question.signal.aborted || !wasKept(error)) throw error
        agents = single
        return send(question, true)
      })
    } catch (error) {
      if (question.signal.aborted) throw question.signal.reason
      throw isInspectError(error) ? error : noAnswer(question, error)
    }
  }

  return {
    ask,
    close: () => {
      for (const { httpAgent, httpsAgent } of [kept, single]) {
        httpAgent.destroy()
        httpsAgent.destroy()
      }
    },
  }
}
