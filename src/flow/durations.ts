/** How long things of several sorts have taken. */
export interface Durations<Sort> {
  readonly note: (sort: Sort, milliseconds: number) => void
  /** How long the middle one of those of that sort took, in milliseconds; absent where there has been none. */
  readonly estimate: (sort: Sort) => number | undefined
}

/** So many of the newest count: what a provider does today says more than what it did in the morning. */
const most = 50

/** None at first. */
export const durations = <Sort>(): Durations<Sort> => {
  const noted = new Map<Sort, readonly number[]>()
  return {
    note: (sort, milliseconds) => {
      noted.set(sort, [...(noted.get(sort) ?? []), milliseconds].slice(-most))
    },
    estimate: (sort) => {
      const taken = [...(noted.get(sort) ?? [])].sort((a, b) => a - b)
      return taken[Math.floor(taken.length / 2)]
    },
  }
}
