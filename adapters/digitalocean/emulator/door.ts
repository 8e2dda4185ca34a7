import { router } from '../../../src/emulator/router.ts'
import type { EmulatorReply, EmulatorRequest } from '../../../src/emulator/server.ts'
import type { ApiRoute } from './api-route.ts'
import { rateLimit } from './rate-limit.ts'
import {
  type ApiReply,
  forbidden,
  isRefusal,
  methodNotAllowed,
  notFound,
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
export const door = (world: World, routes: readonly ApiRoute[]): ((request: EmulatorRequest) => EmulatorReply) => {
  const { settings, clock } = world
  const limit = rateLimit(clock, settings.rateLimit)
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

  return (request) => {
    const isKnown = bearer(request.headers['authorization']) === settings.token
    // The limits are a token's: requests without a good one count for nobody's.
    const standing = isKnown ? limit.take() : limit.look()
    const admitted = standing.exceeded ? tooManyRequests : undefined
    const reply = isKnown ? (admitted ?? route(request)) : unauthorized
    const requestId = world.ids.uuid()
    const { 'retry-after': retryAfter, ...counters } = standing.headers
    const headers = {
      ...counters,
      ...(reply === tooManyRequests && retryAfter !== undefined && { 'retry-after': retryAfter }),
      'x-request-id': requestId,
    }
    return isRefusal(reply)
      ? { status: reply.status, headers, body: { ...reply.error, request_id: requestId } }
      : { ...reply, headers }
  }
}
