import type { Call } from './member.ts'
import type { OperationLookup } from './operation.ts'

/** Look-ups whose errors say store, member and hint, like an error of the call itself. */
export const explainLookups =
  (call: Call) =>
  (lookups: readonly OperationLookup[]): readonly OperationLookup[] =>
    lookups.map((lookup) => (lookup.found ? lookup : { ...lookup, error: call.explain(lookup.error) }))
