import type { ApiHandler } from './api-request.ts'
import { pathNumber } from './api-request.ts'
import { isOneOf } from './fields.ts'
import { flag, pageOf, wordOf } from './list-query.ts'
import { clientBody, quotaBody } from './quota.ts'
import { notFound } from './refusal.ts'
import type { StoredRegion } from './regions.ts'
import { regionById, regions } from './regions.ts'
import { clientId } from './task-body.ts'
import type { TimestampStyle } from './timestamps.ts'
import { stampToSecond } from './timestamps.ts'
import type { ProjectSeed, World } from './world.ts'

/** The routes of regions, projects and quotas. */
export interface AccountHandlers {
  readonly listRegions: ApiHandler
  readonly getRegion: ApiHandler
  readonly listProjects: ApiHandler
  readonly getProject: ApiHandler
  readonly regionalQuotas: ApiHandler
  readonly client: ApiHandler
}

/** Regions and projects come 100 to a page unless asked for more. [SPEC] */
const defaultLimit = 100

const isRegionOrder = isOneOf('created_at.asc', 'created_at.desc', 'display_name.asc', 'display_name.desc')

// When this account's project was made, in ms since 1970; of no consequence.
const projectCreatedAtMs = Date.UTC(2024, 0, 15, 8)

// In ms since 1970. Regions were opened in the order of their ids; the real dates are not public.
const openedAtMs = (id: number): number => Date.UTC(2019, 11, 31) + id * 10 * 86_400_000

/** A region as the API answers it. Volume types are told only where they are asked for. [SPEC] */
const regionBody = (
  region: StoredRegion,
  { timestamps, withVolumeTypes }: { readonly timestamps: TimestampStyle; readonly withVolumeTypes: boolean },
): Record<string, unknown> => ({
  id: region.id,
  display_name: region.displayName,
  slug: region.slug,
  keystone_name: region.displayName,
  keystone_id: region.id,
  state: region.state,
  country: region.country,
  zone: region.zone,
  coordinates: region.coordinates,
  access_level: 'core',
  endpoint_type: 'public',
  has_kvm: region.hasKvm,
  has_baremetal: region.hasBaremetal,
  has_basic_vm: false,
  has_ai: false,
  has_ai_gpu: region.hasGpu,
  has_k8s: region.hasKvm,
  has_sfs: false,
  has_dbaas: false,
  has_ddos: false,
  available_volume_types: withVolumeTypes ? ['standard', 'ssd_hiiops'] : null,
  file_share_types: null,
  created_at: stampToSecond(openedAtMs(region.id), timestamps),
  created_on: stampToSecond(openedAtMs(region.id), timestamps),
  external_network_id: null,
  metrics_database_id: null,
  vlan_physical_network: 'br-ex',
  ddos_endpoint_id: null,
  task_id: null,
})

const orders: Readonly<Record<string, (a: StoredRegion, b: StoredRegion) => number>> = {
  'created_at.asc': (a, b) => a.id - b.id,
  'created_at.desc': (a, b) => b.id - a.id,
  'display_name.asc': (a, b) => (a.displayName < b.displayName ? -1 : 1),
  'display_name.desc': (a, b) => (a.displayName < b.displayName ? 1 : -1),
}

/** The handlers over a world. */
export const accountHandlers = (world: World): AccountHandlers => {
  const stamp = stampToSecond(projectCreatedAtMs, world.settings.timestamps)
  const projectBody = ({ id, name, state = 'ACTIVE', deleted = false }: ProjectSeed) => ({
    id,
    client_id: clientId,
    name,
    description: null,
    is_default: id === world.settings.projectId,
    state: deleted ? 'DELETED' : state,
    created_at: stamp,
    deleted_at: deleted ? stamp : null,
    task_id: null,
  })
  const { projectId, projectName, furtherProjects } = world.settings
  const projects = [{ id: projectId, name: projectName }, ...furtherProjects].map(projectBody)
  const region = (id: number): StoredRegion => {
    const found = regionById(id)
    if (found === undefined) throw notFound('Region', id)
    return found
  }

  const regionStyle = (query: URLSearchParams) => ({
    timestamps: world.settings.timestamps,
    withVolumeTypes: flag(query, 'show_volume_types'),
  })

  return {
    listRegions: ({ query }) => {
      const order = wordOf(query, 'order_by', isRegionOrder) ?? 'created_at.desc'
      const name = query.get('display_name')?.toLowerCase()
      const found = regions.filter(({ displayName }) => name === undefined || displayName.toLowerCase() === name)
      const { count, results } = pageOf([...found].sort(orders[order]), query, defaultLimit)
      const style = regionStyle(query)
      return { count, results: results.map((one) => regionBody(one, style)) }
    },
    getRegion: (request) => regionBody(region(pathNumber(request, 'region_id')), regionStyle(request.query)),
    listProjects: ({ query }) => {
      const name = query.get('name')
      const withDeleted = flag(query, 'include_deleted')
      const found = projects.filter(
        (one) => (name === null || name === one.name) && (withDeleted || one.deleted_at === null),
      )
      return pageOf(found, query, defaultLimit)
    },
    getProject: (request) => {
      const id = pathNumber(request, 'project_id')
      const found = projects.find((one) => one.id === id)
      if (found === undefined) throw notFound('Project', id)
      return found
    },
    regionalQuotas: (request) => {
      const client = pathNumber(request, 'client_id')
      if (client !== clientId) throw notFound('Client', client)
      return quotaBody(world, region(pathNumber(request, 'region_id')).id)
    },
    client: clientBody,
  }
}
