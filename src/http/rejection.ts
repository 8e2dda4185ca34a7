import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type ErrorDetails, ImageStoreError, type ImageStoreErrorKind } from '../model/error.ts'
import type { StoreOperation } from '../store/capabilities.ts'
import type { Call } from '../store/member.ts'
import { parsedJson } from './json.ts'
import type { Shown } from './shown.ts'
import { kindOfStatus } from './status-kind.ts'
import type { StoreSecrets } from './store-secrets.ts'
import type { HttpAnswer } from './transport.ts'

/** What an adapter reads out of an error answer's body. Whatever it leaves out comes from the HTTP status. */
export interface ProviderError extends Pick<ErrorDetails, 'requestId' | 'hint' | 'fields'> {
  readonly kind?: ImageStoreErrorKind | undefined
  readonly message?: string | undefined
}

/** What is needed to tell what an answer says. */
export interface RejectionOptions {
  /** What must never show up in an error. */
  readonly secrets: StoreSecrets
  /** Reads the provider's error body (`undefined` where the body is not JSON), for the member that was called. */
  readonly readError: (operation: StoreOperation) => (status: number, body: unknown) => ProviderError
  /** The header that carries the provider's request id, in lower case; `x-request-id` unless told. */
  readonly requestIdHeader?: string | undefined
}

/** What of a call decides how its errors are shown. */
type CallOfAnswer = Pick<Call, 'operation' | 'secrets'>

/** The body of an error as JSON; `undefined` where it is none that can be read. */
const bodyOf = ({ text }: HttpAnswer): unknown =>
  pipe(
    parsedJson(text),
    E.getOrElse((): unknown => undefined),
  )

/** Makes errors of answers. What a provider says passes a filter for the store's secrets and for those of the call. */
export const rejections = ({ secrets, readError, requestIdHeader = 'x-request-id' }: RejectionOptions) => {
  const requestIdOf = ({ headers }: HttpAnswer, shown: Shown): string | undefined => {
    const id = headers[requestIdHeader]
    return id === undefined ? undefined : shown.text(id)
  }

  return {
    /** The error that an answer is; `retryAfterSeconds` is how long the provider wants to be left alone. */
    ofAnswer: (call: CallOfAnswer, answer: HttpAnswer, retryAfterSeconds: number | undefined): ImageStoreError => {
      const { kind, message, requestId, fields, hint } = readError(call.operation)(answer.status, bodyOf(answer))
      const shown = secrets.shown(call)
      return new ImageStoreError(
        kind ?? kindOfStatus(answer.status),
        shown.text(message ?? `The provider answered with the HTTP status ${answer.status}`),
        {
          status: answer.status,
          retryAfterSeconds,
          requestId: requestId === undefined ? requestIdOf(answer, shown) : shown.text(requestId),
          fields: shown.fields(fields),
          hint,
        },
      )
    },

    /** An answer that says that all is well and cannot be understood. */
    ofUnreadable: (call: CallOfAnswer, error: ImageStoreError, answer: HttpAnswer): ImageStoreError => {
      const shown = secrets.shown(call)
      return new ImageStoreError(error.kind, shown.text(error.message), {
        status: answer.status,
        hint: error.hint,
        requestId: requestIdOf(answer, shown),
      })
    },
  }
}
