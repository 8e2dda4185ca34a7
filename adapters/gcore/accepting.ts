import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import { clockSkewMs, findAccepted } from '../../src/store/accepted.ts'
import type { Call } from '../../src/store/member.ts'
import type { Loss, Operation } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { BegunTasks } from './begun-tasks.ts'
import { type Account, operationRefOf } from './ids.ts'
import { type HeldKey, keyTag, writeKey } from './key-tag.ts'
import type { Place } from './namespaces.ts'
import { kindOf } from './task.ts'
import { requestOf } from './task-request.ts'
import { unanswered } from './unanswered.ts'
import * as Wire from './wire.ts'

/** A request that makes an image by a task. */
export interface ImageRequest {
  readonly kind: 'import' | 'capture'
  readonly place: Place
  readonly path: string
  readonly body: { readonly name: string; readonly tags?: Readonly<Record<string, string>> }
  /** The URL without what may be secret in it, or the volume. */
  readonly source: string
  readonly losses: readonly Loss[]
  /** What is written on the image where the caller gave a key. */
  readonly held?: HeldKey | undefined
}

const taskTypes = { import: 'download_image', capture: 'create_image' } as const

const timeOf = ({ created_on }: Wire.Task): number | undefined => {
  const created = typeof created_on === 'string' ? parseTimestamp(created_on) : undefined
  return created === undefined ? undefined : Date.parse(created)
}

/** Whether a task was created at a moment or later; one that does not tell counts as created then. */
const isSince = (task: Wire.Task, since: number): boolean => {
  const created = timeOf(task)
  // Tasks tell their time in whole seconds.
  return created === undefined || created >= Math.floor(since / 1000) * 1000
}

const agrees = <A>(told: A | null | undefined, wanted: A): boolean =>
  told === undefined || told === null || told === wanted

/** A request that was sent, and when. */
interface Sent {
  readonly request: ImageRequest
  readonly since: number
}

/** Whether a task may be the one that a request has begun: nothing that it tells speaks against it. */
const mayBe =
  ({ request: { kind, body, place, source, held }, since }: Sent) =>
  (task: Wire.Task): boolean => {
    const told = requestOf(task)
    const region = task.region_id === null || task.region_id === undefined ? undefined : String(task.region_id)
    return (
      kindOf(task) === kind &&
      agrees(region, place.region) &&
      (timeOf(task) ?? since) >= since - clockSkewMs &&
      agrees(told.name, body.name) &&
      agrees(told.source, source) &&
      (!told.tellsTags || told.held?.key === held?.key)
    )
  }

const withKey = ({ body, held }: ImageRequest): ImageRequest['body'] =>
  held === undefined ? body : { ...body, tags: { ...body.tags, [keyTag]: writeKey(held) } }

/** Sends requests that make images, and answers with their operations. Nothing is sent twice. */
export const accepting = (account: Account, http: HttpClient, runtime: Runtime, begun: BegunTasks) => {
  const open = unanswered<Sent>(runtime)

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
   * The task of a request that was accepted without naming it. Only what was made after it was sent can be the one, and nothing that
   * this store knows to be another request's, or that could be one's which is still without its task.
   */
  const findTask = (sent: Sent, what: string, call: Call): StoreTask<string> =>
    pipe(
      findAccepted({
        runtime,
        call,
        what: `The ${what}`,
        look: pipe(
          recent(sent.request, call),
          TE.map((tasks) => tasks.filter((task) => begun.get(task.id ?? '') === undefined && mayBe(sent)(task))),
        ),
        show: ({ id }) => id ?? 'a task without an id',
        isLater: (task) =>
          typeof task.id === 'string' &&
          isSince(task, sent.since) &&
          !open.besides(sent).some((other) => mayBe(other)(task)),
      }),
      TE.map(({ id }) => id ?? ''),
    )

  const submit = (sent: Sent, what: string, call: Call): StoreTask<string> =>
    pipe(
      http.submit('POST', sent.request.path, Wire.AcceptedTasks, { ...call, body: withKey(sent.request) }),
      TE.tapIO(() => () => call.noteCompleted(`the ${what} was accepted`)),
      TE.flatMap((answer) => {
        const task = answer?.tasks?.[0]
        return task === undefined ? findTask(sent, what, call) : TE.right(task)
      }),
      TE.tapIO((task) => () => {
        const { kind, place, held } = sent.request
        begun.note(task, { kind, place, held, at: runtime.now() })
      }),
    )

  return (request: ImageRequest) =>
    (call: Call): StoreTask<Operation> => {
      const { kind, place, losses } = request
      return pipe(
        TE.fromIO(runtime.now),
        TE.map((since): Sent => ({ request, since })),
        TE.flatMap((sent) => open.while(sent, submit(sent, `${kind} of "${request.body.name}"`, call))),
        TE.map((id) => ({
          ref: operationRefOf(account, { ...place, kind: 'task', id }),
          kind,
          state: 'queued',
          losses,
        })),
      )
    }
}
