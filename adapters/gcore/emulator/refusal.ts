/** The body of every error answer, in the provider's words. [PD:error-handling] */
export interface CloudErrorBody {
  readonly exception_class: string
  readonly message: string
  readonly request_id: string
  readonly info?: QuotaInfo
  readonly invalid_fields?: InvalidFields
}

/** What was asked for and what is left; counts, or bytes for `image_size`. */
export interface QuotaInfo {
  readonly attribute: string
  readonly current_usage: number
  /** The usage as it would have become. */
  readonly requested_usage: number
  readonly limit: number
}

/** The fields at fault, each with what is wrong with it. */
export type InvalidFields = Readonly<Record<string, readonly string[]>>

type Details = Omit<CloudErrorBody, 'request_id'>

/** Thrown by whatever refuses a request; the router makes the answer of it. */
export class Refusal extends Error {
  readonly status: number
  readonly details: Details

  constructor(status: number, details: Details) {
    super(details.message)
    this.status = status
    this.details = details
  }
}

/** A text as Python prints it: in single quotes, or in double ones where it has single ones itself and no others. */
const pythonText = (text: string): string => {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\(.)/g, (pair, character) => (character === '"' ? character : pair))
  if (!text.includes("'")) return `'${escaped}'`
  return text.includes('"') ? `'${escaped.replaceAll("'", "\\'")}'` : `"${escaped}"`
}

const pythonFields = (fields: InvalidFields): string => {
  const entries = Object.entries(fields).map(
    ([field, problems]) => `${pythonText(field)}: [${problems.map(pythonText).join(', ')}]`,
  )
  return `{${entries.join(', ')}}`
}

/** 400 with the fields at fault, which the message repeats as a Python dictionary. [PD:error-handling] */
export const invalidFields = (fields: InvalidFields): Refusal =>
  new Refusal(400, {
    exception_class: 'ValidationError',
    message: `Validation Error: ${pythonFields(fields)}`,
    invalid_fields: fields,
  })

/** 404, also for a project or region that is not there. [PD:error-handling] */
export const notFound = (what: string, id: string | number): Refusal =>
  new Refusal(404, { exception_class: 'NotFoundError', message: `${what} ${id} could not be found` })

/** 403 for somebody else's image. [LAN workflow: deleting a public image] */
export const forbidden = (message: string): Refusal => new Refusal(403, { exception_class: 'ForbiddenError', message })

/** 409 for an image that is in use. [LAN 1deb0bf] */
export const conflict = (message: string): Refusal => new Refusal(409, { exception_class: 'ConflictError', message })

const lockClasses = { 400: 'ValidationError', 403: 'ForbiddenError', 409: 'ConflictError', 423: 'HTTPError' } as const

/** The refusal of a change of an image that a task holds. Its status is unconfirmed. [facts 4.8] */
export const lockedRefusal = (status: keyof typeof lockClasses, message: string): Refusal =>
  new Refusal(status, { exception_class: lockClasses[status], message })

/**
 * More than the quota allows. The provider does not say which status this has: 400 and 403 are both possible, and a
 * client has to look at `exception_class`. The door answers with the one of the options. [PD:error-handling]
 */
export const quotaExceeded = (info: QuotaInfo): Refusal =>
  new Refusal(400, { exception_class: 'QuotaLimitExceed', message: quotaMessage(info), info })

/** The sentence of a quota refusal, which a failed task carries too. [PD:error-handling] */
export const quotaMessage = ({ attribute, requested_usage, limit }: QuotaInfo): string =>
  `Quota limit for ${attribute} exceeded by ${requested_usage - limit}`

/** An error that is told by its HTTP status alone, as 405 is. [PD:error-handling] */
export const httpError = (status: number, reason: string): Refusal =>
  new Refusal(status, { exception_class: 'HTTPError', message: `HTTP ${status}: ${reason}` })
