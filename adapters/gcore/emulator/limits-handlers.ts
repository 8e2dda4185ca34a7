import type { ApiHandler, ApiRequest } from './api-request.ts'
import { created, pathNumber } from './api-request.ts'
import type { FieldCheck } from './fields.ts'
import { bodyFields, isOneOf, isText, isWholeNumber, knownFields, refuseIfAny } from './fields.ts'
import { anyOf, moment, pageOf } from './list-query.ts'
import { notFound, Refusal } from './refusal.ts'
import type { StoredLimitsRequest } from './stored-limits-request.ts'
import { clientId } from './task-body.ts'
import { stampToSecond } from './timestamps.ts'
import type { World } from './world.ts'

/** The routes of requests for higher limits. [SPEC] */
export interface LimitsHandlers {
  readonly list: ApiHandler
  readonly create: ApiHandler
  readonly get: ApiHandler
  readonly remove: ApiHandler
}

/** So many may be open at a time. [PD:request-a-quota-increase: facts 7] */
const mostOpen = 10

const isStatus = isOneOf('done', 'in progress', 'rejected')

const isDescription: FieldCheck = (value) => {
  const problem = isText(value)
  return problem ?? (String(value).length <= 1000 ? undefined : 'String should have at most 1000 characters')
}

const isLimit = isWholeNumber(0, Number.MAX_SAFE_INTEGER)

/** Limits by their names. Which names there are is left to the specification. */
const isLimits: FieldCheck = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'Input should be a valid dictionary'
  return Object.values(value)
    .map(isLimit)
    .find((problem) => problem !== undefined)
}

const isRequested: FieldCheck = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'Input should be a valid dictionary'
  const { global_limits: global = {}, regional_limits: regional = [] } = value as Readonly<Record<string, unknown>>
  if (!Array.isArray(regional)) return 'Input should be a valid list'
  return [global, ...regional].map(isLimits).find((problem) => problem !== undefined)
}

/** The handlers over a world. */
export const limitsHandlers = (world: World): LimitsHandlers => {
  const open = () => [...world.limitsRequests.values()].filter(({ deleted }) => !deleted)
  const find = (request: ApiRequest): StoredLimitsRequest => {
    const id = pathNumber(request, 'request_id')
    const found = open().find((one) => one.id === id)
    if (found === undefined) throw notFound('Limit request', id)
    return found
  }
  const body = ({ id, description, requested, createdAtMs }: StoredLimitsRequest) => ({
    id,
    client_id: clientId,
    description,
    requested_limits: requested,
    status: 'in progress',
    created_at: stampToSecond(createdAtMs, world.settings),
    updated_at: null,
  })

  return {
    list: ({ query }) => {
      for (const status of query.getAll('status')) {
        const problem = isStatus(status)
        refuseIfAny(problem === undefined ? {} : { status: [problem] })
      }
      const hasStatus = anyOf(query, 'status')
      const hasId = anyOf(query, 'request_ids')
      const from = moment(query, 'created_from', 0)
      const to = moment(query, 'created_to', Number.POSITIVE_INFINITY)
      const found = open().filter(
        ({ id, createdAtMs }) => hasStatus('in progress') && hasId(id) && createdAtMs >= from && createdAtMs <= to,
      )
      const { count, results } = pageOf(found, query, 1000)
      return { count, results: results.map(body) }
    },
    create: (request) => {
      const { description, requested_limits: requested } = knownFields(
        bodyFields(request.body),
        { description: isDescription, requested_limits: isRequested },
        world.settings,
        ['description', 'requested_limits'],
      )
      // The limit is a guide's; how it is told is unconfirmed.
      if (open().length >= mostOpen)
        throw new Refusal(400, { exception_class: 'ValidationError', message: `Only ${mostOpen} requests can be open` })
      const id = world.limitsRequests.size + 1
      world.limitsRequests.set(id, {
        id,
        description: String(description),
        requested: requested as Readonly<Record<string, unknown>>,
        createdAtMs: world.clock.now(),
        deleted: false,
      })
      return created
    },
    get: (request) => body(find(request)),
    remove: (request) => {
      const found = find(request)
      world.limitsRequests.set(found.id, { ...found, deleted: true })
      return undefined
    },
  }
}
