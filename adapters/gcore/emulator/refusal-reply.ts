import type { EmulatorReply } from '../../../src/emulator/reply.ts'
import { Refusal } from './refusal.ts'
import type { RefusalStyle } from './settings.ts'

const statusOf = ({ status, details }: Refusal, { validationStatus, quotaStatus }: RefusalStyle): number => {
  if (details.exception_class === 'QuotaLimitExceed') return quotaStatus
  return details.invalid_fields === undefined ? status : validationStatus
}

/**
 * The answer to a request that is refused, in the style of the options: every one has a request id, says a guide, and one of its
 * examples has none; the body of a 401 is published nowhere. [PD:error-handling: facts 5]
 */
export const refusalReply = (refusal: Refusal, requestId: string, style: RefusalStyle): EmulatorReply => {
  const status = statusOf(refusal, style)
  const { details } = refusal
  if (status === 401 && style.unauthorizedBody === 'empty') return { status }
  if (status === 401 && style.unauthorizedBody === 'detail')
    return { status, body: { detail: details.message, code: details.exception_class } }
  const body = {
    ...details,
    ...(style.requestIds === 'always' && { request_id: requestId }),
    // What stands in it is nobody's to read; the text is this emulator's. [OLD: facts 5]
    ...(style.traceback === 'present' && { traceback: `${details.exception_class}: ${details.message}` }),
  }
  return { status, body }
}

const reasons: Readonly<Record<number, { readonly exceptionClass: string; readonly message: string }>> = {
  400: { exceptionClass: 'ValidationError', message: 'Validation Error' },
  401: { exceptionClass: 'token_not_valid', message: 'Token is invalid or expired' },
  403: { exceptionClass: 'ForbiddenError', message: 'You have no permission to perform this action' },
  404: { exceptionClass: 'NotFoundError', message: 'The resource could not be found' },
  409: { exceptionClass: 'ConflictError', message: 'The resource is in another state' },
  // The body of a 429 is published nowhere, and no header is but the advice to respect Retry-After; the text is an old client's. [OLD]
  429: { exceptionClass: 'HTTPError', message: 'Too many requests. Pause requests, wait up to one minute' },
  500: { exceptionClass: 'HTTPError', message: 'HTTP 500: Internal Server Error' },
  502: { exceptionClass: 'HTTPError', message: 'HTTP 502: Bad Gateway' },
  503: { exceptionClass: 'HTTPError', message: 'HTTP 503: Service Unavailable' },
}

/** The provider's body of an error of which the status alone is known. */
export const errorBodyOf = (status: number, requestId: string, style: RefusalStyle): unknown => {
  const { exceptionClass, message } = reasons[status] ?? { exceptionClass: 'HTTPError', message: `HTTP ${status}` }
  return refusalReply(new Refusal(status, { exception_class: exceptionClass, message }), requestId, style).body
}
