import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../model/error.ts'
import { isUnicode } from '../model/tag-escape.ts'
import type { Capabilities } from './capabilities.ts'
import { type FieldReasons, invalidFields } from './field-reasons.ts'

/**
 * Why an operation key cannot be taken, as the field `key` of an `invalid-argument` error; nothing where it can. A caller who
 * gives a key relies on being able to repeat the call, so a store that cannot find operations by it must not ignore it. A
 * blank one is a variable that was not set, and would make one operation of all that are. Its length counts as it is written at
 * the provider: escaped as in a URL.
 */
export const reasonAgainstKey = (
  { operations, maximumKeyLength = Number.POSITIVE_INFINITY }: Capabilities,
  key: string | undefined,
): FieldReasons => {
  if (key === undefined) return {}
  if (!operations.findOperations.supported)
    return { key: 'The store cannot find operations by a key, so a call with one could not be repeated safely' }
  if (key.trim() === '') return { key: 'The key is blank' }
  if (!isUnicode(key)) return { key: 'The key is not Unicode text: it holds half a surrogate pair' }
  const { length } = encodeURIComponent(key)
  return length > maximumKeyLength
    ? { key: `The key takes ${length} characters at the provider, and ${maximumKeyLength} are kept for it` }
    : {}
}

/** Checks the key of a look-up, which has to be one: nothing is what every operation without a key has. */
export const checkLookUpKey = (capabilities: Capabilities, key: string): E.Either<ImageStoreError, string> => {
  const reasons = typeof key === 'string' ? reasonAgainstKey(capabilities, key) : { key: 'There is no key to look for' }
  return Object.keys(reasons).length === 0 ? E.right(key) : E.left(invalidFields(reasons))
}
