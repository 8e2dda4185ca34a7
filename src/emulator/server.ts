import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { VirtualClock } from './clock.ts'
import { type RequestBody, readBody } from './request-body.ts'
import { type RequestRecord, requestLog } from './request-log.ts'

/** A request as a provider's handler sees it. */
export interface EmulatorRequest {
  /** In capitals. */
  readonly method: string
  /** Without the query, percent-encoded as it came. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: RequestBody
}

/** What a provider's handler answers. A `body` is sent as JSON; without one there is none, as with 204. */
export interface EmulatorReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** How a server is started. */
export interface ServerOptions {
  readonly handle: (request: EmulatorRequest) => EmulatorReply | Promise<EmulatorReply>
  /** 0, the default, takes any that is free. */
  readonly port?: number
  readonly clock: VirtualClock
  /** Where bugs of the handler are put down, beside being answered with 500. */
  readonly failures?: unknown[]
}

/** A running server on loopback. */
export interface EmulatorServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly baseUrl: string
  /** The newest 10 000 requests that were answered, oldest first. A live view. */
  readonly requests: readonly RequestRecord[]
  /** What the handler threw; empty unless the emulator has a bug. A live view. */
  readonly failures: readonly unknown[]
  /** Stops at once: connections that are open, idle or not, are cut. */
  readonly close: () => Promise<void>
}

/** How long an idle connection is kept, in real ms: longer than clients keep theirs, so that it is the client who lets go. */
const idleConnection = 120_000

const headersOf = ({ headers }: IncomingMessage): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )

const queryRecord = (query: URLSearchParams): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]))

const send = (outgoing: ServerResponse, { status, headers, body }: EmulatorReply): void => {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  outgoing.writeHead(status, {
    ...(bytes === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    // A 204 has no length, not even 0.
    ...(status === 204 ? {} : { 'content-length': String(bytes?.length ?? 0) }),
    ...headers,
  })
  outgoing.end(bytes)
}

/** Starts a server on 127.0.0.1 that reads JSON, asks the handler and writes what it answers. */
export const startServer = async ({
  handle,
  port = 0,
  clock,
  failures = [],
}: ServerOptions): Promise<EmulatorServer> => {
  const log = requestLog()

  const answer = async (request: EmulatorRequest): Promise<EmulatorReply> => {
    try {
      return await handle(request)
    } catch (failure) {
      failures.push(failure)
      return { status: 500, body: { message: 'Internal Server Error' } }
    }
  }

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const [path = '', search = ''] = splitTarget(incoming.url ?? '/')
    const query = new URLSearchParams(search)
    const method = incoming.method ?? 'GET'
    const at = clock.now()
    const body = await readBody(incoming)
    const reply =
      body === 'too-large'
        ? { status: 413, body: { message: 'Request body too large' } }
        : await answer({ method, path, query, headers: headersOf(incoming), body })
    const { status } = reply
    const isJson = body !== 'too-large' && body.kind === 'json'
    log.add({ method, path, query: queryRecord(query), ...(isJson && { body: body.value }), status, at })
    send(outgoing, reply)
  }

  const server = createServer({ keepAliveTimeout: idleConnection }, (incoming, outgoing) => {
    // Fails only if the client goes away in the middle of its body; nobody is left to tell.
    serve(incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: log.records,
    failures,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Path and query. A target may be a whole URL, which is how clients of a proxy write it. [RFC 9112 section 3.2.2] */
const splitTarget = (target: string): readonly string[] => {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '')
  const at = local.indexOf('?')
  return at === -1 ? [local] : [local.slice(0, at), local.slice(at + 1)]
}
