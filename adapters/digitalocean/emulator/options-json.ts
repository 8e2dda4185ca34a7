import {
  type Check,
  isAmong,
  isListOf,
  isNumberFrom,
  isRecordOf,
  isString,
  isThat,
  isWhole,
  isWholeFrom,
} from '../../../src/emulator/shape.ts'
import { seedChecks } from './control-seeds.ts'
import type { DigitalOceanEmulatorOptions } from './options.ts'
import { allScopes } from './scopes.ts'
import type { Measures, Settings } from './settings.ts'
import { switchValues } from './switches.ts'

const duration = isNumberFrom(0)
const limit = isWholeFrom(1)

const measures = {
  // Whoever asks sends it after `Bearer`, as one word.
  token: isThat((value) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value), 'should be a word in ASCII'),
  scopes: isListOf(isAmong(...allScopes)),
  importDuration: duration,
  actionDuration: duration,
  snapshotDuration: duration,
  snapshotListedAfter: duration,
  imageListedAfter: duration,
  imageReadableAfter: duration,
  actionReadableAfter: duration,
  deletedReadableFor: duration,
  perPageMaximum: limit,
  customImageLimit: isWholeFrom(0),
  nameLimit: limit,
  tagBatchLimit: limit,
  shownRegions: isListOf(isString),
  furtherTeams: isListOf(isString),
} as const satisfies Readonly<Record<keyof Measures, Check>>

const others = {
  port: isWholeFrom(0, 65_535),
  timeScale: isNumberFrom(0),
  seed: isWhole,
  droplets: isListOf(seedChecks.droplet),
  volumeSnapshots: isListOf(seedChecks.volumeSnapshot),
  images: isListOf(seedChecks.image),
} as const satisfies Readonly<Record<Exclude<keyof DigitalOceanEmulatorOptions, keyof Settings | 'clock'>, Check>>

const switches = Object.fromEntries(Object.entries(switchValues).map(([name, values]) => [name, isAmong(...values)]))

const problemIn = isRecordOf({ ...switches, ...measures, ...others }, [])

const isOptions = (json: unknown): json is DigitalOceanEmulatorOptions => problemIn(json) === undefined

/** The options of an emulator out of JSON, all but `clock`. Throws an Error that names what is wrong or unknown. */
export const readOptions = (json: unknown): DigitalOceanEmulatorOptions => {
  if (isOptions(json)) return json
  throw new Error(`${problemIn(json)}`)
}
