/** The state after a state: 32 bits. */
export const nextState = (state: number): number => (state + 0x6d2b79f5) | 0

/** The number from 0 up to but not including 1 that a state stands for: the mulberry32 generator. */
export const numberOfState = (state: number): number => {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** Numbers from 0 up to but not including 1 that look random and are the same for the same seed, a whole number of 32 bits. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = nextState(state)
    return numberOfState(state)
  }
}
