import type { EmulatorReply } from '../../../src/emulator/reply.ts'
import { router } from '../../../src/emulator/router.ts'
import type { EmulatorRequest } from '../../../src/emulator/server.ts'
import type { ApiRoute } from './api-route.ts'
import { errorBody, usualError } from './error-body.ts'
import { type RateStanding, rateLimit } from './rate-limit.ts'
import {
  type ApiReply,
  forbidden,
  isRefusal,
  methodNotAllowed,
  notFound,
  type Refusal,
  serverError,
  tooManyRequests,
  unauthorized,
} from './reply.ts'
import type { World } from './world.ts'

const bearer = (header: string | undefined): string | undefined => /^\s*Bearer\s+(\S+)\s*$/i.exec(header ?? '')?.[1]

/**
 * Everything around the routes: the token, the limits, the scopes, and the headers of every answer. The id of the request is in
 * `x-request-id`, and in the body of an error too. [O:shared/headers.yml; facts 11, 12]
 */
export const door = (world: World, routes: readonly ApiRoute[]) => {
  const { settings, clock } = world
  const limit = rateLimit(clock, settings, world.requestTimes)
  const find = router(routes.map((route) => ({ method: route.method, path: route.path, handler: route })))

  const route = (request: EmulatorRequest): ApiReply => {
    const { method, path, query, body, headers } = request
    const match = find(method, path)
    if (match.kind === 'nothing') return notFound
    if (match.kind === 'other-methods') return methodNotAllowed
    const { scopes, handler } = match.handler
    if (!scopes.every((scope) => settings.scopes.includes(scope))) return forbidden
    const origin = `http://${headers['host'] ?? '127.0.0.1'}`
    try {
      return handler({ params: match.params, path, query, body, origin })
    } catch (failure) {
      world.failures.push(failure)
      return serverError
    }
  }

  const headersFor = (standing: RateStanding, isRefused: boolean, requestId: string) => {
    const { 'retry-after': retryAfter, ...counters } = standing.headers
    return {
      ...counters,
      ...(isRefused && retryAfter !== undefined && { 'retry-after': retryAfter }),
      ...(settings.requestId !== 'body' && { 'x-request-id': requestId }),
    }
  }

  const refused = ({ status, error }: Refusal, requestId: string) => ({
    status,
    ...errorBody(error, settings, requestId),
  })

  const isAdmitted = (request: EmulatorRequest): boolean => bearer(request.headers['authorization']) === settings.token

  return {
    /** Whether a request carries the token. */
    isAdmitted,

    handle: (request: EmulatorRequest): EmulatorReply => {
      const isKnown = isAdmitted(request)
      // The limits are a token's: requests without a good one count for nobody's.
      const standing = isKnown ? limit.take() : limit.look()
      const admitted = standing.exceeded ? tooManyRequests : undefined
      const reply = isKnown ? (admitted ?? route(request)) : unauthorized
      const requestId = world.ids.uuid()
      const headers = headersFor(standing, reply === tooManyRequests, requestId)
      return isRefusal(reply) ? { headers, ...refused(reply, requestId) } : { ...reply, headers }
    },

    /** The body of an error that is known by its status alone. It has no request's id: the headers have none that it could repeat. */
    errorBody: (status: number): unknown => errorBody(usualError(status), settings, undefined).body,

    /** The headers of such an error: where the limit is said to be exceeded, nothing remains of it. */
    errorHeaders: (status: number): Readonly<Record<string, string>> => {
      const { 'retry-after': _, ...counters } = limit.look().headers
      return status === 429 ? { ...counters, 'ratelimit-remaining': '0' } : counters
    },
  }
}
