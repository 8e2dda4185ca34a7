import * as t from 'io-ts'

/** The value of a wire object: its required fields, and its optional ones, each of which may also be null. */
export type WireObject<Required extends t.Props, Optional extends t.Props> = {
  readonly [Field in keyof Required]: t.TypeOf<Required[Field]>
} & {
  readonly [Field in keyof Optional]?: t.TypeOf<Optional[Field]> | null | undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A codec for a JSON object of a provider: few fields are certain, the others may be missing or null, and fields that it
 * does not name pass through. One table gives both a check that allocates nothing, which is all that a good payload
 * meets, and the structural io-ts codec that names the place of an error.
 */
export const wireObject = <Required extends t.Props, Optional extends t.Props>(
  name: string,
  required: Required,
  optional: Optional,
): t.Type<WireObject<Required, Optional>, unknown> => {
  const needed = Object.entries(required)
  const possible = Object.entries(optional)
  const is = (value: unknown): value is WireObject<Required, Optional> => {
    if (!isRecord(value)) return false
    for (const [field, codec] of needed) if (!codec.is(value[field])) return false
    for (const [field, codec] of possible) {
      const item = value[field]
      if (item !== undefined && item !== null && !codec.is(item)) return false
    }
    return true
  }
  const nullable = Object.fromEntries(
    possible.map(([field, codec]) => [field, t.union([codec, t.null], `${codec.name} | null`)]),
  )
  const structural = t.intersection([t.type(required), t.partial(nullable)], name)
  return new t.Type(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : (structural.validate(value, context) as t.Validation<never>)),
    t.identity,
  )
}
