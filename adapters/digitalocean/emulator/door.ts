import type { FaultMoment } from '../../../src/emulator/fault.ts'
import type { EmulatorReply } from '../../../src/emulator/reply.ts'
import { router } from '../../../src/emulator/router.ts'
import type { EmulatorRequest, RequestHead } from '../../../src/emulator/server.ts'
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

  const isAdmitted = (request: RequestHead): boolean => bearer(request.headers['authorization']) === settings.token

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

    /** What the control endpoint answers to a request that does not. */
    refusal: (): EmulatorReply => ({ status: unauthorized.status, body: unauthorized.error }),

    /**
     * An error that is known by its status alone, with the request's id and the headers of the limits. A request that was not
     * carried out counts for these now, as one that was did; one that is refused for them counts where such do. Where the limit is
     * said to be exceeded nothing remains of it.
     */
    errorReply: (status: number, when: FaultMoment): Omit<EmulatorReply, 'status'> => {
      const counts = when === 'before-commit' && (status !== 429 || settings.refusedRequests === 'counted')
      const standing = counts ? limit.take() : limit.look()
      const requestId = world.ids.uuid()
      const headers = headersFor(standing, false, requestId)
      return {
        ...errorBody(usualError(status), settings, requestId),
        headers: status === 429 ? { ...headers, 'ratelimit-remaining': '0' } : headers,
      }
    },
  }
}
