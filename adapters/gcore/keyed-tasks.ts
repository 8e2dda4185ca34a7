import * as E from 'fp-ts/lib/Either.js'
import type { Image } from '../../src/model/image.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import { clockSkewMs } from '../../src/store/accepted.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { BegunTasks } from './begun-tasks.ts'
import { type Account, imageId } from './ids.ts'
import type { HeldKey } from './key-tag.ts'
import type { KeyedRequest } from './keyed-request.ts'
import type { Place } from './namespaces.ts'
import { imageOf, isPlain, kindOf, namespaceOf } from './task.ts'
import type { Tasks } from './task-list.ts'
import { requestOf } from './task-request.ts'
import type * as Wire from './wire.ts'

/** A task that makes an image which no list shows yet, and what can be said of its key. */
export interface KeyedTask {
  readonly id: string
  /** Absent where the task does not tell its region. */
  readonly place?: Place | undefined
  /** The key, where it is known. */
  readonly held?: HeldKey | undefined
  /**
   * Whether it is under way, does not tell whether it has a key, and may be what a request asks for: nothing that it tells (what
   * it does, the region, the sort of servers, the name, the source) speaks against it.
   */
  readonly mayBe: (request: KeyedRequest) => boolean
  /** Whether all of that is told, and is what a request asks for. */
  readonly isSame: (request: KeyedRequest) => boolean
}

const placeOf = (task: Wire.Task): Place | undefined =>
  task.region_id === null || task.region_id === undefined
    ? undefined
    : { region: String(task.region_id), namespace: namespaceOf(task) }

/** The images that tasks delete, or have deleted. */
const deletedBy = (tasks: Tasks): ReadonlySet<string> =>
  new Set([...tasks.values()].flatMap((task) => (kindOf(task) === 'delete' ? (imageOf(task) ?? []) : [])))

/** When a task ended, in milliseconds since the epoch; 0 where it does not tell. A stamp without a zone is UTC. */
export const finishedAt = ({ finished_on }: Wire.Task): number => {
  const finished = typeof finished_on === 'string' ? parseTimestamp(finished_on) : undefined
  return finished === undefined ? 0 : Date.parse(finished)
}

/** Whether a type is that of a task which makes an image. A type that nobody knows may be that of a GPU image's. */
const makesImage = ({ task_type }: Wire.Task): boolean =>
  task_type === null || task_type === undefined || /image/.test(task_type)

/**
 * Whether a task makes an image for the servers that a request is for; absent where it does not tell. The types of plain images are
 * published, those of GPU images are not (fact sheet §4.1). A download that does not say that it is for bare metal counts as one for
 * virtual machines, as nearly all are; a request for bare metal takes none for its own that does not say so.
 */
const sortAgrees = (task: Wire.Task, { place, isBareMetal }: KeyedRequest): boolean | undefined => {
  const namespace = namespaceOf(task)
  if (namespace !== undefined) return namespace === place.namespace
  if (place.namespace !== undefined) return undefined
  if (!isPlain(task)) return task.task_type === null || task.task_type === undefined ? undefined : false
  return isBareMetal ? requestOf(task).isBareMetal : requestOf(task).isBareMetal !== true
}

/** The tasks that make images which are in no list: under way, failed, or ended so lately that the lists may lag behind. */
export const keyedTasks = (
  { account, runtime, begun }: { readonly account: Account; readonly runtime: Runtime; readonly begun: BegunTasks },
  images: readonly Image[],
  tasks: Tasks,
): readonly KeyedTask[] => {
  const listed = new Set(
    images.flatMap(({ ref }) => {
      const id = imageId(account)(ref)
      return E.isRight(id) ? [id.right.image] : []
    }),
  )
  const deleted = deletedBy(tasks)

  /** What a finished task has made is in a list by now, or was deleted since, unless it has only just finished. */
  const isOver = (task: Wire.Task): boolean => {
    const image = imageOf(task)
    if (task.state.toUpperCase() !== 'FINISHED') return false
    if (image === undefined || listed.has(image) || deleted.has(image)) return true
    return finishedAt(task) < runtime.now() - clockSkewMs
  }

  return [...tasks].flatMap(([id, task]): readonly KeyedTask[] => {
    if (!makesImage(task) || kindOf(task) === 'delete' || isOver(task)) return []
    const known = begun.get(id)
    const told = requestOf(task)
    const place = known?.place ?? placeOf(task)
    const hasFailed = task.state.toUpperCase() === 'ERROR'
    return [
      {
        id,
        place,
        held: known?.held ?? told.held,
        mayBe: (request) =>
          known === undefined &&
          !told.tellsTags &&
          !hasFailed &&
          kindOf(task) === request.held.kind &&
          (place === undefined || place.region === request.place.region) &&
          sortAgrees(task, request) !== false &&
          (told.name === undefined || told.name === request.name) &&
          (told.source === undefined || told.source === request.source),
        isSame: (request) =>
          place !== undefined &&
          sortAgrees(task, request) === true &&
          told.name === request.name &&
          told.source === request.source,
      },
    ]
  })
}
