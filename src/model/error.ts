/**
 * Everything that can go wrong with an image store, as a closed set:
 *
 * | kind | meaning |
 * |---|---|
 * | `not-found` | the image, operation or region does not exist, or is not visible to this account |
 * | `already-exists` | something of that identity is there already |
 * | `invalid-argument` | the call cannot be carried out as asked; nothing was sent, or the provider refused it as malformed |
 * | `unauthenticated` | the credentials are missing, wrong or expired |
 * | `permission-denied` | the credentials are good but not allowed to do this (a scope is missing, or it is somebody else's image) |
 * | `rate-limited` | too many requests; the request was not carried out |
 * | `quota-exceeded` | the account may not have more of this |
 * | `in-use` | something else still needs the image |
 * | `locked` | another operation holds the image at the moment |
 * | `conflict` | the request contradicts the present state, or more than one thing answers to it |
 * | `unavailable` | no usable answer: network failure, or the provider's own failure (5xx) |
 * | `timeout` | the time that the caller or the attempt was given has passed; the provider may still carry the request out |
 * | `canceled` | the caller's signal was aborted; the provider may still carry the request out |
 * | `unsupported` | the store cannot do this (see its `capabilities`); nothing was sent |
 * | `unexpected-response` | the provider answered something that cannot be understood |
 * | `import-failed` | the provider gave an import up, with its own text |
 * | `operation-failed` | the provider gave another long-running operation up, with its own text |
 */
export type ImageStoreErrorKind =
  | 'not-found'
  | 'already-exists'
  | 'invalid-argument'
  | 'unauthenticated'
  | 'permission-denied'
  | 'rate-limited'
  | 'quota-exceeded'
  | 'in-use'
  | 'locked'
  | 'conflict'
  | 'unavailable'
  | 'timeout'
  | 'canceled'
  | 'unsupported'
  | 'unexpected-response'
  | 'import-failed'
  | 'operation-failed'

/** A change that was asked for and whose answer was lost: it may have been carried out, or may yet be, or not at all. */
export interface UnconfirmedChange {
  /** What was asked for, in a few words, such as `the import of "web"`. */
  readonly change: string
  /** The operation key that finds what came of it, where one was given. */
  readonly key?: string | undefined
}

/** What is known about an {@link ImageStoreError} beside its kind and message. */
export interface ErrorDetails {
  /** The name of the store that the call went to. */
  readonly store?: string | undefined
  /** The port's member that failed, such as `get` or `importFromUrl`. */
  readonly operation?: string | undefined
  /** The HTTP status of the provider's answer, where there was one. */
  readonly status?: number | undefined
  /** The provider's own id for the request, to be quoted to its support. */
  readonly requestId?: string | undefined
  /** How long the provider asks to wait before the next try, in seconds. */
  readonly retryAfterSeconds?: number | undefined
  /** What to do about it, in one sentence. */
  readonly hint?: string | undefined
  /** The fields at fault, each with the reason, where they are known. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  /** What of a composed call had been carried out before it failed, such as `name` of an update whose tags failed. */
  readonly completed?: readonly string[] | undefined
  /** What may exist although the call failed, because an answer was lost or not waited for: to be looked up, not repeated blindly. */
  readonly unconfirmed?: readonly UnconfirmedChange[] | undefined
  /** Set where no request reached the provider, so that nothing can have been carried out. */
  readonly notSent?: true | undefined
}

const brand = Symbol.for('imageferry.ImageStoreError')

/**
 * The one error of every {@link ImageStore} member. It carries plain values only: never the HTTP library's error,
 * request or response, since those print the credentials when logged.
 */
export class ImageStoreError extends Error implements ErrorDetails {
  readonly kind: ImageStoreErrorKind
  declare readonly store?: string | undefined
  declare readonly operation?: string | undefined
  declare readonly status?: number | undefined
  declare readonly requestId?: string | undefined
  declare readonly retryAfterSeconds?: number | undefined
  declare readonly hint?: string | undefined
  declare readonly fields?: Readonly<Record<string, string>> | undefined
  declare readonly completed?: readonly string[] | undefined
  declare readonly unconfirmed?: readonly UnconfirmedChange[] | undefined
  declare readonly notSent?: true | undefined

  constructor(kind: ImageStoreErrorKind, message: string, details: ErrorDetails = {}) {
    super(message)
    this.name = 'ImageStoreError'
    this.kind = kind
    for (const [key, value] of Object.entries(details)) {
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: true, configurable: true })
    }
    Object.defineProperty(this, brand, { value: true })
  }

  /** The error as data, for logs and journals: `JSON.stringify` would leave out an error's message. */
  toJSON(): ErrorDetails & { readonly name: string; readonly kind: ImageStoreErrorKind; readonly message: string } {
    return { ...this, name: this.name, kind: this.kind, message: this.message }
  }
}

/** Whether a caught value is an {@link ImageStoreError}, also one that another copy of this package has thrown. */
export const isImageStoreError = (value: unknown): value is ImageStoreError =>
  typeof value === 'object' && value !== null && brand in value

const transientKinds: ReadonlySet<ImageStoreErrorKind> = new Set(['rate-limited', 'unavailable', 'timeout'])

/**
 * Whether the same call may succeed later without anybody changing anything. This is the only rule by which a retry is
 * decided. It says nothing about safety: whether a *write* may be repeated is the adapter's business.
 */
export const isTransient = (error: ImageStoreError): boolean => transientKinds.has(error.kind)

/**
 * Whether a request that failed so may have been carried out all the same: no usable answer came, and it is not certain that it
 * never arrived. What to do then is to look, not to repeat.
 */
export const isAnswerLost = ({ kind, notSent }: ImageStoreError): boolean =>
  (kind === 'unavailable' || kind === 'timeout') && notSent !== true

/** The details of an error, without its kind and message. */
const detailsOf = ({ kind: _kind, name: _name, ...details }: ImageStoreError): ErrorDetails => details

/** The same error with further details; the message and the kind stay. Details that are there already win. */
export const withDetails = (error: ImageStoreError, details: ErrorDetails): ImageStoreError => {
  const further = new ImageStoreError(error.kind, error.message, { ...details, ...detailsOf(error) })
  // The place where it went wrong is more use than the place where it was annotated.
  if (error.stack !== undefined) Object.defineProperty(further, 'stack', { value: error.stack, configurable: true })
  return further
}

/** The same error as one of another kind, with what else is known now; details given here win. */
export const asKind = (
  error: ImageStoreError,
  kind: ImageStoreErrorKind,
  details: ErrorDetails = {},
): ImageStoreError => withDetails(new ImageStoreError(kind, error.message, details), detailsOf(error))
