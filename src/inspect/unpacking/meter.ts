/** The time that unpacking has, in milliseconds, and what is left of it. */
export interface Meter {
  readonly leftMs: () => number
  readonly spend: (milliseconds: number) => void
  /** Begins to count; what it gives ends that. */
  readonly begin: () => () => void
}

/** A meter over so much time, by a clock that counts milliseconds. */
export const meter = (budgetMs: number, now: () => number): Meter => {
  let left = budgetMs
  const spend = (milliseconds: number): void => {
    left = Math.max(0, left - milliseconds)
  }
  return {
    leftMs: () => left,
    spend,
    begin: () => {
      const begun = now()
      return () => spend(now() - begun)
    },
  }
}
