/** What is wrong with a value that came from outside, as JSON or from a caller without a compiler; nothing where it is right. */
export type Check = (value: unknown) => string | undefined

/** A check by a yes or no, with what to say to a no. */
export const isThat =
  (holds: (value: unknown) => boolean, problem: string): Check =>
  (value) =>
    holds(value) ? undefined : problem

/**
 * A check for an object with just these fields; `required` ones must be there, the others may be absent. The problem names the
 * field, and an unknown field what there is instead.
 */
export const isRecordOf =
  (checks: Readonly<Record<string, Check>>, required: readonly string[] = Object.keys(checks)): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'should be an object'
    const given = Object.entries(value).filter(([, field]) => field !== undefined)
    const missing = required.find((name) => !given.some(([own]) => own === name))
    const unknown = given.filter(([name]) => !Object.hasOwn(checks, name)).map(([name]) => name)
    if (unknown.length > 0)
      return `${unknown.join(', ')}: is not a field that is known; known are ${Object.keys(checks).join(', ')}`
    if (missing !== undefined) return `${missing}: is missing`
    for (const [name, field] of given) {
      const problem = checks[name]?.(field)
      if (problem !== undefined) return `${name}: ${problem}`
    }
    return undefined
  }

/** A check for a list of such. The problem names the place, from 0 on. */
export const isListOf =
  (check: Check): Check =>
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
  (check: Check): Check =>
  (value) =>
    typeof value === 'object' && value !== null
      ? isRecordOf(Object.fromEntries(Object.keys(value).map((name) => [name, check])), [])(value)
      : 'should be an object'

/** The same check, with `null` allowed. */
export const isNullOr =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value)

/** A check for one of a few values. */
export const isAmong = (...values: readonly (string | number)[]): Check =>
  isThat((value) => values.some((one) => one === value), `should be one of ${values.join(', ')}`)

/** A check for any text. */
export const isString: Check = isThat((value) => typeof value === 'string', 'should be a text')

/** A check for `true` or `false`. */
export const isTrueOrFalse: Check = isThat((value) => typeof value === 'boolean', 'should be true or false')

/** A check for any number that JSON can hold. */
export const isNumber: Check = isThat(
  (value) => typeof value === 'number' && Number.isFinite(value),
  'should be a number',
)

/** A check for a number within bounds, both included. */
export const isNumberFrom = (least: number, most = Number.MAX_VALUE): Check =>
  isThat(
    (value) => typeof value === 'number' && value >= least && value <= most,
    most === Number.MAX_VALUE ? `should be a number from ${least} on` : `should be a number from ${least} to ${most}`,
  )

/** A check for a whole number within bounds, both included. */
export const isWholeFrom = (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  isThat(
    (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most,
    most === Number.MAX_SAFE_INTEGER
      ? `should be a whole number from ${least} on`
      : `should be a whole number from ${least} to ${most}`,
  )

/** A check for any whole number. */
export const isWhole: Check = isThat((value) => Number.isSafeInteger(value), 'should be a whole number')

/** A check for anything at all. */
export const isAnything: Check = () => undefined

/** The first id that occurs twice. */
export const repeatedIn = <Id>(ids: readonly Id[]): Id | undefined => {
  const seen = new Set<Id>()
  return ids.find((id) => seen.size === seen.add(id).size)
}
