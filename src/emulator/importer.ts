import type { IncomingMessage } from 'node:http'
import http from 'node:http'
import https from 'node:https'

/** A file that was fetched whole. */
export interface FetchedSource {
  readonly ok: true
  readonly bytes: Uint8Array
  /** The last segment of the URL's path, decoded; empty where the path ends in a slash. */
  readonly fileName: string
  /** The status that HEAD was answered with, always one of 200 to 299; absent where none was sent. */
  readonly headStatus?: number
  /** The length that GET promised, in bytes. */
  readonly contentLength?: number
}

/** A file that could not be fetched. */
export interface FailedSource {
  readonly ok: false
  readonly stage: 'head' | 'get'
  /** `truncated`: the connection ended before the file did. */
  readonly reason: 'unreachable' | 'status' | 'truncated' | 'too-large'
  /** Where a status was the reason. */
  readonly status?: number
  /** For people. Says nothing of the URL, which may be a secret. */
  readonly detail: string
}

/** What came of fetching a file. */
export type SourceAnswer = FetchedSource | FailedSource

/** Limits of a fetch. */
export interface FetchSourceOptions {
  /** 256 MiB by default. */
  readonly maximumBytes?: number
  readonly signal?: AbortSignal
  /** Whether HEAD is sent before GET. It is by default. */
  readonly head?: boolean
  /** How long nothing may happen on a connection, in real ms. 5 s by default: sources are on loopback, or near. */
  readonly idleTimeout?: number
  /** How long all of it may take, in real ms. 60 s by default. */
  readonly timeout?: number
}

type Stage = 'head' | 'get'
interface Limits {
  readonly maximumBytes: number
  readonly signal: AbortSignal
  readonly idleTimeout: number
}

const maximumRedirects = 5
const redirects: readonly number[] = [301, 302, 303, 307, 308]

const fail = (stage: Stage, reason: FailedSource['reason'], detail: string): FailedSource => ({
  ok: false,
  stage,
  reason,
  detail,
})

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown error'
  const { code } = error as NodeJS.ErrnoException
  return code ?? error.name
}

/** One request. No credentials are sent, not even those of a URL's user info. Rejects only if there is no answer. */
const request = (method: 'HEAD' | 'GET', url: URL, { signal, idleTimeout }: Limits): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'https:' ? https : http
    const bare = new URL(url)
    bare.username = ''
    bare.password = ''
    const outgoing = open(bare, { method, signal, timeout: idleTimeout, agent: false }, resolve)
    outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('Timed out'), { code: 'ETIMEDOUT' })))
    outgoing.on('error', reject)
    // A connection can end with neither an answer nor an error, as after an answer that wants another protocol.
    outgoing.on('close', () => reject(Object.assign(new Error('Closed'), { code: 'ECONNRESET' })))
    outgoing.end()
  })

const parse = (text: string, base?: URL): URL | undefined => {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined
}

/** Follows redirects to an answer of 200 to 299, whose body is still to be read. */
const open = async (stage: Stage, text: string, limits: Limits): Promise<IncomingMessage | FailedSource> => {
  const method = stage === 'head' ? 'HEAD' : 'GET'
  let url = parse(text)
  for (let hops = 0; hops <= maximumRedirects; hops += 1) {
    if (url === undefined) return fail(stage, 'unreachable', 'The URL is not one of http or https')
    let answer: IncomingMessage
    try {
      answer = await request(method, url, limits)
    } catch (error) {
      return fail(stage, 'unreachable', `${method} failed: ${codeOf(error)}`)
    }
    const { statusCode: status = 0 } = answer
    if (status >= 200 && status < 300) return answer
    answer.destroy()
    const { location } = answer.headers
    if (!redirects.includes(status) || location === undefined) {
      return { ...fail(stage, 'status', `${method} was answered with status ${status}`), status }
    }
    url = parse(location, url)
  }
  return fail(stage, 'unreachable', `${method} was redirected more than ${maximumRedirects} times`)
}

const lengthOf = ({ headers }: IncomingMessage): number | undefined => {
  const length = headers['content-length']
  return length === undefined ? undefined : Number(length)
}

const readAll = async (answer: IncomingMessage, maximumBytes: number): Promise<Uint8Array | FailedSource> => {
  const promised = lengthOf(answer)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > maximumBytes) return fail('get', 'too-large', `The file has more than ${maximumBytes} bytes`)
      chunks.push(chunk)
    }
  } catch {
    const expected = promised === undefined ? 'the end' : `${promised} bytes`
    return fail('get', 'truncated', `The connection ended after ${length} bytes, before ${expected}`)
  }
  return Buffer.concat(chunks)
}

const fileNameOf = (text: string): string => {
  const segment = parse(text)?.pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Fetches a file as the providers' importers do: HEAD, then GET, without credentials, redirects followed. Never throws. */
export const fetchSource = async (
  url: string,
  {
    maximumBytes = 256 * 1024 * 1024,
    signal,
    head = true,
    idleTimeout = 5_000,
    timeout = 60_000,
  }: FetchSourceOptions = {},
): Promise<SourceAnswer> => {
  const deadline = AbortSignal.timeout(timeout)
  const limits = {
    maximumBytes,
    idleTimeout,
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  }

  const headAnswer = head ? await open('head', url, limits) : undefined
  if (headAnswer !== undefined && 'ok' in headAnswer) return headAnswer
  headAnswer?.resume()
  const announced = headAnswer === undefined ? undefined : lengthOf(headAnswer)
  if (announced !== undefined && announced > maximumBytes) {
    return fail('head', 'too-large', `The file has ${announced} bytes, more than ${maximumBytes}`)
  }

  const answer = await open('get', url, limits)
  if ('ok' in answer) return answer
  const bytes = await readAll(answer, maximumBytes)
  answer.destroy()
  if ('ok' in bytes) return bytes
  const contentLength = lengthOf(answer)
  return {
    ok: true,
    bytes,
    fileName: fileNameOf(url),
    ...(headAnswer !== undefined && { headStatus: headAnswer.statusCode ?? 0 }),
    ...(contentLength !== undefined && { contentLength }),
  }
}
