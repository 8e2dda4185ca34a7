import { isBoolean, isOneOf, isText, orNull } from './fields.ts'
import type { Happening } from './happening.ts'
import { imageChecks, volumeChecks } from './seeds.ts'
import { isAnything, isListOf, isNumber, isRecordOf } from './shape.ts'
import type { PendingStep } from './steps.ts'
import type { StoredCapture } from './stored-capture.ts'
import type { StoredImage } from './stored-image.ts'
import type { StoredImport } from './stored-import.ts'
import type { StoredTask } from './task-body.ts'
import type { StoredVolume, World } from './world.ts'

/** Everything that an emulator knows, as plain JSON. Times are in virtual ms since the epoch. */
export interface GcoreState {
  readonly provider: 'gcore'
  readonly version: 1
  readonly nowMs: number
  /** Where the sources of ids stand. */
  readonly ids: number
  readonly requestIds: number
  readonly images: readonly StoredImage[]
  readonly tasks: readonly StoredTask[]
  readonly volumes: readonly StoredVolume[]
  readonly imports: readonly StoredImport[]
  readonly captures: readonly StoredCapture[]
  readonly pending: readonly PendingStep[]
  readonly failingRegions: readonly (readonly [regionId: number, status: number])[]
}

const textOrNull = orNull(isText)
const numberOrNull = orNull(isNumber)

const isTags = isListOf(isRecordOf({ key: isText, value: isText, read_only: isBoolean }))

const isImage = isRecordOf({ ...imageChecks, tags: isTags })

const isTask = isRecordOf({
  id: isText,
  task_type: isText,
  region_id: isNumber,
  request_id: isText,
  data: isAnything,
  createdAtMs: isNumber,
  listedFromMs: isNumber,
  state: isOneOf('NEW', 'RUNNING', 'FINISHED', 'ERROR'),
  error: textOrNull,
  images: orNull(isListOf(isText)),
  updatedAtMs: numberOrNull,
  finishedAtMs: numberOrNull,
  acknowledgedAtMs: numberOrNull,
})

const captured = {
  name: isText,
  architecture: isText,
  os_type: isText,
  ssh_key: isText,
  is_baremetal: isBoolean,
  hw_firmware_type: textOrNull,
  hw_machine_type: textOrNull,
}

const isImport = isRecordOf({
  task: isText,
  request: isRecordOf({
    url: isText,
    cowFormat: isBoolean,
    image: isRecordOf({
      ...captured,
      os_distro: textOrNull,
      os_version: textOrNull,
      gpuNamespace: imageChecks.gpuNamespace,
    }),
    tags: isTags,
  }),
  phase: isOneOf('waiting', 'fetching', 'fetched'),
  durationMs: isNumber,
  startedAtMs: numberOrNull,
  verdict: orNull(isRecordOf({ ok: isBoolean, fileBytes: isNumber, virtualBytes: isNumber, error: isText }, ['ok'])),
})

const isStep = isRecordOf(
  {
    kind: isOneOf(
      ...['begin-task', 'start-imports', 'fetch', 'give-up', 'finish-import', 'fail-import', 'settle'],
      ...['finish-capture', 'finish-deletion'],
    ),
    task: isText,
    image: isText,
    status: isText,
    size: numberOrNull,
  },
  ['kind'],
)

const isRegionAndStatus = (value: unknown): string | undefined =>
  isListOf(isNumber)(value) ?? (Array.isArray(value) && value.length === 2 ? undefined : 'should be two numbers')

const isState = isRecordOf({
  provider: isOneOf('gcore'),
  version: (value) => (value === 1 ? undefined : 'should be 1'),
  nowMs: isNumber,
  ids: isNumber,
  requestIds: isNumber,
  images: isListOf(isImage),
  tasks: isListOf(isTask),
  volumes: isListOf(isRecordOf(volumeChecks)),
  imports: isListOf(isImport),
  captures: isListOf(isRecordOf({ task: isText, size: isNumber, image: isRecordOf(captured), tags: isTags })),
  pending: isListOf(isRecordOf({ atMs: isNumber, step: isStep })),
  failingRegions: isListOf(isRegionAndStatus),
})

/** Reads a state out of JSON, as a copy. Throws an Error that names what is wrong, a task that is missing included. */
const readState = (json: unknown): GcoreState => {
  const problem = isState(json)
  if (problem !== undefined) throw new Error(`state: ${problem}`)
  const state = structuredClone(json) as GcoreState
  const tasks = new Set(state.tasks.map(({ id }) => id))
  const steps = state.pending.flatMap(({ step }) => ('task' in step ? [step.task] : []))
  const missing = [...steps, ...[...state.imports, ...state.captures].map(({ task }) => task)].find(
    (task) => !tasks.has(task),
  )
  if (missing !== undefined) throw new Error(`state: there is no task ${missing}, and something is still to come of it`)
  return state
}

/** Everything that a world knows, as a copy. */
export const saveState = (world: World): GcoreState =>
  structuredClone({
    provider: 'gcore',
    version: 1,
    nowMs: world.clock.now(),
    ids: world.ids.save(),
    requestIds: world.requestIds.save(),
    images: [...world.images.values()],
    tasks: [...world.tasks.values()],
    volumes: [...world.volumes.values()],
    imports: [...world.imports.values()],
    captures: [...world.captures.values()],
    pending: [...world.pending],
    failingRegions: [...world.failingRegions],
  })

const refill = <Key, Value>(map: Map<Key, Value>, values: readonly Value[], keyOf: (value: Value) => Key): void => {
  map.clear()
  for (const value of values) map.set(keyOf(value), value)
}

/**
 * Puts a world back to what was saved, its time included, and lets what was under way go on. A file that was being fetched is
 * fetched once more.
 */
export const restoreState = (world: World, { resume }: Happening, json: unknown): void => {
  const state = readState(json)
  world.clock.set(state.nowMs)
  world.ids.restore(state.ids)
  world.requestIds.restore(state.requestIds)
  refill(world.images, state.images, ({ id }) => id)
  refill(world.tasks, state.tasks, ({ id }) => id)
  refill(world.volumes, state.volumes, ({ id }) => id)
  refill(world.imports, state.imports, ({ task }) => task)
  refill(world.captures, state.captures, ({ task }) => task)
  world.failingRegions.clear()
  for (const [regionId, status] of state.failingRegions) world.failingRegions.set(regionId, status)
  world.pending.clear()
  for (const { task, phase } of state.imports)
    if (phase === 'fetching') world.pending.add({ atMs: state.nowMs, step: { kind: 'fetch', task } })
  for (const pending of state.pending) world.pending.add(pending)
  resume()
}
