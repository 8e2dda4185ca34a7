import type { FieldReasons } from './field-reasons.ts'

/** What a value has to look like. Types say so already; plain JavaScript, JSON and unset variables do not keep to them. */
export interface Shape {
  /** In words that follow "has to be". */
  readonly what: string
  readonly fits: (value: unknown) => boolean
  /** The shapes of the parts of a record, by their names. */
  readonly parts?: Shapes | undefined
}

/** The shapes of the fields of a record, by their names: there are no other fields. */
export type Shapes = Readonly<Record<string, Shape>>

/** Any text. */
export const text: Shape = { what: 'a text', fits: (value) => typeof value === 'string' }

/** True or false, not as a text. */
export const flag: Shape = { what: 'true or false', fits: (value) => typeof value === 'boolean' }

/** One of a few words. */
export const oneOf = (...words: readonly string[]): Shape => ({
  what: words.map((word) => JSON.stringify(word)).join(' or '),
  fits: (value) => typeof value === 'string' && words.includes(value),
})

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A list of such values. */
export const listOf = (shape: Shape): Shape => ({
  what: `a list, each of it ${shape.what}`,
  fits: (value) => Array.isArray(value) && value.every((one) => shape.fits(one)),
})

/** A record of these fields, any of which may be absent. */
export const recordOf = (what: string, parts: Shapes): Shape => ({ what, fits: isRecord, parts })

const isTag = (value: unknown): boolean => {
  if (!isRecord(value) || !('key' in value) || typeof value.key !== 'string') return false
  return !('value' in value) || value.value === undefined || typeof value.value === 'string'
}

/** Tags. */
export const tags: Shape = listOf({ what: 'a tag: a record with a key and perhaps a value', fits: isTag })

/** What a value is, without showing it: it may be a secret. */
const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'a record'
        : `a ${typeof value}`

/** Fields of a record that the shapes do not have, each with what there is. A field that is undefined counts as absent. */
export const unknownFields = (record: object, shapes: Shapes): FieldReasons =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      value === undefined || Object.hasOwn(shapes, name)
        ? []
        : [[name, `There is no field "${name}" here: the fields are ${Object.keys(shapes).join(', ')}`]],
    ),
  )

const reasonAgainst = (name: string, value: unknown, shape: Shape): string | undefined => {
  if (!shape.fits(value)) return `${name} has to be ${shape.what}, and is ${kindOf(value)}`
  const { parts } = shape
  if (parts === undefined) return undefined
  const record = Object(value)
  const reasons = Object.values({ ...unknownFields(record, parts), ...misshapenFields(record, parts) })
  return reasons.length === 0 ? undefined : `${name}: ${reasons.join('; ')}`
}

/** Fields of a record whose values have another shape, each with why. */
export const misshapenFields = (record: object, shapes: Shapes): FieldReasons =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]): readonly (readonly [string, string])[] => {
      const shape = value === undefined || !Object.hasOwn(shapes, name) ? undefined : shapes[name]
      const reason = shape === undefined ? undefined : reasonAgainst(name, value, shape)
      return reason === undefined ? [] : [[name, reason]]
    }),
  )
