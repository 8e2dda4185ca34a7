import { router } from '../../../src/emulator/router.ts'
import type { EmulatorReply, EmulatorRequest } from '../../../src/emulator/server.ts'
import type { ApiHandler } from './api-request.ts'
import { checkAuthorization } from './authorization.ts'
import type { CloudErrorBody } from './refusal.ts'
import { httpError, invalidFields, Refusal } from './refusal.ts'
import type { ApiRoute } from './routes.ts'

/** Who is let in, and what answers to errors are called. */
export interface DoorOptions {
  readonly routes: readonly ApiRoute[]
  readonly apiKey: string
  readonly newRequestId: () => string
}

const bodyOf = ({ body }: EmulatorRequest): unknown => {
  if (body.kind === 'malformed') throw invalidFields({ body: ['JSON decode error'] })
  return body.kind === 'json' ? body.value : undefined
}

/**
 * The way from a request to an answer: who asks, which route, what is in the body, and the provider's error body for whatever
 * is refused. Every answer to an error has a request id. [PD:error-handling]
 */
export const doorOf = ({
  routes,
  apiKey,
  newRequestId,
}: DoorOptions): ((request: EmulatorRequest) => EmulatorReply) => {
  const find = router<ApiHandler>(routes)

  const answer = (request: EmulatorRequest, requestId: string): unknown => {
    checkAuthorization(request.headers['authorization'], apiKey)
    const match = find(request.method, request.path)
    if (match.kind === 'nothing') throw httpError(404, 'Not Found')
    if (match.kind === 'other-methods') throw httpError(405, 'Method Not Allowed')
    return match.handler({ params: match.params, query: request.query, body: bodyOf(request), requestId })
  }

  return (request) => {
    const requestId = newRequestId()
    try {
      return { status: 200, body: answer(request, requestId) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const body: CloudErrorBody = { ...error.details, request_id: requestId }
      return { status: error.status, body }
    }
  }
}
