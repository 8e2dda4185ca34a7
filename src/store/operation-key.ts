import type { Capabilities } from './capabilities.ts'
import type { FieldReasons } from './field-reasons.ts'

/**
 * Why an operation key cannot be taken, as the field `key` of an `invalid-argument` error; nothing where it can. A caller who
 * gives a key relies on being able to repeat the call, so a store that cannot find operations by it must not ignore it. A
 * blank one is a variable that was not set, and would make one operation of all that are.
 */
export const reasonAgainstKey = ({ operations }: Capabilities, key: string | undefined): FieldReasons => {
  if (key === undefined) return {}
  if (!operations.findOperations.supported)
    return { key: 'The store cannot find operations by a key, so a call with one could not be repeated safely' }
  return key.trim() === '' ? { key: 'The key is blank' } : {}
}
