import type { Identifiers } from '../../../src/emulator/identifiers.ts'

/** Numeric ids, each higher than every one before it, so that none comes twice even after deletions. */
export interface AscendingIds {
  readonly next: () => number
  /** Takes note of an id that was chosen elsewhere. */
  readonly skip: (id: number) => void
  /** The highest so far. */
  readonly last: () => number
  /** Goes on after this one. */
  readonly restore: (last: number) => void
}

/** Ids above `first`, with gaps as between those of an account that is not alone. */
export const ascendingIds = (ids: Identifiers, first: number): AscendingIds => {
  let last = first
  return {
    next: () => {
      last += ids.integer(1, 900)
      return last
    },
    skip: (id) => {
      last = Math.max(last, id)
    },
    last: () => last,
    restore: (saved) => {
      last = saved
    },
  }
}
