/**
 * Everything that can end a look at an image, as a closed set:
 *
 * | kind | meaning |
 * |---|---|
 * | `invalid-argument` | neither a URL nor a path, or options that are none; nothing was sent |
 * | `private-address` | the URL, or one that it leads to, is at an address that a provider could not reach either; nothing was sent there |
 * | `unreachable` | no name, no connection, no trusted certificate, a body that broke off in a full pass, or GET was answered by an error (`status`) |
 * | `changed` | the file is no longer the one that was opened |
 * | `too-many-redirects` | the URL leads on and on, or in a circle |
 * | `unreadable` | a file on this machine that is missing, a directory, or cannot be read |
 * | `timeout` | the time that the look was given has passed, or in a full pass nothing came in for too long |
 * | `canceled` | the caller's signal was aborted, or the source was closed |
 */
export type InspectErrorKind =
  | 'invalid-argument'
  | 'private-address'
  | 'unreachable'
  | 'changed'
  | 'too-many-redirects'
  | 'unreadable'
  | 'timeout'
  | 'canceled'

/** What is known about an {@link InspectError} beside its kind and message. */
export interface InspectErrorDetails {
  /** The HTTP status of the answer to GET, where that was the reason. */
  readonly status?: number | undefined
  /** What to do about it, in one sentence. */
  readonly hint?: string | undefined
}

const brand = Symbol.for('imageferry.InspectError')

/**
 * The one error of a look at an image. It carries plain values only: never the error of the HTTP library or of node, which quote
 * the URL with what may be secret in it. Of a URL it shows scheme, host and path.
 */
export class InspectError extends Error implements InspectErrorDetails {
  readonly kind: InspectErrorKind
  declare readonly status?: number | undefined
  declare readonly hint?: string | undefined

  constructor(kind: InspectErrorKind, message: string, details: InspectErrorDetails = {}) {
    super(message)
    this.name = 'InspectError'
    this.kind = kind
    for (const [key, value] of Object.entries(details)) {
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: true, configurable: true })
    }
    Object.defineProperty(this, brand, { value: true })
  }

  /** The error as data, for logs: `JSON.stringify` would leave out an error's message. */
  toJSON(): InspectErrorDetails & {
    readonly name: string
    readonly kind: InspectErrorKind
    readonly message: string
  } {
    return { ...this, name: this.name, kind: this.kind, message: this.message }
  }
}

/** Whether a caught value is an {@link InspectError}, also one that another copy of this package has thrown. */
export const isInspectError = (value: unknown): value is InspectError =>
  typeof value === 'object' && value !== null && brand in value

/** The code of an error of node, such as `ECONNREFUSED`. Its message is never passed on: it may quote a URL. */
export const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no code'
}

/** Any caught value as an {@link InspectError}: what is none yet is `unreadable`, of which only the code is told. */
export const asInspectError = (error: unknown): InspectError =>
  isInspectError(error) ? error : new InspectError('unreadable', `The look at the file has failed (${codeOf(error)})`)
