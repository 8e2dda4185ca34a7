import type { FieldCheck } from './fields.ts'

/** A check for a JSON object with just these fields; `required` ones must be there. The problem names the field. */
export const isRecordOf =
  (checks: Readonly<Record<string, FieldCheck>>, required: readonly string[] = Object.keys(checks)): FieldCheck =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'should be an object'
    const missing = required.find((name) => !Object.hasOwn(value, name))
    if (missing !== undefined) return `${missing}: is missing`
    for (const [name, field] of Object.entries(value)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined
      if (check === undefined) return `${name}: is not a field that is known`
      const problem = check(field)
      if (problem !== undefined) return `${name}: ${problem}`
    }
    return undefined
  }

/** A check for a list of such. The problem names the place, from 0 on. */
export const isListOf =
  (check: FieldCheck): FieldCheck =>
  (value) => {
    if (!Array.isArray(value)) return 'should be a list'
    for (const [index, item] of value.entries()) {
      const problem = check(item)
      if (problem !== undefined) return `${index}: ${problem}`
    }
    return undefined
  }

/** A check for an object whose fields have any name and are all of one sort. */
export const isMapOf =
  (check: FieldCheck): FieldCheck =>
  (value) =>
    typeof value === 'object' && value !== null
      ? isRecordOf(Object.fromEntries(Object.keys(value).map((name) => [name, check])), [])(value)
      : 'should be an object'

/** A check for any number that JSON can hold. */
export const isNumber: FieldCheck = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : 'should be a number'

/** A check for anything at all. */
export const isAnything: FieldCheck = () => undefined
