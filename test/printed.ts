import { inspect } from 'node:util'

/** Everything that a careless program might print of an error, or of what it is a part of. */
export const printed = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    JSON.stringify(value),
    value instanceof Error ? `${value.stack} ${value}` : '',
  ].join('\n')

/** A result without the payloads in it, which are the provider's own. */
export const withoutRaw = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutRaw)
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, part]) => (field === 'raw' ? [] : [[field, withoutRaw(part)]])),
  )
}
