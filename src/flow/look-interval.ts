/** Looks come this often at first, in milliseconds … */
const shortestMs = 5_000
/** … and this often at the last, in milliseconds: what happens is noticed that much later at the most. */
const longestMs = 15_000
/** In between, the next look comes after this share of the age so far. */
const growth = 0.15
/** What fails at once has failed by then, in milliseconds. */
const instantMs = 15_000
/** Before this share of what such operations take, none of them is looked for to end. */
const earlyShare = 0.6
/** Where less than this share of the request budget is left, looks come less often … */
const scarceShare = 0.25
/** … by this factor at the most. */
const mostStretched = 4

/** How long an operation needs no further look, in milliseconds. */
export const lookInterval = (
  /** How long it has been waited for, in milliseconds. */
  ageMs: number,
  /** How long such operations take, in milliseconds, where some have ended. */
  estimateMs: number | undefined,
  /** The share of the request budget that is left, from 0 to 1, where the store tells. */
  requestsLeft: number | undefined,
): number => {
  const isEarly = estimateMs !== undefined && ageMs >= instantMs && ageMs < estimateMs * earlyShare
  const interval = isEarly ? longestMs : Math.min(Math.max(ageMs * growth, shortestMs), longestMs)
  // A share that is no number is none that is told.
  const isScarce = requestsLeft !== undefined && requestsLeft < scarceShare
  const stretch = isScarce ? scarceShare / Math.max(requestsLeft, 0.01) : 1
  return interval * Math.min(stretch, mostStretched)
}
