import { isMoment } from '../../../src/emulator/moment.ts'
import {
  isAmong,
  isAnything,
  isListOf,
  isNumber,
  isRecordOf,
  isWhole,
  repeatedIn,
} from '../../../src/emulator/shape.ts'
import { type FieldCheck, isBoolean, isOneOf, isText, orNull } from './fields.ts'
import { imageChecks, isRegion, volumeChecks } from './seeds.ts'
import type { PendingStep, Step } from './steps.ts'
import type { StoredCapture } from './stored-capture.ts'
import type { StoredImage } from './stored-image.ts'
import type { StoredImport } from './stored-import.ts'
import type { StoredLimitsRequest } from './stored-limits-request.ts'
import type { StoredTask } from './task-body.ts'
import type { StoredVolume } from './world.ts'

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
  readonly limitsRequests: readonly StoredLimitsRequest[]
  readonly pending: readonly PendingStep[]
  readonly failingRegions: readonly (readonly [regionId: number, status: number])[]
}

const textOrNull = orNull(isText)
const numberOrNull = orNull(isNumber)
const momentOrNull = orNull(isMoment)

const isTags = isListOf(isRecordOf({ key: isText, value: isText, read_only: isBoolean }))

const isImage = isRecordOf({ ...imageChecks, tags: isTags })

const isTask = isRecordOf({
  id: isText,
  task_type: isText,
  region_id: isRegion,
  request_id: isText,
  data: isAnything,
  createdAtMs: isMoment,
  listedFromMs: isNumber,
  state: isOneOf('NEW', 'RUNNING', 'FINISHED', 'ERROR'),
  error: textOrNull,
  images: orNull(isListOf(isText)),
  updatedAtMs: momentOrNull,
  finishedAtMs: momentOrNull,
  acknowledgedAtMs: momentOrNull,
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
  startedAtMs: momentOrNull,
  verdict: orNull(isRecordOf({ ok: isBoolean, fileBytes: isNumber, virtualBytes: isNumber, error: isText }, ['ok'])),
})

const ofTask = isRecordOf({ kind: isAnything, task: isText })

const steps: Readonly<Record<Step['kind'], FieldCheck>> = {
  'begin-task': ofTask,
  'start-imports': isRecordOf({ kind: isAnything }),
  fetch: ofTask,
  'give-up': ofTask,
  'finish-import': ofTask,
  'fail-import': ofTask,
  settle: isRecordOf({ kind: isAnything, image: isText, status: isText, size: numberOrNull }),
  'finish-capture': ofTask,
  'finish-deletion': ofTask,
}

const isKind = (value: unknown): value is Step['kind'] => typeof value === 'string' && Object.hasOwn(steps, value)

const isStep: FieldCheck = (value) => {
  const kind: unknown = Object(value).kind
  return isKind(kind) ? steps[kind](value) : `kind: ${isAmong(...Object.keys(steps))(kind)}`
}

const isRegionAndStatus: FieldCheck = (value) =>
  Array.isArray(value) && value.length === 2
    ? (isRegion(value[0]) ?? isNumber(value[1]))
    : 'should be a region and a status'

const isShaped = isRecordOf({
  provider: isOneOf('gcore'),
  version: (value) => (value === 1 ? undefined : 'should be 1'),
  nowMs: isMoment,
  ids: isWhole,
  requestIds: isWhole,
  images: isListOf(isImage),
  tasks: isListOf(isTask),
  volumes: isListOf(isRecordOf(volumeChecks)),
  imports: isListOf(isImport),
  captures: isListOf(isRecordOf({ task: isText, size: isNumber, image: isRecordOf(captured), tags: isTags })),
  limitsRequests: isListOf(
    isRecordOf({ id: isWhole, description: isText, requested: isAnything, createdAtMs: isMoment, deleted: isBoolean }),
  ),
  pending: isListOf(isRecordOf({ atMs: isNumber, step: isStep })),
  failingRegions: isListOf(isRegionAndStatus),
})

const isState = (json: unknown): json is GcoreState => isShaped(json) === undefined

/** What occurs twice of what can be there once only. */
const repeated = (state: GcoreState): string | undefined => {
  const ids = {
    images: state.images.map(({ id }) => id),
    tasks: state.tasks.map(({ id }) => id),
    volumes: state.volumes.map(({ id }) => id),
    imports: state.imports.map(({ task }) => task),
    captures: state.captures.map(({ task }) => task),
    limitsRequests: state.limitsRequests.map(({ id }) => String(id)),
    failingRegions: state.failingRegions.map(([regionId]) => String(regionId)),
  }
  for (const [list, of] of Object.entries(ids)) {
    const twice = repeatedIn(of)
    if (twice !== undefined) return `${list}: ${twice} is there twice`
  }
  return undefined
}

/** What something is still to come of, and is not there. */
const missing = (state: GcoreState): string | undefined => {
  const tasks = new Set(state.tasks.map(({ id }) => id))
  const images = new Set(state.images.map(({ id }) => id))
  const waitedFor = [
    ...state.pending.flatMap(({ step }) => ('task' in step ? [step.task] : [])),
    ...[...state.imports, ...state.captures].map(({ task }) => task),
  ]
  const task = waitedFor.find((id) => !tasks.has(id))
  if (task !== undefined) return `there is no task ${task}, and something is still to come of it`
  const image = state.pending.flatMap(({ step }) => ('image' in step ? [step.image] : [])).find((id) => !images.has(id))
  return image === undefined ? undefined : `there is no image ${image}, and something is still to come of it`
}

/** What is wrong with a state: its form, what is there twice, and what is missing. */
export const stateProblem = (json: unknown): string | undefined =>
  isState(json) ? (repeated(json) ?? missing(json)) : isShaped(json)
