import {
  type Check,
  isAmong,
  isListOf,
  isMapOf,
  isNullOr,
  isNumber,
  isNumberFrom,
  isRecordOf,
  isString,
  isThat,
  isTrueOrFalse,
  isWhole,
  isWholeFrom,
} from '../../../src/emulator/shape.ts'
import { tokenShape } from './authorization.ts'
import type { GcoreEmulatorOptions } from './options.ts'
import { imageSeedProblem, isRegion, volumeSeedProblem } from './seeds.ts'

const duration = isNumberFrom(0)
const honoured = isAmong('honoured', 'ignored')
const taken = isAmong('taken', 'refused')
const projectId = isWholeFrom(1)

const isRange: Check = (value) => {
  if (!Array.isArray(value) || value.length !== 2) return 'should be milliseconds, or the least and the most of them'
  return isListOf(duration)(value) ?? (value[0] <= value[1] ? undefined : 'should have the least first')
}

const isQuota: Check = (value) => {
  const problem = isMapOf(isRecordOf({ images: isWholeFrom(0), bytes: isWholeFrom(0) }))(value)
  const unknown = Object.keys(Object(value)).find((id) => isRegion(Number(id)) !== undefined)
  return problem ?? (unknown === undefined ? undefined : `${unknown}: ${isRegion(undefined)}`)
}

const checks: Readonly<Record<keyof Omit<GcoreEmulatorOptions, 'clock'>, Check>> = {
  port: isWholeFrom(0, 65_535),
  apiKey: isThat(
    (value) => typeof value === 'string' && tokenShape.test(value),
    'should be a number, $ or _, and hexadecimal digits',
  ),
  project: projectId,
  projectName: isString,
  furtherProjects: isListOf(
    isRecordOf({ id: projectId, name: isString, state: isString, deleted: isTrueOrFalse }, ['id', 'name']),
  ),
  timeScale: isNumberFrom(0),
  seed: isWhole,
  importDuration: (value) => (typeof value === 'number' ? duration(value) : isRange(value)),
  settleDuration: duration,
  settleStatuses: isListOf(isString),
  settleSize: isNullOr(isAmong(0)),
  settlesTo: isString,
  settleShare: isNumberFrom(0, 1),
  earlyError: duration,
  failedImport: isAmong('nothing', 'killed', 'queued'),
  uncertainFormats: taken,
  compression: taken,
  unsetOs: isAmong('unknown', 'empty', 'null'),
  concurrentImports: isWholeFrom(1),
  taskListLag: duration,
  tagsEra: isAmong('tags_v2', 'tags', 'strings', 'tags_v2-and-tags', 'tags_v2-and-strings'),
  fields: isAmong('full', 'guide'),
  machineTypes: isAmong('i440', 'pc'),
  prices: isAmong('show', 'hide', 'error', 'trial'),
  bareMetalFlag: isAmong('true', 'null'),
  patchAnswer: isAmong('image', 'three-fields'),
  coordinates: isAmong('text', 'number', 'null'),
  timestamps: isAmong('zone-less', 'z', 'offset', 'compact-offset'),
  zoneLessOffset: isNumber,
  pagination: honoured,
  filters: isAmong('honoured', 'older', 'ignored'),
  privateFilter: isAmong('any-value', 'boolean'),
  tagKeys: isAmong('all', 'any'),
  listOrder: isAmong('newest', 'oldest', 'id'),
  absentLists: isAmong('not-found', 'empty'),
  unknownFields: isAmong('refused', 'ignored'),
  shortestTag: isAmong(1, 3),
  clearingTags: isAmong('by-null', 'by-empty'),
  validationStatus: isAmong(400, 422),
  quotaStatus: isAmong(400, 403),
  lockStatus: isAmong(400, 403, 409, 423),
  standardInUse: isAmong('refused', 'deletable'),
  unauthorizedBody: isAmong('cloud', 'detail', 'empty'),
  traceback: isAmong('absent', 'present'),
  requestIds: isAmong('always', 'never'),
  schemeCase: isAmong('any', 'documented'),
  ownVisibility: isAmong('private', 'shared'),
  bareMetalInProjectImages: isTrueOrFalse,
  bareMetalInImages: isTrueOrFalse,
  gpuReadLag: duration,
  gpuTaskTypes: isRecordOf({ upload: isString, remove: isString }, []),
  quota: isQuota,
  taskData: isAmong('full', 'name-and-url', 'none'),
  captureDuration: duration,
  volumes: isListOf(volumeSeedProblem),
  images: isListOf(imageSeedProblem),
}

const problemIn = isRecordOf(checks, [])

const isOptions = (json: unknown): json is GcoreEmulatorOptions => problemIn(json) === undefined

/** The options of an emulator out of JSON, all but `clock`. Throws an Error that names what is wrong or unknown. */
export const readOptions = (json: unknown): GcoreEmulatorOptions => {
  if (isOptions(json)) return json
  throw new Error(`${problemIn(json)}`)
}
