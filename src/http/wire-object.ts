import * as t from 'io-ts'

/** The value of a wire object: its required fields, and its optional ones, each of which may also be null. */
export type WireObject<Required extends t.Props, Optional extends t.Props> = {
  readonly [Field in keyof Required]: t.TypeOf<Required[Field]>
} & {
  readonly [Field in keyof Optional]?: t.TypeOf<Optional[Field]> | null | undefined
}

/** A codec for an object, which says which fields it reads. */
export interface WireCodec<A> extends t.Type<A, unknown> {
  readonly fields: readonly string[]
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Checks {
  readonly fields: readonly string[]
  readonly checks: readonly ((value: unknown) => boolean)[]
}

const checksOf = (codecs: t.Props): Checks => ({
  fields: Object.keys(codecs),
  checks: Object.values(codecs).map((codec) => codec.is),
})

/** A number or a text: the two forms in which providers send ids. */
export const numberOrText = new t.Type<number | string, number | string>(
  'number | string',
  (value): value is number | string => typeof value === 'number' || typeof value === 'string',
  (value, context) =>
    typeof value === 'number' || typeof value === 'string' ? t.success(value) : t.failure(value, context),
  t.identity,
)

/**
 * A codec for a JSON object of a provider: few fields are certain, the others may be missing or null, and fields that it
 * does not name pass through. One table gives both a check that allocates nothing, which is all that a good payload
 * meets, and the structural io-ts codec that names the place of an error.
 */
export const wireObject = <Required extends t.Props, Optional extends t.Props>(
  name: string,
  required: Required,
  optional: Optional,
): WireCodec<WireObject<Required, Optional>> => {
  const needed = checksOf(required)
  const possible = checksOf(optional)
  const is = (value: unknown): value is WireObject<Required, Optional> => {
    if (!isRecord(value)) return false
    // Plain indices: this runs for every image of every list, and iterators would be most of what it allocates.
    for (let index = 0; index < needed.fields.length; index++)
      if (!needed.checks[index]?.(value[needed.fields[index] ?? ''])) return false
    for (let index = 0; index < possible.fields.length; index++) {
      const item = value[possible.fields[index] ?? '']
      if (item !== undefined && item !== null && !possible.checks[index]?.(item)) return false
    }
    return true
  }
  const nullable = Object.fromEntries(
    Object.entries(optional).map(([field, codec]) => [field, t.union([codec, t.null], `${codec.name} | null`)]),
  )
  const structural = t.intersection([t.type(required), t.partial(nullable)], name)
  const codec = new t.Type<WireObject<Required, Optional>, unknown>(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : (structural.validate(value, context) as t.Validation<never>)),
    t.identity,
  )
  return Object.assign(codec, { fields: [...needed.fields, ...possible.fields] })
}
