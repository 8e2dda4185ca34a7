import * as fc from 'fast-check'

/**
 * Checks that something holds for whatever the arbitraries draw, `numRuns` times. What fails is shrunk and shown with its
 * seed.
 */
export const forAll = <Values extends [unknown, ...unknown[]]>(
  arbitraries: { readonly [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  check: (...values: Values) => void,
  numRuns = 1000,
): void => {
  const result = fc.check(
    fc.property(fc.tuple(...arbitraries), (values) => check(...(values as Values))),
    { numRuns, includeErrorInReport: true },
  )
  if (result.failed) throw new Error(fc.defaultReportMessage(result) ?? 'A property failed')
}
