import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { type AcceptedSearch, findAccepted, lookForAccepted } from '../../src/store/accepted.ts'
import type { KeysInDoubt } from '../../src/store/keys-in-doubt.ts'
import { reconciled } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { BegunTasks } from './begun-tasks.ts'
import { type Account, operationRefOf } from './ids.ts'
import { type ImageRequest, isSince, mayBe, type SentRequest, tellsThatItIs, withKey } from './image-request.ts'
import { kindOf } from './task.ts'
import { requestOf } from './task-request.ts'
import { unanswered } from './unanswered.ts'
import * as Wire from './wire.ts'

const taskTypes = { import: 'download_image', capture: 'create_image' } as const

/** What a request has begun, and what it took to find out. */
export interface Accepted {
  readonly operation: Operation
  /** When the request was sent first and when it was known what it has begun, in milliseconds since the epoch. */
  readonly since: number
  readonly until: number
  /** Whether it was sent again after an answer that was lost: what that one has begun may show up yet. */
  readonly isRepeated: boolean
}

/** Where a lost request with a key could have begun what does not tell the key: what it has begun tells so when it is there. */
const untold = (what: string, tasks: readonly Wire.Task[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `The answer to the ${what} was lost, and any of ${tasks.map(({ id }) => id ?? 'a task without an id').join(', ')} could be it`,
    {
      hint: 'Wait for these tasks and repeat the call with its key: when they have ended, their images tell their keys',
    },
  )

const earlier = (a: Wire.Task, b: Wire.Task): number =>
  `${a.created_on ?? ''} ${a.id ?? ''}` < `${b.created_on ?? ''} ${b.id ?? ''}` ? -1 : 1

/**
 * Of tasks that may be the one of a request, the oldest that tells its key, where any does; what was begun under the key with another
 * spec is none of them.
 */
const oldestTold = ({ request: { held } }: SentRequest, tasks: readonly Wire.Task[]): readonly Wire.Task[] => {
  const digestOf = (task: Wire.Task): string | undefined => requestOf(task).held?.digest
  const [oldest] = tasks.filter((task) => held !== undefined && digestOf(task) === held.digest).sort(earlier)
  return oldest === undefined ? tasks.filter((task) => (digestOf(task) ?? held?.digest) === held?.digest) : [oldest]
}

/** Sends requests that make images, and answers with what they have begun. */
export const accepting = (
  account: Account,
  http: HttpClient,
  runtime: Runtime,
  begun: BegunTasks,
  inDoubt: KeysInDoubt,
) => {
  const open = unanswered<SentRequest>(runtime)

  /** The newest tasks of a region. What the tasks of GPU images are called is not published, so theirs may be any. */
  const recent = ({ kind, place }: ImageRequest, call: Call): StoreTask<readonly Wire.Task[]> =>
    pipe(
      http.get('/cloud/v1/tasks', Wire.TaskList, {
        ...call,
        query: {
          project_id: [account.projectId],
          region_id: [place.region],
          task_type: place.namespace === undefined ? taskTypes[kind] : undefined,
          order_by: 'desc',
          limit: 100,
        },
      }),
      TE.map(({ results }) =>
        results.filter((task) =>
          place.namespace === undefined ? task.task_type === taskTypes[kind] : kindOf(task) === kind,
        ),
      ),
    )

  /**
   * The search for the task of a request that no answer has named. Only what was made after it was sent can be the one, and nothing
   * that this store knows to be another request's, or that could be one's which is still without its task.
   */
  const searchFor = (sent: SentRequest, what: string, call: Call): AcceptedSearch<Wire.Task> => ({
    runtime,
    call,
    what: `The ${what}`,
    look: pipe(
      recent(sent.request, call),
      TE.map((tasks) => tasks.filter((task) => begun.get(task.id ?? '') === undefined && mayBe(sent)(task))),
      TE.map((tasks) => oldestTold(sent, tasks)),
    ),
    show: ({ id }) => id ?? 'a task without an id',
    isLater: (task) =>
      typeof task.id === 'string' &&
      (sent.seen !== undefined || isSince(task, sent.since)) &&
      !open.besides(sent).some((other) => mayBe(other)(task)),
  })

  /**
   * What a request has begun whose answer was lost; nothing where nothing shows up. Without a key, the only task that may be it is
   * taken for it, since nothing will ever tell; with one, it has to tell that it is, because its image will.
   */
  const lookFor = (sent: SentRequest, what: string, call: Call): StoreTask<string | undefined> => {
    const search = searchFor(sent, what, call)
    return pipe(
      search.look,
      TE.flatMap((tasks) =>
        pipe(
          lookForAccepted({ ...search, look: TE.right(tasks) }),
          TE.filterOrElse(
            (found) =>
              sent.request.held === undefined ||
              tasks.length === 0 ||
              (found !== undefined && tellsThatItIs(sent, found)),
            () => untold(what, tasks),
          ),
        ),
      ),
      TE.map((found) => found?.id ?? undefined),
    )
  }

  const submit = (sent: SentRequest, what: string, call: Call): StoreTask<string> =>
    pipe(
      http.submit('POST', sent.request.path, Wire.AcceptedTasks, {
        ...call,
        body: withKey(sent.request),
        change: { change: `the ${what}`, key: sent.request.held?.key, makesSomething: true },
      }),
      TE.mapLeft((error) => {
        inDoubt.noteFailed(sent.request.held?.key, error)
        return error
      }),
      TE.tapIO(() => () => call.noteCompleted(`the ${what} was accepted`)),
      TE.flatMap((answer) => {
        const task = answer?.tasks?.[0]
        const key = sent.request.held?.key
        if (task === undefined && key !== undefined) inDoubt.noteUnlisted(key)
        return task === undefined
          ? pipe(
              findAccepted(searchFor(sent, what, call)),
              TE.map(({ id }) => id ?? ''),
            )
          : TE.right(task)
      }),
    )

  /**
   * Begins an image. After a lost answer its task is looked for, and the request is sent again only where it has a key, by which what
   * both have begun is told apart from what anybody else has.
   */
  return (request: ImageRequest, seen?: ReadonlySet<string>) =>
    (call: Call): StoreTask<Accepted> => {
      const { kind, place, losses, held } = request
      const what = `${kind} of "${request.body.name}"`
      const accepted = (sent: SentRequest): StoreTask<Accepted> => {
        let attempts = 0
        const attempt = pipe(
          TE.fromIO(() => {
            attempts += 1
          }),
          TE.flatMap(() => submit(sent, what, call)),
        )
        return pipe(
          reconciled({
            runtime,
            call,
            change: { change: `the ${what}`, key: held?.key },
            attempt,
            look: lookFor(sent, what, call),
            mayRepeat: held !== undefined,
          }),
          TE.map((task) => {
            const ref = operationRefOf(account, { ...place, kind: 'task', id: task })
            begun.note(task, { kind, place, held, at: runtime.now() })
            call.noteCompleted(ref)
            const operation: Operation = { ref, kind, state: 'queued', losses }
            return { operation, since: sent.since, until: runtime.now(), isRepeated: attempts > 1 }
          }),
        )
      }
      return pipe(
        TE.fromIO(runtime.now),
        TE.map((since): SentRequest => ({ request, since, seen })),
        TE.flatMap((sent) => open.while(sent, accepted(sent))),
      )
    }
}
