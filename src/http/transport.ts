import type { AxiosInstance } from 'axios'
import { ImageStoreError } from '../model/error.ts'

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

/** No list of images that a provider gives comes near this; an endless body must not fill the memory. In bytes. */
const longestBody = 64 * 2 ** 20

/**
 * axios on agents that keep connections alive. Loaded with the first request: it takes longer to load than everything
 * else in this package together.
 */
const loadAxios = async (): Promise<AxiosInstance> => {
  const [{ default: axios }, { Agent: HttpAgent }, { Agent: HttpsAgent }] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
  ])
  return axios.create({
    adapter: 'http',
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
    // A redirect would carry the credentials to wherever it points.
    maxRedirects: 0,
    maxContentLength: longestBody,
    responseType: 'text',
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  })
}

let instance: Promise<AxiosInstance> | undefined

/** What goes wrong before a connection is there. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
])

/** The reason of a failed attempt in words of ours: axios errors hold the request with its headers, and go no further. */
const failure = (error: unknown, signal: AbortSignal): ImageStoreError => {
  if (signal.aborted) return new ImageStoreError('canceled', 'The call was canceled')
  const { code, message } =
    typeof error === 'object' && error !== null ? (error as Partial<Error> & { code?: unknown }) : {}
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT')
    return new ImageStoreError('timeout', 'The provider did not answer in time')
  if (message?.includes('maxContentLength') === true)
    return new ImageStoreError('unexpected-response', `The answer is larger than ${longestBody} bytes`)
  return new ImageStoreError(
    'unavailable',
    `The provider could not be reached, or broke off its answer (${typeof code === 'string' ? code : 'no code'})`,
    // Where a connection was made, the request may have been carried out: that is for the default hint to say.
    { hint: typeof code === 'string' && neverConnected.has(code) ? 'Check the network and the base URL' : undefined },
  )
}

const flatten = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name.toLowerCase(), String(value)]],
    ),
  )

/** Sends one request. Rejects with an {@link ImageStoreError} (`unavailable`, `timeout`, `canceled`) where none answers. */
export const send = async (request: HttpRequest): Promise<HttpAnswer> => {
  instance ??= loadAxios()
  const axios = await instance
  try {
    const { status, headers, data } = await axios.request<unknown>({
      method: request.method,
      url: request.url,
      headers: { ...request.headers },
      data: request.body,
      signal: request.signal,
    })
    return { status, headers: flatten(headers), text: typeof data === 'string' ? data : '' }
  } catch (error) {
    throw failure(error, request.signal)
  }
}
