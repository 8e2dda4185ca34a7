import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import { clockSkewMs, findAccepted } from '../../src/store/accepted.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type Account, operationRefOf } from './ids.ts'
import { type ImportBody, toImport } from './import-body.ts'
import * as Wire from './wire.ts'

/** Whether a task was created at a moment or later; one that does not tell counts as created then. */
const isSince = (createdOn: string | null | undefined, since: number): boolean => {
  const created = typeof createdOn === 'string' ? parseTimestamp(createdOn) : undefined
  // Tasks tell their time in whole seconds.
  return created === undefined || Date.parse(created) >= Math.floor(since / 1000) * 1000
}

/** Imports by URL. */
export const importing = (
  account: Account,
  http: HttpClient,
  runtime: Runtime,
  checkRoom: (region: string, call: Call) => StoreTask<void>,
) => {
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

  return (spec: ImportSpec) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        TE.fromEither(toImport(spec)),
        TE.flatMap(({ body, losses }) => {
          const { region } = spec
          let since = runtime.now()
          return pipe(
            checkRoom(region, call),
            TE.flatMap(() => {
              // Only what was made after the request was sent can be what it made.
              since = runtime.now()
              return http.submit(
                'POST',
                path`/cloud/v1/downloadimage/${account.projectId}/${region}`,
                Wire.AcceptedTasks,
                {
                  ...call,
                  body,
                },
              )
            }),
            TE.tapIO(() => () => call.noteCompleted(`the import of "${body.name}" was accepted`)),
            TE.flatMap((answer) => {
              const task = answer?.tasks?.[0]
              return task !== undefined
                ? TE.right(task)
                : pipe(
                    findAccepted({
                      runtime,
                      call,
                      what: `The import of "${body.name}"`,
                      look: pipe(
                        recentImports(region, call),
                        TE.map((tasks) => tasks.filter(isCandidate(body, region, since))),
                      ),
                      show: ({ id }) => id ?? 'a task without an id',
                      isLater: ({ id, created_on }) => typeof id === 'string' && isSince(created_on, since),
                    }),
                    TE.map(({ id }) => id ?? ''),
                  )
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
