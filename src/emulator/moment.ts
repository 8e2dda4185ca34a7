import { type Check, isThat } from './shape.ts'

// Four digits of a year are all that providers' time stamps have.
const earliest = Date.parse('0001-01-01T00:00:00Z')

/** The last moment that virtual time can come to, in ms since the epoch: the end of the year 9999. */
export const latestMoment = Date.parse('9999-12-31T23:59:59.999Z')

/** Whether a clock can show it: a number of ms since the epoch, from the year 1 to the year 9999. */
export const canBeShown = (ms: number): boolean => ms >= earliest && ms <= latestMoment

/** A check for a moment that a clock can show. */
export const isMoment: Check = isThat(
  (value) => typeof value === 'number' && canBeShown(value),
  'should be a number of milliseconds since the epoch, from the year 1 to the year 9999',
)

/** Refuses to move time by what is no duration, or past {@link latestMoment}. Both in ms; throws a RangeError. */
export const checkAdvance = (nowMs: number, ms: number): void => {
  if (!(ms >= 0 && Number.isFinite(ms))) throw new RangeError(`Time cannot advance by ${ms} ms`)
  if (nowMs + ms > latestMoment) throw new RangeError(`Time cannot advance by ${ms} ms: the year 9999 is its last`)
}
