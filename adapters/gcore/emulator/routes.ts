import type { Route } from '../../../src/emulator/router.ts'
import type { AccountHandlers } from './account-handlers.ts'
import type { ApiHandler } from './api-request.ts'
import type { GpuHandlers } from './gpu-handlers.ts'
import type { ImageHandlers } from './image-handlers.ts'
import type { LimitsHandlers } from './limits-handlers.ts'
import type { GpuNamespace } from './stored-image.ts'
import type { TagHandlers } from './tag-handlers.ts'
import type { TaskHandlers } from './task-handlers.ts'

/** One route. */
export type ApiRoute = Route<ApiHandler>

/** What answers the routes. */
export interface Handlers {
  readonly images: ImageHandlers
  readonly gpu: Readonly<Record<GpuNamespace, GpuHandlers>>
  readonly tags: TagHandlers
  readonly tasks: TaskHandlers
  readonly account: AccountHandlers
  readonly limits: LimitsHandlers
}

const gpuRoutes = (namespace: GpuNamespace, gpu: GpuHandlers): readonly ApiRoute[] => {
  const images = `/cloud/v3/gpu/${namespace}/:project_id/:region_id/images`
  return [
    { method: 'GET', path: images, handler: gpu.list },
    { method: 'POST', path: images, handler: gpu.upload },
    { method: 'GET', path: `${images}/:id`, handler: gpu.get },
    { method: 'PATCH', path: `${images}/:id`, handler: gpu.patch },
    { method: 'DELETE', path: `${images}/:id`, handler: gpu.remove },
  ]
}

const metadata = '/cloud/v1/images/:project_id/:region_id/:id/metadata'

/** The routes that this emulator has. [facts 2; SPEC] */
export const routesOf = ({ images, tags, gpu, tasks, account, limits }: Handlers): readonly ApiRoute[] => [
  { method: 'GET', path: '/cloud/v1/images/:project_id/:region_id', handler: images.list },
  { method: 'POST', path: '/cloud/v1/images/:project_id/:region_id', handler: images.create },
  { method: 'GET', path: '/cloud/v1/images/:project_id/:region_id/:id', handler: images.get },
  { method: 'PATCH', path: '/cloud/v1/images/:project_id/:region_id/:id', handler: images.patch },
  { method: 'DELETE', path: '/cloud/v1/images/:project_id/:region_id/:id', handler: images.remove },
  { method: 'GET', path: '/cloud/v1/projectimages/:project_id/:region_id', handler: images.listOwn },
  { method: 'GET', path: '/cloud/v1/bmimages/:project_id/:region_id', handler: images.listBareMetal },
  { method: 'POST', path: '/cloud/v1/bmimages/:project_id/:region_id', handler: images.createBareMetal },
  { method: 'POST', path: '/cloud/v1/downloadimage/:project_id/:region_id', handler: images.download },
  { method: 'GET', path: metadata, handler: tags.list },
  { method: 'POST', path: metadata, handler: tags.put },
  { method: 'PUT', path: metadata, handler: tags.replace },
  { method: 'GET', path: `${metadata}_item`, handler: tags.get },
  { method: 'DELETE', path: `${metadata}_item`, handler: tags.remove },
  { method: 'POST', path: '/cloud/v1/pricing/:project_id/:region_id/images', handler: account.price },
  { method: 'GET', path: '/cloud/v1/ai/images/gpu/:project_id/:region_id', handler: images.listAi },
  ...gpuRoutes('virtual', gpu.virtual),
  ...gpuRoutes('baremetal', gpu.baremetal),
  { method: 'GET', path: '/cloud/v1/tasks', handler: tasks.list },
  { method: 'GET', path: '/cloud/v1/tasks/:id', handler: tasks.get },
  { method: 'GET', path: '/cloud/v1/tasks/:project_id/:region_id/active', handler: tasks.listActive },
  { method: 'POST', path: '/cloud/v1/tasks/acknowledge_all', handler: tasks.acknowledgeAll },
  { method: 'POST', path: '/cloud/v1/tasks/acknowledge', handler: tasks.acknowledgeSome },
  { method: 'POST', path: '/cloud/v1/tasks/:id/acknowledge', handler: tasks.acknowledge },
  { method: 'GET', path: '/cloud/v1/regions', handler: account.listRegions },
  { method: 'GET', path: '/cloud/v1/regions/:region_id', handler: account.getRegion },
  { method: 'GET', path: '/cloud/v1/projects', handler: account.listProjects },
  { method: 'GET', path: '/cloud/v1/projects/:project_id', handler: account.getProject },
  { method: 'GET', path: '/cloud/v2/regional_quotas/:client_id/:region_id', handler: account.regionalQuotas },
  { method: 'GET', path: '/cloud/v2/client_quotas', handler: account.clientQuotas },
  { method: 'GET', path: '/cloud/v2/global_quotas/:client_id', handler: account.globalQuotas },
  { method: 'GET', path: '/cloud/v2/limits_request', handler: limits.list },
  { method: 'POST', path: '/cloud/v2/limits_request', handler: limits.create },
  { method: 'GET', path: '/cloud/v2/limits_request/:request_id', handler: limits.get },
  { method: 'DELETE', path: '/cloud/v2/limits_request/:request_id', handler: limits.remove },
  { method: 'GET', path: '/cloud/public/v1/ipranges/egress', handler: account.egressRanges },
  { method: 'GET', path: '/iam/clients/me', handler: account.client },
]
