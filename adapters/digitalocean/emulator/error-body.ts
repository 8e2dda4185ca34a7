import {
  badRequest,
  forbidden,
  methodNotAllowed,
  notFound,
  type Refusal,
  serverError,
  tooManyRequests,
  unauthorized,
  unprocessable,
} from './reply.ts'
import type { Settings } from './settings.ts'

type ApiError = Refusal['error']

const usual: readonly Refusal[] = [
  badRequest,
  unauthorized,
  forbidden,
  notFound,
  methodNotAllowed,
  unprocessable('The request could not be processed.'),
  tooManyRequests,
]

/** The error that belongs to a status: for those of servers, and others without one of their own, that of 500. */
export const usualError = (status: number): ApiError =>
  (usual.find((refusal) => refusal.status === status) ?? serverError).error

/** The words of the specification where live answers have others. [O:not_found.yml, description.yml] */
const specifiedWords = (error: ApiError): ApiError =>
  error.id === notFound.error.id ? { ...error, message: 'The resource you requested could not be found.' } : error

/** A 429 in the words of the switch. */
const limitWords = (error: ApiError, message: Settings['rateLimitMessage']): ApiError =>
  error.id === tooManyRequests.error.id ? { ...error, message } : error

/** An error as it is sent; the request's id is in it or not. [O:shared/models/error.yml; GD:godo.go CheckResponse; EX:real.errors] */
export const errorBody = (
  usualWords: ApiError,
  { errors, requestId: where, rateLimitMessage }: Pick<Settings, 'errors' | 'requestId' | 'rateLimitMessage'>,
  requestId: string | undefined,
): { readonly body?: unknown } => {
  const error = limitWords(usualWords, rateLimitMessage)
  const withId = { ...(requestId !== undefined && where !== 'header' && { request_id: requestId }) }
  switch (errors) {
    case 'live':
      return { body: { ...error, ...withId } }
    case 'spec-words':
      return { body: { ...specifiedWords(error), ...withId } }
    case 'empty-id':
      return { body: { ...error, id: '', ...withId } }
    case 'no-body':
      return {}
    case 'further-keys':
      return { body: { ...error, error_attributes: {}, ...withId } }
  }
}
