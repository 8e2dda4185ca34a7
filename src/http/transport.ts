import { Readable } from 'node:stream'
import type { AxiosInstance } from 'axios'
import { ImageStoreError, isImageStoreError } from '../model/error.ts'
import type { agentsFor } from './agents.ts'
import { bodyText } from './body-text.ts'
import type { Connection } from './connection.ts'
import type { watchedTransport } from './departure.ts'
import { sendFailure } from './send-failure.ts'

/** One HTTP request, as the transport sends it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
  /** Called once as the first byte is about to leave: until then nothing was sent. */
  readonly onDeparture?: (() => void) | undefined
}

/** One HTTP answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * The longest body that is read, in bytes and unpacked: an endless one, or one that was packed small, must not fill the memory. Gcore
 * gives all own images of a region in one answer, about 800 bytes each (fact sheet §3.1): this is 20,000 of them.
 */
const longestBody = 16 * 2 ** 20

interface Loaded {
  readonly axios: AxiosInstance
  readonly agentsFor: typeof agentsFor
  readonly watchedTransport: typeof watchedTransport
}

/** axios, loaded with the first request: it takes longer to load than everything else in this package together. */
const load = async (): Promise<Loaded> => {
  const [{ default: axios }, { agentsFor }, { watchedTransport }] = await Promise.all([
    import('axios'),
    import('./agents.ts'),
    import('./departure.ts'),
  ])
  const instance = axios.create({
    adapter: 'http',
    // The agents know the proxy. axios would take the environment's without the option that turns it off.
    proxy: false,
    // A redirect would carry the credentials to wherever it points.
    maxRedirects: 0,
    // Unpacked and otherwise as it comes: what axios reads itself is held in the pieces that it came in.
    responseType: 'stream',
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  })
  return { axios: instance, agentsFor, watchedTransport }
}

let loaded: Promise<Loaded> | undefined

const loadedOnce = (): Promise<Loaded> => {
  loaded ??= load()
  return loaded
}

/** To a change it is an answer that is lost: it may have said that all is well. */
const tooLong = ({ method }: HttpRequest): ImageStoreError =>
  new ImageStoreError(
    method === 'GET' ? 'unexpected-response' : 'unavailable',
    `The answer is larger than ${longestBody} bytes, or comes in too many pieces`,
  )

const flatten = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name.toLowerCase(), String(value)]],
    ),
  )

/** Comes when everything is loaded that sending takes: before a request has its turn, since it takes a moment. */
export const readyToSend = async (): Promise<void> => {
  await loadedOnce()
}

/**
 * Sends one request. Rejects with an {@link ImageStoreError} (`unavailable`, `timeout`, `canceled`) where none answers, with
 * `unexpected-response` where the answer does not end, and with `invalid-argument` where no request can be made. It is `notSent` where
 * the request had not left.
 */
export const send = async (request: HttpRequest, connection: Connection = {}): Promise<HttpAnswer> => {
  const { axios, agentsFor, watchedTransport } = await loadedOnce()
  let hasLeft = false
  const departs = (): void => {
    if (hasLeft || request.signal.aborted) return
    hasLeft = true
    request.onDeparture?.()
  }
  try {
    const agents = await agentsFor(connection, request.url)
    const { status, headers, data } = await axios.request<unknown>({
      method: request.method,
      url: request.url,
      headers: { ...request.headers },
      data: request.body,
      signal: request.signal,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      transport: watchedTransport(request.signal, departs),
    })
    const text = data instanceof Readable ? await bodyText(data, longestBody, tooLong(request)) : ''
    return { status, headers: flatten(headers), text }
  } catch (error) {
    throw isImageStoreError(error) ? error : sendFailure(error, { signal: request.signal, hasLeft })
  }
}
