import type { NotKnown } from 'imageferry/inspect'

/** What is not known, a line each, as people read it. */
export const linesOf = (unknown: readonly NotKnown[]): readonly string[] =>
  unknown.map(({ what, reason }) => `${what}: ${reason}`)
