import { createRequire } from 'node:module'
import { type Runtime, systemRuntime } from 'imageferry'

// Its types are in a folder, where Biome finds no module for an import statement.
const nock: typeof import('nock') = createRequire(import.meta.url)('nock')

/** One request as it left the store. */
export interface Sent {
  readonly method: string
  /** With the query, as it is in the request line. */
  readonly path: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>
  /** The JSON of the body; absent where there was none. */
  readonly body?: unknown
}

/** One answer of the provider. */
export interface Answer {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** An HTTP status, or the code of a network error; 200 unless told. */
  readonly status?: number | string
  /** JSON, or text that is sent as it stands. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A conversation with a provider that exists in this process alone. */
export interface Talk {
  /** What was sent so far, in order. */
  readonly sent: readonly Sent[]
  /** The same in short: `GET /v2/images/1`. */
  readonly lines: () => readonly string[]
  /** How many answers nobody asked for. */
  readonly unused: () => number
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const textOf = (body: unknown): string =>
  body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)

/** Puts answers in place: each is given once, to the next request of its method. Any other request is an error. */
export const talk = (origin: string, answers: readonly Answer[]): Talk => {
  const sent: Sent[] = []
  const scopes = answers.map(({ method, status = 200, body, headers = {} }) => {
    const record = (headersSent: Readonly<Record<string, unknown>>, path: string, text: string) => {
      sent.push({ method, path, headers: headersSent, ...(text === '' ? {} : { body: jsonOf(text) }) })
    }
    const scope = nock(origin)
    scope.on('request', (request: { path: string; getHeaders: () => Record<string, unknown> }, _, text: string) =>
      record(request.getHeaders(), request.path, text),
    )
    const interceptor = scope.intercept(() => true, method)
    if (typeof status === 'string') interceptor.replyWithError(Object.assign(new Error(status), { code: status }))
    else interceptor.reply(status, textOf(body), { 'content-type': 'application/json', ...headers })
    return scope
  })
  return {
    sent,
    lines: () => sent.map(({ method, path }) => `${method} ${path}`),
    unused: () => scopes.filter((scope) => !scope.isDone()).length,
  }
}

/** Lets nothing out of this process, and forgets the answers of earlier tests. For `beforeEach` and `afterEach`. */
export const silence = (): void => {
  nock.disableNetConnect()
  nock.cleanAll()
}

/**
 * A runtime in which waiting takes no real time, from a moment in milliseconds since the epoch on; what was waited for is in
 * `slept`, in milliseconds.
 */
export const hastyRuntime = (start = Date.now()): Runtime & { readonly slept: number[] } => {
  const slept: number[] = []
  let now = start
  return {
    ...systemRuntime,
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      slept.push(milliseconds)
      now += milliseconds
    },
    random: () => 0,
    slept,
  }
}
