import type { ApiHandler, ApiRequest } from './api-request.ts'
import { pathNumber } from './api-request.ts'
import { bodyFields, isOneOf, isWholeNumber, knownFields } from './fields.ts'
import { priceOf } from './image-body.ts'
import { flag, pageOf, wordOf } from './list-query.ts'
import { clientBody, globalQuotaBody, quotaBody } from './quota.ts'
import { notFound } from './refusal.ts'
import type { StoredRegion } from './regions.ts'
import { regionById, regions } from './regions.ts'
import type { ProjectSeed, Settings } from './settings.ts'
import { clientId } from './task-body.ts'
import type { TimeStyle } from './timestamps.ts'
import { stampToSecond } from './timestamps.ts'
import type { World } from './world.ts'
import { regionOf } from './world.ts'

/** The routes of regions, projects and quotas. */
export interface AccountHandlers {
  readonly listRegions: ApiHandler
  readonly getRegion: ApiHandler
  readonly listProjects: ApiHandler
  readonly getProject: ApiHandler
  readonly regionalQuotas: ApiHandler
  readonly client: ApiHandler
  readonly clientQuotas: ApiHandler
  readonly globalQuotas: ApiHandler
  readonly price: ApiHandler
  readonly egressRanges: ApiHandler
}

/** Regions and projects come 100 to a page unless asked for more. [SPEC] */
const defaultLimit = 100

const isRegionOrder = isOneOf('created_at.asc', 'created_at.desc', 'display_name.asc', 'display_name.desc')

// When this account's project was made, in ms since 1970; of no consequence.
const projectCreatedAtMs = Date.UTC(2024, 0, 15, 8)

// In ms since 1970. Regions were opened in the order of their ids; the real dates are not public.
const openedAtMs = (id: number): number => Date.UTC(2019, 11, 31) + id * 10 * 86_400_000

interface RegionStyle extends TimeStyle, Pick<Settings, 'coordinates'> {
  readonly withVolumeTypes: boolean
}

/** Coordinates are texts, numbers in one example, and may be null. [SPEC: facts 8] */
const coordinatesOf = ({ coordinates }: StoredRegion, style: Pick<Settings, 'coordinates'>): unknown => {
  if (style.coordinates === 'null') return null
  if (style.coordinates === 'text') return coordinates
  return { latitude: Number(coordinates.latitude), longitude: Number(coordinates.longitude) }
}

/** A region as the API answers it. Volume types are told only where they are asked for. [SPEC] */
const regionBody = (region: StoredRegion, { withVolumeTypes, ...style }: RegionStyle): Record<string, unknown> => ({
  id: region.id,
  display_name: region.displayName,
  slug: region.slug,
  keystone_name: region.displayName,
  keystone_id: region.id,
  state: region.state,
  country: region.country,
  zone: region.zone,
  coordinates: coordinatesOf(region, style),
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
  created_at: stampToSecond(openedAtMs(region.id), style),
  created_on: stampToSecond(openedAtMs(region.id), style),
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
  const stamp = stampToSecond(projectCreatedAtMs, world.settings)
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

  const checkClient = (request: ApiRequest): void => {
    const client = pathNumber(request, 'client_id')
    if (client !== clientId) throw notFound('Client', client)
  }

  const regionStyle = (query: URLSearchParams) => ({
    ...world.settings,
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
      checkClient(request)
      return quotaBody(world, region(pathNumber(request, 'region_id')).id)
    },
    client: clientBody,
    clientQuotas: () => ({
      global_quotas: globalQuotaBody(),
      regional_quotas: regions.map(({ id }) => quotaBody(world, id)),
    }),
    globalQuotas: (request) => {
      checkClient(request)
      return globalQuotaBody()
    },
    // The size is in GB here, where that of an image is in bytes. [SPEC ImagePricingRequestSerializer: facts 2]
    price: (request) => {
      regionOf(world, pathNumber(request, 'project_id'), pathNumber(request, 'region_id'))
      const known = knownFields(
        bodyFields(request.body),
        { size: isWholeNumber(0, Number.MAX_SAFE_INTEGER) },
        world.settings,
        ['size'],
      )
      const price = priceOf(Number(known['size']), world.settings.prices)
      return {
        ...price,
        discount_percent: null,
        price_without_discount_per_month: price['price_per_month'],
        // The one number of them that is never null. [SPEC ItemPriceResponseSerializer]
        tax_percent: 0,
      }
    },
    // Where this emulator's imports come from, and two ranges that documents are written with. The path says `public`; whether it can be
    // read without a token is unconfirmed: here it cannot. [PY ip_ranges: facts 2]
    egressRanges: () => ({ ranges: ['127.0.0.1/32', '192.0.2.0/24', '198.51.100.0/24'] }),
  }
}
