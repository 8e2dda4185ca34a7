import type { InvalidFields } from './refusal.ts'
import { invalidFields } from './refusal.ts'
import type { BodyRules } from './settings.ts'

/** What is wrong with a field's value, or nothing. */
export type FieldCheck = (value: unknown) => string | undefined

const namePattern = /^[a-zA-Z0-9][a-zA-Z 0-9._-]{1,61}[a-zA-Z0-9._]$/

/** Names of images in requests: 3 to 63 characters. Names in catalogues need not match. [SPEC, facts 3.1] */
export const isImageName: FieldCheck = (value) => {
  if (typeof value !== 'string') return 'Input should be a valid string'
  return namePattern.test(value) ? undefined : `String should match pattern '${namePattern.source}'`
}

/** Any text. */
export const isText: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'Input should be a valid string')

/** A list of texts. */
export const isListOfTexts: FieldCheck = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? undefined : 'Input should be a valid list'

/** `true` or `false`, not as text. */
export const isBoolean: FieldCheck = (value) =>
  typeof value === 'boolean' ? undefined : 'Input should be a valid boolean'

/** A check for a whole number within bounds. */
export const isWholeNumber =
  (least: number, most: number): FieldCheck =>
  (value) => {
    if (!Number.isInteger(value)) return 'Input should be a valid integer'
    return Number(value) >= least && Number(value) <= most ? undefined : `Input should be from ${least} to ${most}`
  }

/** An absolute URL of any scheme, at least one character. [SPEC] */
export const isUrl: FieldCheck = (value) => {
  if (typeof value !== 'string') return 'Input should be a valid string'
  if (value === '') return 'String should have at least 1 character'
  return URL.canParse(value) ? undefined : 'Input should be a valid URL'
}

/** A check for one of a closed set of words. */
export const isOneOf = (...words: readonly string[]): FieldCheck => {
  const list = words.map((word) => `'${word}'`)
  const message = `Input should be ${list.slice(0, -1).join(', ')} or ${list.at(-1)}`
  return (value) => (typeof value === 'string' && words.includes(value) ? undefined : message)
}

/** The same check, with `null` allowed. */
export const orNull =
  (check: FieldCheck): FieldCheck =>
  (value) =>
    value === null ? undefined : check(value)

/** The machine types; `i440` was called `pc` until 2026-05 and is taken under that name by servers of then only. [facts 9.3] */
export const isMachineType = ({ machineTypes }: Pick<BodyRules, 'machineTypes'>): FieldCheck =>
  machineTypes === 'pc' ? isOneOf('i440', 'pc', 'q35') : isOneOf('i440', 'q35')

/** The words that fields of images can have. [SPEC enums] */
export const words = {
  architecture: isOneOf('aarch64', 'x86_64'),
  osType: isOneOf('linux', 'windows'),
  sshKey: isOneOf('allow', 'deny', 'required'),
  firmware: isOneOf('bios', 'uefi'),
  visibility: isOneOf('private', 'public', 'shared'),
} as const

/** The fields of a JSON body. Refuses a body that is no object. */
export const bodyFields = (body: unknown): Readonly<Record<string, unknown>> => {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  throw invalidFields({ body: ['Input should be a valid dictionary'] })
}

/**
 * The known fields of a body. Refuses one with a field that is missing or wrong, or unknown: whether the provider refuses unknown
 * fields or ignores them is unconfirmed; to refuse them, the default, shows a misspelt or unchangeable one instead of losing it.
 */
export const knownFields = (
  fields: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, FieldCheck>>,
  { unknownFields }: Pick<BodyRules, 'unknownFields'>,
  required: readonly string[] = [],
): Readonly<Record<string, unknown>> => {
  // Not an object under construction: a field may be called `__proto__`.
  const problems = new Map<string, readonly string[]>()
  for (const name of required) if (fields[name] === undefined) problems.set(name, ['Field required'])
  for (const [name, value] of Object.entries(fields)) {
    const isKnown = Object.hasOwn(checks, name)
    if (!isKnown && unknownFields === 'ignored') continue
    const problem = isKnown ? checks[name]?.(value) : 'Extra inputs are not permitted'
    if (problem !== undefined) problems.set(name, [problem])
  }
  refuseIfAny(Object.fromEntries(problems))
  return Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(checks, name)))
}

/** Refuses where there is a problem. */
export const refuseIfAny = (problems: InvalidFields): void => {
  if (Object.keys(problems).length > 0) throw invalidFields(problems)
}
