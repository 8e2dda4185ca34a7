import { nextState, numberOfState } from '../model/seeded-random.ts'

/** A source of ids that look random and are the same for the same seed. */
export interface Identifiers {
  /** A UUID, shaped as version 4. */
  readonly uuid: () => string
  /** A whole number, both ends included. */
  readonly integer: (from: number, to: number) => number
  /** So many lower-case hexadecimal digits. */
  readonly hex: (digits: number) => string
  /** Where the source stands: a whole number, from which {@link restore} goes on with the same ids. */
  readonly save: () => number
  readonly restore: (saved: number) => void
}

/** Ids from a seed, a whole number of 32 bits. */
export const identifiers = (seed = 1): Identifiers => {
  let state = seed | 0
  const random = (): number => {
    state = nextState(state)
    return numberOfState(state)
  }
  const integer = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1))
  const hex = (digits: number): string => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join('')
  return {
    integer,
    hex,
    save: () => state,
    restore: (saved) => {
      state = saved | 0
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${integer(8, 11).toString(16)}${hex(3)}-${hex(12)}`,
  }
}
