import type { TimeStyle } from './timestamps.ts'
import { stampToSecond } from './timestamps.ts'

/** The four states that a task can have. [SPEC TaskState] */
export type TaskState = 'NEW' | 'RUNNING' | 'FINISHED' | 'ERROR'

/** A task as the emulator keeps it. Times are in ms since 1970. */
export interface StoredTask {
  readonly id: string
  readonly task_type: string
  readonly region_id: number
  readonly request_id: string
  readonly data: Readonly<Record<string, unknown>> | null
  readonly createdAtMs: number
  /** From then on lists show it. */
  readonly listedFromMs: number
  state: TaskState
  error: string | null
  /** The images that it has made; `null` while it is not done and after a failure. */
  images: readonly string[] | null
  updatedAtMs: number | null
  finishedAtMs: number | null
  acknowledgedAtMs: number | null
}

/** The account's number, the same for every task, project and quota of an emulator; the figure is the specification's. */
export const clientId = 123

// Every kind of thing a task can make; those that it did not make are empty lists. [PD:async-operations, SPEC]
const createdKinds = [
  ...['ai_clusters', 'api_keys', 'caas_containers', 'clusters', 'ddos_profiles', 'faas_functions', 'faas_namespaces'],
  ...['file_shares', 'floatingips', 'healthmonitors', 'images', 'inference_instances', 'instances', 'k8s_clusters'],
  ...['k8s_pools', 'l7polices', 'l7rules', 'laas_topic', 'listeners', 'loadbalancers', 'members', 'networks', 'pools'],
  ...['ports', 'postgresql_clusters', 'projects', 'registry_registries', 'registry_users', 'routers', 'secrets'],
  ...['security_group_rules', 'security_groups', 'servergroups', 'snapshots', 'subnets', 'volumes'],
]

const createdResources = (images: readonly string[] | null): Record<string, readonly string[]> | null =>
  images === null
    ? null
    : Object.fromEntries(
        createdKinds.map((kind): [string, readonly string[]] => [kind, kind === 'images' ? images : []]),
      )

/** A task as the API answers it. */
export const taskBody = (
  task: StoredTask,
  { projectId, ...style }: { readonly projectId: number } & TimeStyle,
): Record<string, unknown> => {
  const stamp = (atMs: number | null): string | null => (atMs === null ? null : stampToSecond(atMs, style))
  return {
    id: task.id,
    task_type: task.task_type,
    state: task.state,
    error: task.error,
    created_on: stamp(task.createdAtMs),
    updated_on: stamp(task.updatedAtMs),
    finished_on: stamp(task.finishedAtMs),
    created_resources: createdResources(task.images),
    data: task.data,
    project_id: projectId,
    region_id: task.region_id,
    request_id: task.request_id,
    client_id: clientId,
    user_id: clientId,
    user_client_id: clientId,
    acknowledged_at: stamp(task.acknowledgedAtMs),
    acknowledged_by: task.acknowledgedAtMs === null ? null : clientId,
    detailed_state: null,
    job_id: null,
    schedule_id: null,
    lifecycle_policy_id: null,
  }
}
