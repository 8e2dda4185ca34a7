import { quotaExceeded } from './refusal.ts'
import type { ImageQuota } from './settings.ts'
import { clientId } from './task-body.ts'
import type { World } from './world.ts'

// The provider publishes no default limits; these leave room for a test.
const defaultQuota: ImageQuota = { images: 100, bytes: 2 ** 40 }

/**
 * Region 6 is active and still has no image quota at all: every import is refused at once. [LAN a8b43a6: facts 7.2]
 */
const regionsWithoutQuota: Readonly<Record<number, ImageQuota>> = { 6: { images: 0, bytes: 0 } }

/** What the project may have in the region. */
export const limitOf = (world: World, regionId: number): ImageQuota =>
  world.settings.quota[regionId] ?? regionsWithoutQuota[regionId] ?? defaultQuota

/** What the project has there; an import or a capture counts as an image from its acceptance on. */
export const usageOf = (world: World, regionId: number): ImageQuota => {
  const own = [...world.images.values()].filter(
    // Whether GPU images count is not published.
    (image) => image.own && image.region_id === regionId && image.gpuNamespace === null,
  )
  const importing = [...world.tasks.values()].filter(
    ({ task_type, state, region_id }) =>
      (task_type === 'download_image' || task_type === 'create_image') &&
      region_id === regionId &&
      (state === 'NEW' || state === 'RUNNING'),
  )
  return {
    images: own.length + importing.length,
    bytes: own.reduce((sum, { size }) => sum + (size ?? 0), 0),
  }
}

/** Refuses one image more than the region's quota allows. How large it will be is not known yet. */
export const checkImageQuota = (world: World, regionId: number): void => {
  const { images: usage } = usageOf(world, regionId)
  const { images: limit } = limitOf(world, regionId)
  if (usage + 1 <= limit) return
  throw quotaExceeded({ attribute: 'image_count', current_usage: usage, requested_usage: usage + 1, limit })
}

// The resources beside images that have a quota; this account has none of them. [SPEC RegionalQuotasSerializer]
const otherResources = [
  ...['baremetal_basic_count', 'baremetal_gpu_a100_count', 'baremetal_gpu_count', 'baremetal_gpu_h100_count'],
  ...['baremetal_gpu_h200_count', 'baremetal_gpu_l40s_count', 'baremetal_hf_count', 'baremetal_infrastructure_count'],
  ...['baremetal_network_count', 'baremetal_storage_count', 'caas_container_count', 'caas_cpu_count', 'caas_gpu_count'],
  ...['caas_ram_size', 'cluster_count', 'cpu_count', 'dbaas_postgres_cluster_count', 'external_ip_count'],
  ...['faas_cpu_count', 'faas_function_count', 'faas_namespace_count', 'faas_ram_size', 'firewall_count'],
  ...['floating_count', 'gpu_count', 'gpu_virtual_a100_count', 'gpu_virtual_h100_count', 'gpu_virtual_h200_count'],
  ...['gpu_virtual_l40s_count', 'ipu_count', 'laas_topic_count', 'loadbalancer_count', 'network_count', 'ram'],
  ...['registry_count', 'registry_storage', 'router_count', 'secret_count', 'servergroup_count', 'sfs_count'],
  ...['sfs_size', 'shared_vm_count', 'snapshot_schedule_count', 'subnet_count', 'vm_count', 'volume_count'],
  ...['volume_size', 'volume_snapshots_count', 'volume_snapshots_size'],
]

/** The answer of `regional_quotas`: 103 numbers, of which the images' are true. Sizes of images are in bytes. [PD] */
export const quotaBody = (world: World, regionId: number): Record<string, number> => {
  const limit = limitOf(world, regionId)
  const usage = usageOf(world, regionId)
  return {
    ...Object.fromEntries(otherResources.flatMap((name) => [`${name}_limit`, `${name}_usage`]).map((key) => [key, 0])),
    region_id: regionId,
    image_count_limit: limit.images,
    image_count_usage: usage.images,
    image_size_limit: limit.bytes,
    image_size_usage: usage.bytes,
  }
}

// What a client has in all regions together; this account has none of it. [SPEC GlobalQuotasSerializer]
const globalResources = [
  ...['inference_cpu_millicore_count', 'inference_gpu_a100_count', 'inference_gpu_h100_count'],
  ...['inference_gpu_l40s_count', 'inference_instance_count', 'inference_public_model_api_key_count', 'keypair_count'],
  'project_count',
]

/** The answer of `global_quotas`: nothing of it concerns images. */
export const globalQuotaBody = (): Record<string, number> =>
  Object.fromEntries(globalResources.flatMap((name) => [`${name}_limit`, `${name}_usage`]).map((key) => [key, 0]))

/** The client of the token, as far as it is needed to ask for quotas. [PD:request-a-quota-increase] */
export const clientBody = (): Record<string, number> => ({ id: clientId })
