import type { EmulatorReply } from '../../../src/emulator/reply.ts'
import { router } from '../../../src/emulator/router.ts'
import type { EmulatorRequest } from '../../../src/emulator/server.ts'
import { type ApiHandler, created } from './api-request.ts'
import { checkAuthorization } from './authorization.ts'
import { httpError, invalidFields, Refusal } from './refusal.ts'
import { refusalReply } from './refusal-reply.ts'
import type { ApiRoute } from './routes.ts'
import type { RefusalStyle, Settings } from './settings.ts'

/** Who is let in, and what answers to errors are called. */
export interface DoorOptions {
  readonly routes: readonly ApiRoute[]
  readonly apiKey: string
  readonly newRequestId: () => string
  readonly style: RefusalStyle & Pick<Settings, 'schemeCase'>
}

const bodyOf = ({ body }: EmulatorRequest): unknown => {
  if (body.kind === 'malformed') throw invalidFields({ body: ['JSON decode error'] })
  return body.kind === 'json' ? body.value : undefined
}

/**
 * The way from a request to an answer: who asks, which route, what is in the body, and the provider's error body for whatever
 * is refused. A handler that answers nothing has said 204.
 */
export const doorOf = ({
  routes,
  apiKey,
  newRequestId,
  style,
}: DoorOptions): ((request: EmulatorRequest) => EmulatorReply) => {
  const find = router<ApiHandler>(routes)

  const answer = (request: EmulatorRequest, requestId: string): unknown => {
    checkAuthorization(request.headers['authorization'], apiKey, style)
    const match = find(request.method, request.path)
    if (match.kind === 'nothing') throw httpError(404, 'Not Found')
    if (match.kind === 'other-methods') throw httpError(405, 'Method Not Allowed')
    return match.handler({ params: match.params, query: request.query, body: bodyOf(request), requestId })
  }

  return (request) => {
    const requestId = newRequestId()
    try {
      const body = answer(request, requestId)
      if (body === created) return { status: 201 }
      return body === undefined ? { status: 204 } : { status: 200, body }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return refusalReply(error, requestId, style)
    }
  }
}
