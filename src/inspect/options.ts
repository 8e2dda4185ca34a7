import { InspectError } from './inspect-error.ts'
import type { FullPassProgress } from './source/image-source.ts'
import type { SourceOptions } from './source/source-options.ts'

/** What a full pass tells while it runs. */
export interface FullPassOptions {
  /** Called now and then, and once at the end. What it throws is ignored. */
  readonly onProgress?: ((progress: FullPassProgress) => void) | undefined
}

/** How to look at an image. */
export interface InspectOptions extends SourceOptions {
  /**
   * Whether every byte is read as well, for its SHA-256 and its exact length: `false` unless told. The time that takes is that of
   * the whole download.
   */
  readonly fullPass?: boolean | FullPassOptions | undefined
}

type Fits = (value: unknown) => boolean

const isFlag: Fits = (value) => typeof value === 'boolean'
const isCount: Fits = (value) => Number.isSafeInteger(value) && Number(value) > 0
const isDuration: Fits = (value) => typeof value === 'number' && value > 0
const isFunction: Fits = (value) => typeof value === 'function'
const isRecord: Fits = (value) => typeof value === 'object' && value !== null
const isRuntime: Fits = (value) =>
  typeof value === 'object' &&
  value !== null &&
  ['now', 'sleep', 'timer', 'random'].every((name) => typeof Reflect.get(value, name) === 'function')

/** Every option, and what its values have to be, in words that follow "has to be". */
const shapes: Readonly<Record<keyof InspectOptions, readonly [what: string, fits: Fits]>> = {
  allowPrivate: ['true or false', isFlag],
  signal: ['an AbortSignal', (value) => value instanceof AbortSignal],
  timeoutMs: ['a number of milliseconds above 0', isDuration],
  maximumRequests: ['a whole number above 0', isCount],
  maximumBytes: ['a whole number of bytes above 0', isCount],
  runtime: ['a runtime with now, sleep, timer and random', isRuntime],
  lookup: ['a function', isFunction],
  fullPass: ['true, false or a record', (value) => isFlag(value) || isRecord(value)],
}

const isOption = (name: string): name is keyof InspectOptions => Object.hasOwn(shapes, name)

/** Throws an {@link InspectError} of kind `invalid-argument` that names every option which is none, or has a value that cannot be meant. */
export const checkInspectOptions = (options: InspectOptions): void => {
  if (!isRecord(options)) throw new InspectError('invalid-argument', 'The options of a look have to be a record')
  const wrong = Object.entries(options).flatMap(([name, value]: readonly [string, unknown]) => {
    if (!isOption(name)) return [`there is no option ${JSON.stringify(name.slice(0, 40))}`]
    const [what, fits] = shapes[name]
    return value === undefined || fits(value) ? [] : [`${name} has to be ${what}`]
  })
  if (wrong.length > 0) throw new InspectError('invalid-argument', `Options of a look: ${wrong.join('; ')}`)
}
