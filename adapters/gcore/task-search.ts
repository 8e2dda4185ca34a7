import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { type AcceptedSearch, lookForAccepted } from '../../src/store/accepted.ts'
import type { Call } from '../../src/store/member.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { BegunTasks } from './begun-tasks.ts'
import type { Account } from './ids.ts'
import { type ImageRequest, isSince, mayBe, type SentRequest, tellsThatItIs } from './image-request.ts'
import { kindOf } from './task.ts'
import { requestOf } from './task-request.ts'
import type { Unanswered } from './unanswered.ts'
import * as Wire from './wire.ts'

/** What the search for tasks is made from. */
export interface TaskSearchParts {
  readonly account: Account
  readonly http: HttpClient
  readonly runtime: Runtime
  readonly begun: BegunTasks
  /** The requests of this store which are still without their tasks. */
  readonly open: Unanswered<SentRequest>
}

/** What one look for the task of a lost request has shown. */
interface Looked {
  readonly task?: string | undefined
  /** Whether the task was there before the request was sent: another process has begun it under the key. */
  readonly isOlder: boolean
  readonly candidates: readonly string[]
}

const taskTypes = { import: 'download_image', capture: 'create_image' } as const

const showTask = ({ id }: Wire.Task): string => id ?? 'a task without an id'

/** Where a lost request with a key could have begun what does not tell the key: what it has begun tells so when it is there. */
const untold = (what: string, tasks: readonly Wire.Task[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `The answer to the ${what} was lost, and any of ${tasks.map(showTask).join(', ')} could be it`,
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

/** The search for the task of a request that no answer has named. */
export const taskSearch = ({ account, http, runtime, begun, open }: TaskSearchParts) => {
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
   * Only what was made after the request was sent can be the one, and nothing that this store knows to be another request's, or that
   * could be one's which is still without its task. Without a key it has to tell that it is: its image will tell nothing.
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
    show: showTask,
    isLater: (task) =>
      typeof task.id === 'string' &&
      (sent.request.held !== undefined || tellsThatItIs(sent, task)) &&
      (sent.seen !== undefined || isSince(task, sent.since)) &&
      !open.besides(sent).some((other) => mayBe(other)(task)),
  })

  /**
   * One look for the task that a request has begun whose answer was lost; `candidates` are those that may be it, where none is. With a
   * key, what does not tell that it is it is a `conflict`, because its image will.
   */
  const lookFor = (sent: SentRequest, what: string, call: Call): StoreTask<Looked> => {
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
          TE.map((found) => ({
            task: found?.id ?? undefined,
            isOlder: found !== undefined && !isSince(found, sent.since),
            candidates: tasks.flatMap(({ id }) => id ?? []),
          })),
        ),
      ),
    )
  }

  return { searchFor, lookFor }
}
