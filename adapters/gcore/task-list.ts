import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import type { Call } from '../../src/store/member.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { Account } from './ids.ts'
import * as Wire from './wire.ts'

/** The most tasks that one request may ask for. Source: fact sheet §4.1. */
const tasksPerPage = 1000

/** The most pages that are read in search of tasks. */
const mostPages = 10

/** Tasks by their ids. */
export type Tasks = ReadonlyMap<string, Wire.Task>

/** How far a search has come: what was found on so many pages. */
interface Found {
  readonly tasks: Tasks
  readonly pages: number
  readonly offset: number
}

const byId = (tasks: readonly Wire.Task[]): Tasks =>
  new Map(tasks.flatMap((task) => (typeof task.id === 'string' ? [[task.id, task]] : [])))

/** The project's tasks, of all regions together: their list is global. */
export const taskList = (account: Account, http: HttpClient) => {
  const pageAt = (offset: number, call: Call): StoreTask<Wire.TaskPage> =>
    http.get('/cloud/v1/tasks', Wire.TaskList, {
      ...call,
      query: {
        project_id: [account.projectId],
        limit: tasksPerPage,
        order_by: 'desc',
        offset: offset === 0 ? undefined : offset,
      },
    })

  /**
   * The newest tasks, and older ones for as long as more of those that are looked for are missing than pages were read: to ask for
   * these one by one would cost more. A page that cannot be read, or brings nothing new, is the last.
   */
  const searchOn = (wanted: ReadonlySet<string>, found: Found, call: Call): StoreTask<Tasks> =>
    pipe(
      pageAt(found.offset, call),
      TE.flatMap(({ results, count }) => {
        const tasks = new Map([...found.tasks, ...byId(results)])
        const offset = found.offset + results.length
        const pages = found.pages + 1
        const missing = [...wanted].filter((id) => !tasks.has(id)).length
        const isLast = tasks.size === found.tasks.size || (results.length < tasksPerPage && offset >= (count ?? 0))
        return isLast || missing <= pages || pages >= mostPages
          ? TE.right<never, Tasks>(tasks)
          : pipe(
              searchOn(wanted, { tasks, pages, offset }, call),
              TE.orElse(() => TE.right<never, Tasks>(tasks)),
            )
      }),
    )

  return {
    /** The newest tasks, in one request. */
    newestTasks: (call: Call): StoreTask<Tasks> =>
      pipe(
        pageAt(0, call),
        TE.map(({ results }) => byId(results)),
      ),

    /** Tasks among which are those that are looked for, as far as reading on costs less than asking for each of them. */
    tasksAmong: (wanted: ReadonlySet<string>, call: Call): StoreTask<Tasks> =>
      searchOn(wanted, { tasks: new Map(), pages: 0, offset: 0 }, call),

    /** One task, by its id. */
    readTask: (id: string, call: Call): StoreTask<Wire.Task> => http.get(path`/cloud/v1/tasks/${id}`, Wire.Task, call),
  }
}
