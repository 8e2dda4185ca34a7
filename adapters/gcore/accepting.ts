import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { asKind, type ImageStoreError, isAnswerLost } from '../../src/model/error.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import { findAccepted } from '../../src/store/accepted.ts'
import type { KeysInDoubt } from '../../src/store/keys-in-doubt.ts'
import { reconciled } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { BegunTasks } from './begun-tasks.ts'
import type { GuessedTasks } from './guessed-tasks.ts'
import { type Account, operationId, operationRefOf, taskOf } from './ids.ts'
import { type ImageRequest, type SentRequest, withKey } from './image-request.ts'
import { taskSearch } from './task-search.ts'
import { unanswered } from './unanswered.ts'
import * as Wire from './wire.ts'

/** What a request has begun, and what it took to find out. */
export interface Accepted {
  readonly operation: Operation
  /** When the request was sent first and when it was known what it has begun, in milliseconds since the epoch. */
  readonly since: number
  readonly until: number
  /**
   * Whether something of it may show up yet: it was sent again after an answer that was lost, or what was found then is older than it, so
   * that another process has begun that.
   */
  readonly isRestless: boolean
}

/** What is known before a request with a key is sent. */
export interface KnownBefore {
  /** The tasks that were listed. */
  readonly seen: ReadonlySet<string>
  /** One look for an image that the key has made since; nothing where there is none. */
  readonly byImage: (call: Call) => StoreTask<Operation | undefined>
}

/** How long after a request its image is looked for too, in milliseconds: no image is made sooner, and a look is one list more. */
const imageAfterMs = 25_000

/** An answer to a request without a key was lost, and no task tells that it is the one. */
const undecided = (error: ImageStoreError, candidates: readonly OperationRef[]): ImageStoreError =>
  candidates.length === 0
    ? error
    : asKind(error, error.kind, {
        hint: `It may be any of ${candidates.join(', ')}: wait for these, and see by their images which is the one`,
      })

/** What requests that make images are sent with. */
export interface AcceptingParts {
  readonly account: Account
  readonly http: HttpClient
  readonly runtime: Runtime
  readonly begun: BegunTasks
  readonly guessed: GuessedTasks
  readonly inDoubt: KeysInDoubt
}

/** Sends requests that make images, and answers with what they have begun. */
export const accepting = ({ account, http, runtime, begun, guessed, inDoubt }: AcceptingParts) => {
  const open = unanswered<SentRequest>(runtime)
  const { searchFor, lookFor } = taskSearch({ account, http, runtime, begun, open })

  const refOf = ({ place }: ImageRequest, task: string): OperationRef =>
    operationRefOf(account, { ...place, kind: 'task', id: task })

  const begunBy = (task: string, request: ImageRequest): Operation => {
    const { kind, place, held, losses } = request
    begun.note(task, { kind, place, held, at: runtime.now() })
    return { ref: refOf(request, task), kind, state: 'queued', losses }
  }

  /** What a task has begun that no answer has named. Without a key that is a guess. */
  const foundBy = (task: string, request: ImageRequest): Operation => {
    const operation = begunBy(task, request)
    if (request.held === undefined) guessed.note(operation.ref, { name: request.body.name })
    return operation
  }

  /** What an image has told of a request's task: no other request is to take that for its own. */
  const noteFound = (operation: Operation | undefined, { kind, place, held }: ImageRequest): void => {
    if (operation === undefined) return
    const id = operationId(account)(operation.ref)
    const task = E.isRight(id) ? taskOf(id.right) : undefined
    if (task !== undefined) begun.note(task, { kind, place, held, at: runtime.now() })
  }

  const submit = (sent: SentRequest, what: string, call: Call): StoreTask<Operation> => {
    const { request } = sent
    const key = request.held?.key
    return pipe(
      http.submit('POST', request.path, Wire.AcceptedTasks, {
        ...call,
        body: withKey(request),
        change: { change: `the ${what}`, key, makesSomething: true },
      }),
      TE.mapLeft((error) => {
        inDoubt.noteFailed(key, error)
        return error
      }),
      TE.tapIO(() => () => call.noteCompleted(`the ${what} was accepted`)),
      TE.flatMap((answer) => {
        const task = answer?.tasks?.[0]
        if (task !== undefined) return TE.right(begunBy(task, request))
        if (key !== undefined) inDoubt.noteUnlisted(key)
        return pipe(
          findAccepted(searchFor(sent, what, call)),
          TE.map(({ id }) => foundBy(id ?? '', request)),
        )
      }),
    )
  }

  /**
   * Begins an image. After a lost answer its task is looked for, and later its image too, which may be listed before it. The request
   * is sent again only where it has a key, by which what both have begun is told apart from what anybody else has.
   */
  return (request: ImageRequest, before?: KnownBefore) =>
    (call: Call): StoreTask<Accepted> => {
      const { kind, losses, held } = request
      const what = `${kind} of "${request.body.name}"`
      const accepted = (sent: SentRequest): StoreTask<Accepted> => {
        let attempts = 0
        let isOlder = false
        let candidates: readonly OperationRef[] = []
        const attempt = pipe(
          TE.fromIO(() => {
            attempts += 1
          }),
          TE.flatMap(() => submit(sent, what, call)),
        )
        const look = pipe(
          lookFor(sent, what, call),
          TE.flatMap((seen): StoreTask<Operation | undefined> => {
            candidates = seen.candidates.map((task) => refOf(request, task))
            isOlder = seen.isOlder
            if (seen.task !== undefined) return TE.right(foundBy(seen.task, request))
            return before === undefined || runtime.now() < sent.since + imageAfterMs
              ? TE.right(undefined)
              : pipe(
                  before.byImage(call),
                  TE.tapIO((operation) => () => {
                    isOlder = Date.parse(operation?.startedAt ?? '') < sent.since - 1000
                    noteFound(operation, request)
                  }),
                )
          }),
        )
        return pipe(
          reconciled({
            runtime,
            call,
            change: { change: `the ${what}`, key: held?.key },
            attempt,
            look,
            mayRepeat: held !== undefined,
          }),
          TE.mapLeft((error) => (isAnswerLost(error) ? undecided(error, candidates) : error)),
          TE.map((operation) => {
            call.noteCompleted(operation.ref)
            return {
              operation: { ...operation, losses },
              since: sent.since,
              until: runtime.now(),
              isRestless: attempts > 1 || isOlder,
            }
          }),
        )
      }
      return pipe(
        TE.fromIO(runtime.now),
        TE.map((since): SentRequest => ({ request, since, seen: before?.seen })),
        TE.flatMap((sent) => open.while(sent, accepted(sent))),
      )
    }
}
