import { invalidFields } from './refusal.ts'

/** A request that has passed the door: authenticated, its path taken apart, its body read. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  /** The JSON of the body; `undefined` where there is none. */
  readonly body: unknown
  /** The id that the answer will carry if it is an error, and that a task remembers. */
  readonly requestId: string
}

/** What a handler answers for a 201 without a body. */
export const created: unique symbol = Symbol('created')

/** Answers a request with the JSON of a 200, with nothing for a 204, with {@link created} for a 201, or throws a `Refusal`. */
export type ApiHandler = (request: ApiRequest) => unknown

/** A whole number out of the path. Refuses others with 400. */
export const pathNumber = ({ params }: ApiRequest, name: string): number => {
  const text = params[name] ?? ''
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw invalidFields({ [name]: ['Input should be a valid integer'] })
}

/** A text out of the path. */
export const pathText = ({ params }: ApiRequest, name: string): string => params[name] ?? ''
