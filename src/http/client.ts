import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import {
  type ErrorDetails,
  ImageStoreError,
  type ImageStoreErrorKind,
  isImageStoreError,
  isTransient,
} from '../model/error.ts'
import type { StoreOperation } from '../store/capabilities.ts'
import type { Call } from '../store/member.ts'
import type { Runtime } from '../store/runtime.ts'
import { withoutUrlSecrets } from '../store/source-url.ts'
import type { StoreTask } from '../store/store-task.ts'
import { decodeAnswer } from './decode.ts'
import { type QueryParameters, queryString } from './path.ts'
import { redactor } from './redact.ts'
import { retrying } from './retry.ts'
import { kindOfStatus, retryAfterSeconds, secondsUntil } from './status-kind.ts'
import { timedSend } from './timed-send.ts'
import type { HttpAnswer, HttpRequest } from './transport.ts'

/** What an adapter reads out of an error answer's body. Whatever it leaves out comes from the HTTP status. */
export interface ProviderError extends Pick<ErrorDetails, 'requestId' | 'hint' | 'fields'> {
  readonly kind?: ImageStoreErrorKind | undefined
  readonly message?: string | undefined
}

/** What a client needs to know of the provider and the account. */
export interface HttpClientOptions {
  /** Scheme and host, and a path before all others where there is one. */
  readonly baseUrl: string
  /** The value of the Authorization header. */
  readonly authorization: string
  /** The texts that must never show up in an error: the token itself. */
  readonly secrets: readonly string[]
  readonly runtime: Runtime
  /** Reads the provider's error body (`undefined` where the body is not JSON), for the member that was called. */
  readonly readError: (operation: StoreOperation) => (status: number, body: unknown) => ProviderError
  /** The header that says, in Unix seconds, when a used-up limit lets requests through again; in lower case. */
  readonly limitResetHeader?: string | undefined
  /** The header that carries the provider's request id, in lower case. */
  readonly requestIdHeader?: string | undefined
}

/** What every request takes: the call on whose behalf it is sent, and query parameters. */
export interface RequestOptions extends Call {
  readonly query?: QueryParameters | undefined
  /** Has a GET sent once, for an answer that a call can do without. */
  readonly onlyOnce?: boolean | undefined
}

/** Sends requests and decodes answers by the given codec. Every failure is an {@link ImageStoreError}. */
export interface HttpClient {
  /** Repeated while the error is transient. */
  readonly get: <A>(path: string, codec: t.Type<A, unknown>, options: RequestOptions) => StoreTask<A>
  /**
   * Repeated only where the provider says that it did not carry the request out (429): after a lost answer nobody knows,
   * and reconciling is the adapter's.
   */
  readonly send: <A>(
    method: Exclude<HttpRequest['method'], 'GET'>,
    path: string,
    codec: t.Type<A, unknown>,
    options: RequestOptions & { readonly body?: unknown },
  ) => StoreTask<A>
  /**
   * {@link send} for requests that have done what they should as soon as the status says so: an answer that is empty or
   * cannot be read by the codec is absent, and no failure. To call it one would invite a second try of what was accepted.
   */
  readonly submit: <A>(
    method: Exclude<HttpRequest['method'], 'GET'>,
    path: string,
    codec: t.Type<A, unknown>,
    options: RequestOptions & { readonly body?: unknown },
  ) => StoreTask<A | undefined>
}

/** A client for one account at one provider. */
export const httpClient = (options: HttpClientOptions): HttpClient => {
  const { runtime, authorization } = options
  const redact = redactor(options.secrets)
  /** A provider's text as it may be shown: it may quote the credentials it refuses and the source it could not fetch. */
  const shown = (text: string): string => redact(withoutUrlSecrets(text))
  const shownFields = (fields: ErrorDetails['fields']): ErrorDetails['fields'] =>
    fields === undefined
      ? undefined
      : Object.fromEntries(Object.entries(fields).map(([field, reason]) => [shown(field), shown(reason)]))
  const base = options.baseUrl.replace(/\/+$/, '')
  const retry = retrying(runtime)
  const sendOnce = timedSend(runtime)

  const rejection = (operation: StoreOperation, answer: HttpAnswer): ImageStoreError => {
    const { kind, message, requestId, fields, hint } = options.readError(operation)(
      answer.status,
      parseJson(answer.text),
    )
    return new ImageStoreError(
      kind ?? kindOfStatus(answer.status),
      shown(message ?? `The provider answered with the HTTP status ${answer.status}`),
      {
        status: answer.status,
        retryAfterSeconds: waitSecondsOf(answer),
        requestId: requestId === undefined ? requestIdOf(answer) : shown(requestId),
        fields: shownFields(fields),
        hint,
      },
    )
  }

  /** What Retry-After says; on a 429 without one, what is left until the limit's reset. */
  const waitSecondsOf = ({ status, headers }: HttpAnswer): number | undefined =>
    retryAfterSeconds(headers['retry-after'], runtime.now()) ??
    (status === 429 && options.limitResetHeader !== undefined
      ? secondsUntil(headers[options.limitResetHeader], runtime.now())
      : undefined)

  const requestIdOf = ({ headers }: HttpAnswer): string | undefined => {
    const id = headers[options.requestIdHeader ?? 'x-request-id']
    return id === undefined ? undefined : shown(id)
  }

  const attempt =
    <A>(
      operation: StoreOperation,
      request: HttpRequest,
      read: (answer: HttpAnswer) => E.Either<ImageStoreError, A>,
    ): StoreTask<A> =>
    async () => {
      try {
        const answer = await sendOnce(request)
        return answer.status >= 200 && answer.status < 300
          ? pipe(
              read(answer),
              E.mapLeft(
                (error) =>
                  new ImageStoreError(error.kind, shown(error.message), {
                    status: answer.status,
                    hint: error.hint,
                    requestId: requestIdOf(answer),
                  }),
              ),
            )
          : E.left(rejection(operation, answer))
      } catch (error) {
        if (isImageStoreError(error)) return E.left(error)
        throw error
      }
    }

  const requestOf = (
    method: HttpRequest['method'],
    path: string,
    { signal, query = {}, body }: RequestOptions & { readonly body?: unknown },
  ): HttpRequest => ({
    method,
    url: `${base}${path}${queryString(query)}`,
    headers: {
      accept: 'application/json',
      authorization,
      'user-agent': 'imageferry',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  })

  const onceUnlessRefused = <A>(
    method: HttpRequest['method'],
    path: string,
    request: RequestOptions & { readonly body?: unknown },
    read: (answer: HttpAnswer) => E.Either<ImageStoreError, A>,
  ): StoreTask<A> =>
    retry(
      attempt(request.operation, requestOf(method, path, request), read),
      request.signal,
      ({ kind }) => kind === 'rate-limited',
    )

  return {
    get: (path, codec, request) =>
      retry(
        attempt(request.operation, requestOf('GET', path, request), (answer) => decodeAnswer(codec, answer)),
        request.signal,
        (error) => request.onlyOnce !== true && isTransient(error),
      ),
    send: (method, path, codec, request) =>
      onceUnlessRefused(method, path, request, (answer) => decodeAnswer(codec, answer)),
    submit: <A>(
      method: Exclude<HttpRequest['method'], 'GET'>,
      path: string,
      codec: t.Type<A, unknown>,
      request: RequestOptions & { readonly body?: unknown },
    ): StoreTask<A | undefined> =>
      onceUnlessRefused(method, path, request, (answer) => {
        const body = decodeAnswer(codec, answer)
        return E.right(E.isRight(body) ? body.right : undefined)
      }),
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
