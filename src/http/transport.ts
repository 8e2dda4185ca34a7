import type { AxiosInstance } from 'axios'
import { ImageStoreError, isImageStoreError } from '../model/error.ts'
import type { agentsFor } from './agents.ts'
import type { Connection } from './connection.ts'
import { proxyRefusal } from './proxy-refusal.ts'

/** One HTTP request, as the transport sends it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal: AbortSignal
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
}

/** axios, loaded with the first request: it takes longer to load than everything else in this package together. */
const load = async (): Promise<Loaded> => {
  const [{ default: axios }, { agentsFor }] = await Promise.all([import('axios'), import('./agents.ts')])
  const instance = axios.create({
    adapter: 'http',
    // The agents know the proxy. axios would take the environment's without the option that turns it off.
    proxy: false,
    // A redirect would carry the credentials to wherever it points.
    maxRedirects: 0,
    maxContentLength: longestBody,
    responseType: 'text',
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  })
  return { axios: instance, agentsFor }
}

let loaded: Promise<Loaded> | undefined

/** What goes wrong before a connection is there. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
])

/** What goes wrong where the certificate of the other side is not trusted. Source: node:tls, X509 certificate error codes. */
const untrusted = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/

/** What to do about an error by which no request has left; absent where one may have arrived. */
const hintUnsent = (code: string): string | undefined => {
  if (code === `${proxyRefusal}407`) return 'Give the user and the password of the proxy in its URL'
  if (code.startsWith(proxyRefusal)) return 'Check the proxy, and that it lets the host of the base URL through'
  if (untrusted.test(code))
    return 'Trust the authority of the server or the proxy: the option connection.ca, or NODE_EXTRA_CA_CERTS'
  return neverConnected.has(code) ? 'Check the network, the base URL, and the proxy where there is one' : undefined
}

/** The reason of a failed attempt in words of ours: axios errors hold the request with its headers, and go no further. */
const failure = (error: unknown, { signal, method }: HttpRequest): ImageStoreError => {
  if (signal.aborted) return new ImageStoreError('canceled', 'The call was canceled')
  const { code, message } =
    typeof error === 'object' && error !== null ? (error as Partial<Error> & { code?: unknown }) : {}
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT')
    return new ImageStoreError('timeout', 'The provider did not answer in time')
  if (message?.includes('maxContentLength') === true)
    return new ImageStoreError(
      // To a change it is an answer that is lost: it may have said that all is well.
      method === 'GET' ? 'unexpected-response' : 'unavailable',
      `The answer is larger than ${longestBody} bytes`,
    )
  // Where a connection was made, the request may have been carried out: that is for the default hint to say.
  const hint = typeof code === 'string' ? hintUnsent(code) : undefined
  return new ImageStoreError(
    code === `${proxyRefusal}407` ? 'unauthenticated' : 'unavailable',
    `The provider could not be reached, or broke off its answer (${typeof code === 'string' ? code : 'no code'})`,
    hint === undefined ? {} : { hint, notSent: true },
  )
}

const flatten = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name.toLowerCase(), String(value)]],
    ),
  )

/**
 * Sends one request. Rejects with an {@link ImageStoreError} (`unavailable`, `timeout`, `canceled`) where none answers, and with
 * `unexpected-response` where the answer does not end.
 */
export const send = async (request: HttpRequest, connection: Connection = {}): Promise<HttpAnswer> => {
  loaded ??= load()
  const { axios, agentsFor } = await loaded
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
    })
    return { status, headers: flatten(headers), text: typeof data === 'string' ? data : '' }
  } catch (error) {
    throw isImageStoreError(error) ? error : failure(error, request)
  }
}
