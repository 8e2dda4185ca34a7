import { inspect } from 'node:util'

/** Everything that a careless program might print of an error, or of what it is a part of. */
export const printed = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    JSON.stringify(value),
    value instanceof Error ? `${value.stack} ${value}` : '',
  ].join('\n')
