import type { KnownAnswer, KnownAnswers, KnownSort } from '../../src/http/drift.ts'
import { toStatus } from './image.ts'
import { isKnownRegion } from './regions.ts'
import { isKnownState } from './task.ts'
import * as Wire from './wire.ts'

const image: KnownSort = {
  of: 'image',
  // Older servers have the pairs a second time. Source: fact sheet §3.2.
  fields: new Set([...Wire.Image.fields, 'metadata']),
  status: { field: 'status', isKnown: (word) => toStatus({ status: word }) !== 'unknown' },
  region: { field: 'region_id', isKnown: isKnownRegion },
}

/** What TaskSerializer has and nobody reads. */
const unreadOfTask = [
  'acknowledged_at',
  'acknowledged_by',
  'client_id',
  'detailed_state',
  'job_id',
  'lifecycle_policy_id',
  'request_id',
  'schedule_id',
  'updated_on',
  'user_client_id',
  'user_id',
]

const task: KnownSort = {
  of: 'task',
  fields: new Set([...Wire.Task.fields, ...unreadOfTask]),
  status: { field: 'state', isKnown: isKnownState },
  region: { field: 'region_id', isKnown: isKnownRegion },
}

/** What RegionSerializer has and nobody reads. */
const unreadOfRegion = [
  'access_level',
  'available_volume_types',
  'created_at',
  'created_on',
  'ddos_endpoint_id',
  'endpoint_type',
  'external_network_id',
  'file_share_types',
  'has_basic_vm',
  'has_dbaas',
  'has_ddos',
  'has_k8s',
  'has_sfs',
  'keystone_id',
  'keystone_name',
  'metrics_database_id',
  'task_id',
  'vlan_physical_network',
  'zone',
]

const region: KnownSort = {
  of: 'region',
  fields: new Set([...Wire.Region.fields, ...unreadOfRegion]),
  region: { field: 'id', isKnown: isKnownRegion },
}

/** What this version knows of Gcore's images, tasks and regions: what else comes is told as drift. */
export const knownAnswers: KnownAnswers = new Map<unknown, KnownAnswer>([
  [Wire.ImageList, { sort: image, at: 'results' }],
  [Wire.Image, { sort: image }],
  [Wire.TaskList, { sort: task, at: 'results' }],
  [Wire.Task, { sort: task }],
  [Wire.RegionList, { sort: region, at: 'results' }],
])
