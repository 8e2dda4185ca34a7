import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { type ImageStoreError, isAnswerLost, isImageStoreError, isTransient } from '../model/error.ts'
import type { Change, ChangeOutcome } from '../store/change.ts'
import { isStaleLook } from '../store/fresh-look.ts'
import type { Call } from '../store/member.ts'
import type { RequestBudget } from '../store/request-budget.ts'
import type { Runtime } from '../store/runtime.ts'
import type { StoreTask } from '../store/store-task.ts'
import type { Connection } from './connection.ts'
import { decodeAnswer } from './decode.ts'
import { driftIn, type KnownAnswers } from './drift.ts'
import { type QueryParameters, queryString } from './path.ts'
import { type RejectionOptions, rejections } from './rejection.ts'
import { retrying } from './retry.ts'
import { type LimitHeaders, pauseSecondsOf, standingOf } from './standing.ts'
import { timedSend } from './timed-send.ts'
import { type HttpAnswer, type HttpRequest, readyToSend } from './transport.ts'

/** What a client needs to know of the provider and the account. */
export interface HttpClientOptions extends RejectionOptions {
  /** Scheme and host, and a path before all others where there is one. */
  readonly baseUrl: string
  /** The value of the Authorization header. */
  readonly authorization: string
  readonly runtime: Runtime
  /** How requests leave this machine; by its own settings unless told. */
  readonly connection?: Connection | undefined
  /** What each request takes its turn from. */
  readonly budget: RequestBudget
  /** The headers that say what is left of the provider's limit. */
  readonly limitHeaders?: LimitHeaders | undefined
  /** What is known of the answers: what else is in them is told as drift. */
  readonly known?: KnownAnswers | undefined
}

/** What every request takes: the call on whose behalf it is sent, and query parameters. */
export interface RequestOptions extends Call {
  readonly query?: QueryParameters | undefined
  /** Has a GET sent once, for an answer that a call can do without. */
  readonly onlyOnce?: boolean | undefined
}

/** What a request that changes something takes beside. */
export interface ChangeOptions extends RequestOptions {
  /** What it changes: told of in the call's error for as long as nobody knows what came of it. */
  readonly change: Change
  /** Sent as JSON. */
  readonly body?: unknown
}

/** Sends requests and decodes answers by the given codec. Every failure is an `ImageStoreError`. */
export interface HttpClient {
  /** Repeated while the error is transient. */
  readonly get: <A>(path: string, codec: t.Type<A, unknown>, options: RequestOptions) => StoreTask<A>
  /**
   * Repeated only where it is certain that it was not carried out: the provider says so (429), or nothing was sent. After a lost
   * answer nobody knows, and reconciling is the adapter's.
   *
   * It has done what it should as soon as the status says so: an answer that is empty or cannot be read by the codec is absent,
   * and no failure. To call it one would invite a second try of what was accepted.
   */
  readonly submit: <A>(
    method: Exclude<HttpRequest['method'], 'GET'>,
    path: string,
    codec: t.Type<A, unknown>,
    options: ChangeOptions,
  ) => StoreTask<A | undefined>
}

type Read<A> = (answer: HttpAnswer) => E.Either<ImageStoreError, A>

/** What is called on the way of a request. */
interface Steps {
  /** When its turn has come. It does not leave where this throws. */
  readonly onTurn?: (() => void) | undefined
  /** As it leaves: gives the signal that it obeys from then on, which may last longer than the call's. */
  readonly underWay: () => AbortSignal
}

const isSuccess = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300

/** Whether a change that failed so was certainly not carried out, and may be with another try, without another look. */
const mayBeSentAgain = (error: ImageStoreError): boolean =>
  isTransient(error) && !isAnswerLost(error) && !isStaleLook(error)

const outcomeOf = (result: E.Either<ImageStoreError, unknown>): ChangeOutcome => {
  if (E.isRight(result)) return 'done'
  return isAnswerLost(result.left) || result.left.kind === 'canceled' ? 'lost' : 'refused'
}

/** A client for one account at one provider. */
export const httpClient = (options: HttpClientOptions): HttpClient => {
  const { runtime, authorization, budget, limitHeaders, known = new Map(), secrets } = options
  const base = options.baseUrl.replace(/\/+$/, '')
  const errors = rejections(options)
  const retry = retrying(runtime)
  const sendOnce = timedSend(runtime, options.connection)
  const noteDrift = driftIn(known, secrets)

  const decoded = <A>(codec: t.Type<A, unknown>, call: Call): Read<A> =>
    flow(
      (answer) => decodeAnswer(codec, answer),
      E.tap((body) => {
        noteDrift(codec, body, call)
        return E.right(undefined)
      }),
    )

  /** Sends a request in its turn. */
  const exchange = async (
    request: HttpRequest,
    { signal, deadline, tell }: Call,
    path: string,
    { onTurn, underWay }: Steps,
  ): Promise<HttpAnswer> => {
    const about = { method: request.method, path }
    await readyToSend()
    const answered = await budget.take({
      signal,
      deadline,
      onPause: (reason, delayMs) => tell({ type: 'pause', ...about, reason, delayMs }),
    })
    try {
      onTurn?.()
    } catch (error) {
      answered({ kind: 'not-sent' })
      throw error
    }
    const begun = runtime.now()
    const took = (status?: number) => {
      tell({ type: 'response', ...about, status, durationMs: Math.max(0, runtime.now() - begun) })
    }
    try {
      tell({ type: 'request', ...about })
      const answer = await sendOnce(request, underWay)
      const pauseSeconds = pauseSecondsOf(answer, limitHeaders, runtime.now())
      answered(
        answer.status === 429
          ? { kind: 'refused', pauseMs: pauseSeconds === undefined ? undefined : pauseSeconds * 1000 }
          : { kind: 'answered', standing: standingOf(answer.headers, limitHeaders) },
      )
      took(answer.status)
      return answer
    } catch (error) {
      answered({ kind: 'unanswered' })
      took()
      throw error
    }
  }

  const attempt =
    <A>(
      request: HttpRequest,
      call: Call,
      path: string,
      read: Read<A>,
      steps: Steps = { underWay: () => call.signal },
    ): StoreTask<A> =>
    async () => {
      try {
        const answer = await exchange(request, call, path, steps)
        return isSuccess(answer)
          ? pipe(
              read(answer),
              E.mapLeft((error) => errors.ofUnreadable(call, error, answer)),
            )
          : E.left(errors.ofAnswer(call, answer, pauseSecondsOf(answer, limitHeaders, runtime.now())))
      } catch (error) {
        if (isImageStoreError(error)) return E.left(error)
        throw error
      }
    }

  /** The same for a change, which is unconfirmed from when it leaves until it is answered. */
  const attemptChange =
    <A>(request: HttpRequest, call: ChangeOptions, path: string, read: Read<A>): StoreTask<A> =>
    async () => {
      const sent: { change?: ReturnType<Call['sending']> } = {}
      const result = await attempt(request, call, path, read, {
        // Only what has a key was looked up before.
        onTurn: call.change.key === undefined ? undefined : call.fresh?.check,
        underWay: () => {
          sent.change = call.sending(call.change)
          return sent.change.signal
        },
      })()
      sent.change?.ended(outcomeOf(result))
      return result
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

  const repeated = <A>(
    task: StoreTask<A>,
    { signal, deadline, tell }: Call,
    method: HttpRequest['method'],
    path: string,
    isRepeatable: (error: ImageStoreError) => boolean,
  ): StoreTask<A> =>
    retry({
      attempt: task,
      signal,
      deadline,
      isRepeatable,
      onRetry: ({ kind }, delayMs) => tell({ type: 'retry', method, path, error: kind, delayMs }),
    })

  return {
    get: (path, codec, request) =>
      repeated(
        attempt(requestOf('GET', path, request), request, path, decoded(codec, request)),
        request,
        'GET',
        path,
        (error) => request.onlyOnce !== true && isTransient(error),
      ),
    submit: <A>(
      method: Exclude<HttpRequest['method'], 'GET'>,
      path: string,
      codec: t.Type<A, unknown>,
      request: ChangeOptions,
    ): StoreTask<A | undefined> =>
      repeated(
        attemptChange(requestOf(method, path, request), request, path, (answer): E.Either<never, A | undefined> => {
          const body = decoded(codec, request)(answer)
          return E.right(E.isRight(body) ? body.right : undefined)
        }),
        request,
        method,
        path,
        mayBeSentAgain,
      ),
  }
}
