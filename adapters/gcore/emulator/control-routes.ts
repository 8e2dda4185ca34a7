import { type ControlRoute, controlPrefix } from '../../../src/emulator/control.ts'
import { isAmong, isNullOr, isRecordOf } from '../../../src/emulator/shape.ts'
import { isRegion } from './seeds.ts'
import type { World } from './world.ts'

/** What a region that fails answers. */
export type RegionFailure = 500 | 503

/** Lets a region answer nothing but a status, or be right again. Throws an Error where there is no such region. */
export const failRegion = (world: World, regionId: number, status: RegionFailure | undefined): void => {
  const problem = isRegion(regionId)
  if (problem !== undefined) throw new Error(`region_id: ${problem}`)
  if (status === undefined) world.failingRegions.delete(regionId)
  else world.failingRegions.set(regionId, status)
}

const problemIn = isRecordOf({ region_id: isRegion, status: isNullOr(isAmong(500, 503)) })

const isFailure = (body: unknown): body is { readonly region_id: number; readonly status: RegionFailure | null } =>
  problemIn(body) === undefined

/** What is controlled here beside that which all emulators have. */
export const controlRoutes = (world: World): readonly ControlRoute[] => [
  {
    method: 'POST',
    path: `${controlPrefix}/failing-regions`,
    what: 'lets the image routes of a region answer nothing but a status: {region_id, status}, of 500, 503, or null for none',
    handler: ({ body }) => {
      if (!isFailure(body)) throw new Error(`failing region: ${problemIn(body)}`)
      failRegion(world, body.region_id, body.status ?? undefined)
      return { status: 204 }
    },
  },
]
