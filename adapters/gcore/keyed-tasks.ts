import * as E from 'fp-ts/lib/Either.js'
import type { Image } from '../../src/model/image.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import { clockSkewMs } from '../../src/store/accepted.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { BegunTasks } from './begun-tasks.ts'
import { type Account, imageId } from './ids.ts'
import type { HeldKey } from './key-tag.ts'
import type { KeyedRequest } from './keyed-request.ts'
import type { GpuNamespace, Place } from './namespaces.ts'
import { imageOf, kindOf } from './task.ts'
import { requestOf } from './task-request.ts'
import type * as Wire from './wire.ts'

/** A task that makes an image which no list shows yet, and what can be said of its key. */
export interface KeyedTask {
  readonly id: string
  /** Absent where the task does not tell its region. */
  readonly place?: Place | undefined
  /** The key, where it is known. */
  readonly held?: HeldKey | undefined
  /** Whether it is under way, does not tell whether it has a key, and may be what a request asks for. */
  readonly mayBe: (request: KeyedRequest) => boolean
  /** Whether it tells a name and a source, and they are those of a request. */
  readonly isSame: (request: KeyedRequest) => boolean
}

/** Older words for the tasks of GPU images; those of today are not published. Source: fact sheet §4.1. */
const namespaces: Readonly<Record<string, GpuNamespace>> = {
  upload_virtual_image: 'gpu-virtual',
  upload_baremetal_image: 'gpu-bare-metal',
}

const placeOf = ({ region_id, task_type }: Wire.Task): Place | undefined =>
  region_id === null || region_id === undefined
    ? undefined
    : { region: String(region_id), namespace: namespaces[task_type ?? ''] }

/** The images that tasks delete, or have deleted. */
const deletedBy = (tasks: ReadonlyMap<string, Wire.Task>): ReadonlySet<string> =>
  new Set([...tasks.values()].flatMap((task) => (kindOf(task) === 'delete' ? (imageOf(task) ?? []) : [])))

const finishedAt = ({ finished_on }: Wire.Task): number => {
  const finished = typeof finished_on === 'string' ? parseTimestamp(finished_on) : undefined
  return finished === undefined ? 0 : Date.parse(finished)
}

/** Whether a type is that of a task which makes an image. A type that nobody knows may be that of a GPU image's. */
const makesImage = ({ task_type }: Wire.Task): boolean =>
  task_type === null || task_type === undefined || /image/.test(task_type)

/** The tasks that make images which are in no list: under way, failed, or ended so lately that the lists may lag behind. */
export const keyedTasks = (
  { account, runtime, begun }: { readonly account: Account; readonly runtime: Runtime; readonly begun: BegunTasks },
  images: readonly Image[],
  tasks: ReadonlyMap<string, Wire.Task>,
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
    const tellsSource = told.name !== undefined && told.source !== undefined
    const isSame = ({ name, source }: KeyedRequest): boolean =>
      tellsSource && told.name === name && told.source === source
    return [
      {
        id,
        place,
        held: known?.held ?? told.held,
        isSame,
        mayBe: (request) =>
          known === undefined &&
          !told.tellsTags &&
          !hasFailed &&
          kindOf(task) === request.held.kind &&
          (place === undefined || place.region === request.place.region) &&
          (told.name === undefined || told.name === request.name) &&
          (told.source === undefined || told.source === request.source),
      },
    ]
  })
}
