import type { Capabilities } from './capabilities.ts'

/**
 * Why an operation key cannot be taken, as the field `key` of an `invalid-argument` error; nothing where it can. A caller who
 * gives a key relies on being able to repeat the call, so a store that cannot find operations by it must not ignore it.
 */
export const reasonAgainstKey = (
  { operations }: Capabilities,
  key: string | undefined,
): Readonly<Record<string, string>> =>
  key === undefined || operations.findOperations.supported
    ? {}
    : { key: 'The store cannot find operations by a key, so a call with one could not be repeated safely' }
