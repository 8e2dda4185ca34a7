import type { ApiRequest } from './api-request.ts'
import { pathNumber } from './api-request.ts'
import { httpError } from './refusal.ts'
import type { StoredRegion } from './regions.ts'
import type { World } from './world.ts'
import { regionOf } from './world.ts'

/** The region that a request is for. Fails where there is none, and where it answers with nothing but a status at the moment. */
export const regionsOfRequests =
  (world: World) =>
  (request: ApiRequest): StoredRegion => {
    const found = regionOf(world, pathNumber(request, 'project_id'), pathNumber(request, 'region_id'))
    const status = world.failingRegions.get(found.id)
    if (status === undefined) return found
    throw httpError(status, status === 503 ? 'Service Unavailable' : 'Internal Server Error')
  }
