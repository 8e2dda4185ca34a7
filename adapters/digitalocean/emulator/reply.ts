import type { RequestBody } from '../../../src/emulator/request-body.ts'

/** A request that has passed the door: authenticated, within the limits, its path taken apart. */
export interface ApiRequest {
  /** The decoded parts of the path. */
  readonly params: Readonly<Record<string, string>>
  /** The path as it came. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: RequestBody
  /** Where the client reached the server: `http://127.0.0.1:<port>`. Links and URIs start with it. */
  readonly origin: string
}

/** An error in the API's usual shape; the door adds the `request_id`. [O:shared/models/error.yml] */
export interface Refusal {
  readonly status: number
  readonly error: { readonly id: string; readonly message: string }
}

/** What a handler answers. Without `body` there is none, as with 204. */
export type ApiReply = { readonly status: number; readonly body?: unknown } | Refusal

/** Answers a request. */
export type ApiHandler = (request: ApiRequest) => ApiReply

const refusal = (status: number, id: string, message: string): Refusal => ({ status, error: { id, message } })

/** Tells a refusal from anything that is none. */
export const isRefusal = (value: object): value is Refusal => 'error' in value && 'status' in value

/** 400: the body is no JSON, or no object. [EX:spec.errors bad_request] */
export const badRequest = refusal(400, 'bad_request', 'error parsing request body')

/** 400 for a custom image or a backup among the snapshots. [O:snapshots/responses/not_a_snapshot.yml] */
export const notASnapshot = refusal(400, 'bad_request', 'the resource is not a snapshot')

/** 401. [EX:spec.errors unauthorized] */
export const unauthorized = refusal(401, 'unauthorized', 'Unable to authenticate you.')

/** 403, where a scope is missing and for what is not one's own. [EX:spec.errors forbidden] */
export const forbidden = refusal(403, 'forbidden', 'You do not have permission to perform this action.')

/** 404, in the words of live answers; the specification says "requested". [I:digitalocean/packer-plugin-digitalocean#122] */
export const notFound = refusal(404, 'not_found', 'The resource you were accessing could not be found.')

/** 404 for an action of an unknown type. [I:digitalocean/doctl#192] */
export const unknownActionType = refusal(404, 'not_found', 'The specified action type is not available.')

/** 405. That it occurs, and its text, is unconfirmed. */
export const methodNotAllowed = refusal(405, 'method_not_allowed', 'The method is not allowed for this resource.')

/** 429; its text is a switch. [O:too_many_requests.yml] */
export const tooManyRequests = refusal(429, 'too_many_requests', 'API rate limit exceeded.')

/** 500. [EX:spec.errors server_error] */
export const serverError = refusal(500, 'server_error', 'Unexpected server-side error')

/** 422. The specification declares none for images, and they occur. [facts 12, EX:real.errors] */
export const unprocessable = (message: string): Refusal => refusal(422, 'unprocessable_entity', message)

/** The fields of a JSON object in the body; `undefined`, which `badRequest` answers, for anything else. */
export const bodyFields = ({ body }: ApiRequest): Readonly<Record<string, unknown>> | undefined => {
  if (body.kind !== 'json') return undefined
  const { value } = body
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value as Readonly<Record<string, unknown>>
}

/** The number that a path's part is, if it is written as an id. */
export const idIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
