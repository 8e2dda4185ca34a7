import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { problemsIn } from './problems.ts'

/**
 * Reads a seed from JSON: a record with any of the fields and no others. Throws an Error that names every field that is not known,
 * or every value that is of another type.
 */
export const seedReader = <Seed extends object>(
  what: string,
  fields: { readonly [Name in keyof Seed]-?: t.Mixed },
): ((json: unknown) => Seed) => {
  const codec = t.partial(fields, what)
  const isSeed = (json: object): json is Seed => codec.is(json)

  return (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`${what} is a JSON object`)
    const unknown = Object.keys(json).filter((name) => !Object.hasOwn(fields, name))
    if (unknown.length > 0)
      throw new Error(`${what} has no ${unknown.join(', ')}; it has ${Object.keys(fields).join(', ')}`)
    if (isSeed(json)) return json
    const decoded = codec.decode(json)
    throw new Error(E.isLeft(decoded) ? problemsIn(decoded.left) : `${what} is not as it should be`)
  }
}
