import type { ApiHandler, ApiRequest } from './api-request.ts'
import { pathNumber, pathText } from './api-request.ts'
import { bodyFields, isListOfTexts, isOneOf, knownFields, orNull, refuseIfAny } from './fields.ts'
import { anyOf, flag, moment, pageOf, wordOf } from './list-query.ts'
import { notFound } from './refusal.ts'
import type { StoredTask } from './task-body.ts'
import { taskBody } from './task-body.ts'
import type { World } from './world.ts'
import { regionOf } from './world.ts'

/** The routes of tasks. A task is found by its id alone, whatever its project and region. [PD:async-operations] */
export interface TaskHandlers {
  readonly get: ApiHandler
  readonly list: ApiHandler
  readonly acknowledge: ApiHandler
  readonly acknowledgeAll: ApiHandler
  readonly acknowledgeSome: ApiHandler
  readonly listActive: ApiHandler
}

/** Lists of tasks have 10 on a page unless asked for more, where other lists have 100 or 1000. [SPEC] */
const defaultLimit = 10

const isState = isOneOf('NEW', 'RUNNING', 'FINISHED', 'ERROR')
const isOrder = isOneOf('asc', 'desc')

/** The handlers over a world. */
export const taskHandlers = (world: World): TaskHandlers => {
  // Lists may show a new task late; by its id it is there at once.
  const listed = (): readonly StoredTask[] =>
    [...world.tasks.values()].filter(({ listedFromMs }) => listedFromMs <= world.clock.now())
  const find = (request: ApiRequest): StoredTask => {
    const task = world.tasks.get(pathText(request, 'id'))
    if (task === undefined) throw notFound('Task', pathText(request, 'id'))
    return task
  }
  const acknowledge = (task: StoredTask): void => {
    task.acknowledgedAtMs ??= world.clock.now()
  }
  const hasEnded = ({ state }: StoredTask): boolean => state === 'FINISHED' || state === 'ERROR'
  const endedOf = (query: URLSearchParams): readonly StoredTask[] => {
    const isOfProject = anyOf(query, 'project_id')(world.settings.projectId)
    const hasRegion = anyOf(query, 'region_id')
    return [...world.tasks.values()].filter((task) => isOfProject && hasRegion(task.region_id) && hasEnded(task))
  }
  const body = (task: StoredTask) => taskBody(task, world.settings)
  const page = (tasks: readonly StoredTask[], query: URLSearchParams) => {
    const { count, results } = pageOf(tasks, query, defaultLimit)
    return { count, results: results.map(body) }
  }

  return {
    get: (request) => body(find(request)),
    acknowledge: (request) => {
      const task = find(request)
      acknowledge(task)
      return body(task)
    },
    // That only tasks which have ended are acknowledged is unconfirmed.
    acknowledgeAll: ({ query }) => {
      for (const task of endedOf(query)) acknowledge(task)
      return undefined
    },
    // Deprecated. Without a list it is every task that has ended; whether one that is not there is refused is unconfirmed. [SPEC]
    acknowledgeSome: ({ query, body: sent }) => {
      const known = knownFields(bodyFields(sent ?? {}), { task_ids: orNull(isListOfTexts) }, world.settings)
      const wanted = known['task_ids'] ?? undefined
      for (const task of endedOf(query)) if (!Array.isArray(wanted) || wanted.includes(task.id)) acknowledge(task)
      return undefined
    },
    list: ({ query }) => {
      for (const state of query.getAll('state')) {
        const problem = isState(state)
        refuseIfAny(problem === undefined ? {} : { state: [problem] })
      }
      // `sorting` is the older name of `order_by`. [SPEC]
      const order = wordOf(query, 'order_by', isOrder) ?? wordOf(query, 'sorting', isOrder) ?? 'desc'
      const hasState = anyOf(query, 'state')
      const hasType = anyOf(query, 'task_type')
      const hasRegion = anyOf(query, 'region_id')
      const isOfProject = anyOf(query, 'project_id')(world.settings.projectId)
      const from = moment(query, 'from_timestamp', 0)
      const to = moment(query, 'to_timestamp', Number.POSITIVE_INFINITY)
      const isAcknowledged = query.has('is_acknowledged') ? flag(query, 'is_acknowledged') : undefined
      const found = listed().filter(
        (task) =>
          isOfProject &&
          (isAcknowledged === undefined || isAcknowledged === (task.acknowledgedAtMs !== null)) &&
          hasState(task.state) &&
          hasType(task.task_type) &&
          hasRegion(task.region_id) &&
          task.createdAtMs >= from &&
          task.createdAtMs <= to,
      )
      return page(order === 'asc' ? found : [...found].reverse(), query)
    },
    listActive: (request) => {
      const { id } = regionOf(world, pathNumber(request, 'project_id'), pathNumber(request, 'region_id'))
      const hasType = anyOf(request.query, 'task_type')
      const isActive = ({ state, region_id, task_type }: StoredTask): boolean =>
        (state === 'NEW' || state === 'RUNNING') && region_id === id && hasType(task_type)
      return page(listed().filter(isActive).reverse(), request.query)
    },
  }
}
