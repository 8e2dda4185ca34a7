import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type Account, operationRefOf } from './ids.ts'
import { type ImportBody, toImport } from './requests.ts'
import * as Wire from './wire.ts'

/** How long an accepted import is looked for when its answer does not name its task: a few looks, for a list that lags. */
const looks = 6
const betweenLooksMs = 5_000
/** The provider's clock and ours may differ by this much, in milliseconds. */
const clockSkewMs = 120_000

const lost = (name: string): ImageStoreError =>
  new ImageStoreError(
    'unexpected-response',
    `The import of "${name}" was accepted, but the answer names no task, and none has shown up`,
    { hint: 'Do not repeat it: look for the image by its name first' },
  )

const ambiguous = (tasks: readonly string[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `The import was accepted without naming its task, and it could be any of ${tasks.join(', ')}`,
    {
      hint: 'Do not repeat it: find out which of them is the one',
    },
  )

/** Imports by URL. */
export const importing = (account: Account, http: HttpClient, runtime: Runtime) => {
  const isCandidate = (body: ImportBody, region: string, since: number) => (task: Wire.Task) => {
    const created = typeof task.created_on === 'string' ? parseTimestamp(task.created_on) : undefined
    const data = Wire.TaskData.is(task.data) ? task.data : {}
    return (
      (task.region_id === undefined || task.region_id === null || String(task.region_id) === region) &&
      (created === undefined || Date.parse(created) >= since - clockSkewMs) &&
      (data.name === undefined || data.name === null || data.name === body.name) &&
      (data.url === undefined || data.url === null || data.url === body.url)
    )
  }

  const recentImports = (region: string, call: Call): StoreTask<readonly Wire.Task[]> =>
    pipe(
      http.get('/cloud/v1/tasks', Wire.TaskList, {
        ...call,
        query: {
          project_id: [account.projectId],
          region_id: [region],
          task_type: 'download_image',
          order_by: 'desc',
          limit: 100,
        },
      }),
      TE.map(({ results }) => results.filter(({ task_type }) => task_type === 'download_image')),
    )

  /** An answer without a task means "accepted" and no more: the task is looked up, and nothing is sent again. */
  const lookUp = (body: ImportBody, region: string, since: number, call: Call, looksLeft = looks): StoreTask<string> =>
    pipe(
      recentImports(region, call),
      TE.map((tasks) => tasks.filter(isCandidate(body, region, since)).flatMap(({ id }) => id ?? [])),
      TE.flatMap(([first, ...others]) => {
        if (first !== undefined) return others.length === 0 ? TE.right(first) : TE.left(ambiguous([first, ...others]))
        if (looksLeft <= 1) return TE.left(lost(body.name))
        return pipe(
          TE.tryCatch(
            () => runtime.sleep(betweenLooksMs, call.signal),
            () => new ImageStoreError('canceled', 'The call was canceled'),
          ),
          TE.flatMap(() => lookUp(body, region, since, call, looksLeft - 1)),
        )
      }),
    )

  return (spec: ImportSpec) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        TE.fromEither(toImport(spec)),
        TE.flatMap(({ body, losses }) => {
          const since = runtime.now()
          const { region } = spec
          return pipe(
            http.send('POST', path`/cloud/v1/downloadimage/${account.projectId}/${region}`, Wire.AcceptedTasks, {
              ...call,
              body,
            }),
            TE.flatMap((answer) => {
              const task = answer?.tasks?.[0]
              return task === undefined ? lookUp(body, region, since, call) : TE.right(task)
            }),
            TE.map(
              (task): Operation => ({
                ref: operationRefOf(account, { kind: 'task', region, id: task }),
                kind: 'import',
                state: 'queued',
                losses,
              }),
            ),
          )
        }),
      )
}
