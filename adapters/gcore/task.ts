import type { Image } from '../../src/model/image.ts'
import { isFailed } from '../../src/model/status.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import type { Operation, OperationKind, OperationState } from '../../src/store/operation.ts'
import { type Account, imageRefOf, type OperationId, operationRefOf } from './ids.ts'
import { hasNoBytes } from './image.ts'
import type { GpuNamespace } from './namespaces.ts'
import * as Wire from './wire.ts'

const kinds: Readonly<Record<string, OperationKind>> = {
  download_image: 'import',
  delete_image: 'delete',
  create_image: 'capture',
}

/**
 * What a task does. The types of the tasks of GPU images are not published (older ones read `upload_virtual_image` and
 * `upload_baremetal_image`), so a type that is not known is told by its verb. Source: fact sheet §4.1.
 */
export const kindOf = ({ task_type }: Wire.Task): OperationKind => {
  const type = task_type ?? ''
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined
  return kind ?? (/(^|_)delete(_|$)/.test(type) ? 'delete' : 'import')
}

/** Whether a task makes an image that is no GPU image: the types of these are published. Source: fact sheet §4.1. */
export const isPlain = ({ task_type }: Wire.Task): boolean => Object.hasOwn(kinds, task_type ?? '')

/**
 * The namespace of the GPU image that a task makes, as far as its type tells: older ones read `upload_virtual_image` and
 * `upload_baremetal_image`, those of today are not published. Source: fact sheet §4.1.
 */
export const namespaceOf = (task: Wire.Task): GpuNamespace | undefined => {
  const type = task.task_type ?? ''
  if (isPlain(task)) return undefined
  if (/bare_?metal/.test(type)) return 'gpu-bare-metal'
  return /virtual/.test(type) ? 'gpu-virtual' : undefined
}

/** What is known of a failure beside the provider's words. */
type Remedy = Pick<Operation, 'hint' | 'canBeRepeated'>

/**
 * What to do about a task that has failed, by its words. The first is the scheduler's for a task that it has not started within 10
 * minutes; the next two are the provider's for want of room; the last is ours. Source: fact sheet §4.7, §5, §4.2.
 */
const remedies: readonly (readonly [RegExp, Remedy])[] = [
  [
    /task was not started within/i,
    { hint: 'Start fewer imports at a time: this one was never begun and can be repeated', canBeRepeated: true },
  ],
  [/quota/i, { hint: 'Delete images in that region, ask for a larger quota, or choose another region' }],
  [/has reached the limit/i, { hint: 'Choose another region, or try again later: this one is full' }],
  [
    /^The image (was deactivated|ended as "(deleted|pending_delete|deactivated)") while/i,
    { hint: 'Find out who has deleted or deactivated it, and import it again: nothing was said against its file' },
  ],
]

const remedyFor = (failure: string): Remedy | undefined => remedies.find(([text]) => text.test(failure))?.[1]

/** The image that a task made, or works on. Every client has read exactly one. Source: fact sheet §9.9. */
export const imageOf = (task: Wire.Task): string | undefined =>
  task.created_resources?.images?.[0] ?? (Wire.TaskData.is(task.data) ? (task.data.image_id ?? undefined) : undefined)

/** A task as an operation, before its state is looked at. */
export const operationOf = (account: Account, id: OperationId, task: Wire.Task): Operation => {
  // A deletion names its image in its ref, whatever its task tells.
  const image = id.kind === 'deletion' ? id.id : imageOf(task)
  return {
    ref: operationRefOf(account, id),
    kind: id.kind === 'deletion' ? 'delete' : kindOf(task),
    state: 'unknown',
    image: image === undefined ? undefined : imageRefOf(account, { ...id, image }),
    losses: [],
    startedAt: typeof task.created_on === 'string' ? parseTimestamp(task.created_on) : undefined,
  }
}

/** An operation that has failed, with the provider's reason and what to do about it. */
export const failed = (operation: Operation, failure: string): Operation => ({
  ...operation,
  state: 'failed',
  failure,
  ...remedyFor(failure),
})

/** What a task that has failed without a reason is said to have. */
export const endedInError = 'The task ended in ERROR without a reason'

/** Whether the bytes of an image are in place, as far as its size tells. */
const isInPlace = ({ kind }: Operation, { visibility, kind: sort, raw }: Image): boolean => {
  if (kind !== 'import' || visibility === 'public' || sort?.startsWith('gpu-') === true) return true
  return !Wire.Image.is(raw) || (raw.size !== null && !hasNoBytes(raw.size))
}

/**
 * What a FINISHED import amounts to: the task ends when the bytes are handed over, and the image becomes usable some time
 * later. Only `active` with a size is an end, and a size that is null is none yet: the provider's own clients wait for one. An
 * image of a volume is exempt, whose task waits for it itself, and a GPU image, whose task ends when it can be used; and where a
 * server tells no size at all, there is nothing to wait for (fact sheet §4.1, §4.2, §4.4). Only an image that can be used can be
 * deactivated: one whose bytes are in place has been made, whatever became of it since.
 */
export const withImage = (operation: Operation, image: Image): Operation => {
  const named = { ...operation, image: image.ref }
  const isActive = image.providerStatus.toLowerCase() === 'active'
  if (image.status === 'deactivated')
    return isInPlace(operation, image)
      ? { ...named, state: 'succeeded' }
      : failed(named, 'The image was deactivated while it was imported')
  if ((image.status === 'available' && isInPlace(operation, image)) || (operation.kind === 'capture' && isActive))
    return { ...named, state: 'succeeded' }
  if (isFailed(image) || image.status === 'deleted' || image.status === 'deleting')
    return failed(named, `The image ended as "${image.providerStatus}" while it was imported`)
  return { ...named, state: image.status === 'unknown' ? 'unknown' : 'settling' }
}

/** The states of a task that has not ended. */
export const statesBeforeTheEnd: Readonly<Record<string, OperationState>> = { NEW: 'queued', RUNNING: 'running' }

/** Whether a task's state is one of the four. Source: TaskState. */
export const isKnownState = (state: string): boolean =>
  [...Object.keys(statesBeforeTheEnd), 'FINISHED', 'ERROR'].includes(state.toUpperCase())
