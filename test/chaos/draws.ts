import { identifiers } from '../../src/emulator/identifiers.ts'

/** What is drawn from a seed. */
export interface Draws {
  /** A whole number, both ends included. */
  readonly integer: (from: number, to: number) => number
  /** Yes in so many cases of all, from 0 to 1. */
  readonly chance: (rate: number) => boolean
  /** One of several. One that is named twice comes twice as often. */
  readonly pick: <const From extends readonly [unknown, ...unknown[]]>(...from: From) => From[number]
}

/** The same for the same seed, a whole number of 32 bits. */
export const draws = (seed: number): Draws => {
  const { integer } = identifiers(Math.imul(seed, 0x9e3779b1))
  return {
    integer,
    chance: (rate) => integer(0, 999_999) < rate * 1_000_000,
    pick: (...from) => from[integer(0, from.length - 1)] ?? from[0],
  }
}
