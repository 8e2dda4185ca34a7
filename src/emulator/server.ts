import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { VirtualClock } from './clock.ts'
import { controlPrefix } from './control.ts'
import type { FaultPlan } from './fault-plan.ts'
import { answerWith, type ErrorReply } from './faulty.ts'
import { type EmulatorReply, send } from './reply.ts'
import { maximumBodyBytes, maximumControlBytes, type RequestBody, readBody } from './request-body.ts'
import { type RequestLog, type RequestRecord, requestLog } from './request-log.ts'

/** A request as far as it is known before its body is read. */
export interface RequestHead {
  /** In capitals. */
  readonly method: string
  /** Without the query, percent-encoded as it came. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** A request as a provider's handler sees it. */
export interface EmulatorRequest extends RequestHead {
  readonly body: RequestBody
}

/** Who has good credentials. */
export interface Admission {
  readonly isAdmitted: (head: RequestHead) => boolean
  /** What the control endpoint answers to others. What the API answers them is for `handle` to say. */
  readonly refusal: (head: RequestHead) => EmulatorReply
}

/** How a server is started. */
export interface ServerOptions {
  readonly handle: (request: EmulatorRequest) => EmulatorReply | Promise<EmulatorReply>
  /** 0, the default, takes any that is free. */
  readonly port?: number
  readonly clock: VirtualClock
  /** Where bugs of the handler are put down, beside being answered with 500. */
  readonly failures?: unknown[]
  /** What goes wrong with which requests; nothing does without it. */
  readonly faults?: FaultPlan
  /** The provider's own error of a status; a plain message without it. A fault's headers are sent over its. */
  readonly errorReply?: ErrorReply
  /** Whose requests faults and the control endpoint are for; everybody's without it. */
  readonly admission?: Admission
  /** How often the emulator was put back to another state: a commit that is late does not reach that one. Never without it. */
  readonly restored?: () => number
  /** Where requests are put down; a log of its own without it. */
  readonly log?: RequestLog
  /** Answers the paths of the control endpoint, which no fault and no log concerns. Without it there is none. */
  readonly control?: (request: EmulatorRequest) => Promise<EmulatorReply>
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

/** Starts a server on 127.0.0.1 that reads JSON, asks the handler and writes what it answers. */
export const startServer = async ({
  handle,
  port = 0,
  clock,
  failures = [],
  faults,
  errorReply = (status) => ({ body: { message: `HTTP ${status}` } }),
  admission,
  restored = () => 0,
  log = requestLog(),
  control,
}: ServerOptions): Promise<EmulatorServer> => {
  const answer = async (request: EmulatorRequest): Promise<EmulatorReply> => {
    try {
      return await handle(request)
    } catch (failure) {
      failures.push(failure)
      return { status: 500, body: { message: 'Internal Server Error' } }
    }
  }

  let closed = false
  const sameWorld = () => {
    const then = restored()
    return () => !closed && restored() === then
  }

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const [path = '', search = ''] = splitTarget(incoming.url ?? '/')
    const query = new URLSearchParams(search)
    const method = incoming.method ?? 'GET'
    const at = clock.now()
    const head: RequestHead = { method, path, query, headers: headersOf(incoming) }
    const isControl = control !== undefined && (path === controlPrefix || path.startsWith(`${controlPrefix}/`))
    const isAdmitted = admission?.isAdmitted(head) ?? true
    if (isControl && admission !== undefined && !isAdmitted) {
      // At once: what else may come of the body, up to the most that the endpoint reads, is for nobody.
      send(outgoing, admission.refusal(head))
      return
    }
    const body = await readBody(incoming, isControl ? maximumControlBytes : maximumBodyBytes)
    if (body === 'too-large') {
      log.add({ method, path, query: queryRecord(query), status: 413, at })
      send(outgoing, { status: 413, body: { message: 'Request body too large' } })
      return
    }
    const request: EmulatorRequest = { ...head, body }
    if (isControl) {
      send(outgoing, await control(request))
      return
    }
    const fault = isAdmitted ? faults?.next(request) : undefined
    const commit = () => answer(request)
    const status = await answerWith(fault, { outgoing, clock, commit, errorReply, sameWorld })
    log.add({
      method,
      path,
      query: queryRecord(query),
      ...(body.kind === 'json' && { body: body.value }),
      status,
      at,
      ...(fault !== undefined && { fault: fault.kind }),
    })
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
        closed = true
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
