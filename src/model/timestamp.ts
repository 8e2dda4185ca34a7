const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const dayOfAnyYear = '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)'
/** The days that are in the calendar. Readers differ on what a 30th of February is, so it is none. */
const date = `(?:\\d{4}-${dayOfAnyYear}|${leapYear}-02-29)`
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?'
const local = `${date}[T ]${clock}`

const utc = new RegExp(`^${date}T${clock}Z$`)
const zoneLess = new RegExp(`^${local}$`, 'i')
const offset = new RegExp(`^(${local})(?:Z|([+-])([01]\\d|2[0-3]):?([0-5]\\d))$`, 'i')

const upperT = 'T'.charCodeAt(0)

const withT = (stamp: string): string =>
  stamp.charCodeAt(10) === upperT ? stamp : `${stamp.slice(0, 10)}T${stamp.slice(11)}`

/**
 * A provider's time stamp as an ISO 8601 string that every reader understands alike: with a `T` and a zone, fractions of
 * a second kept. A stamp without a zone is read as UTC, which is what a provider means and not what `new Date` would do.
 * Absent where the text is no time stamp. No `Date` is made here: that costs more than the rest of reading an image.
 */
export const parseTimestamp = (text: string): string | undefined => {
  if (utc.test(text)) return text
  if (zoneLess.test(text)) return `${withT(text)}Z`
  const parts = offset.exec(text)
  if (parts === null) return undefined
  const [, stamp = '', sign, hours, minutes] = parts
  return sign === undefined ? `${withT(stamp)}Z` : `${withT(stamp)}${sign}${hours}:${minutes}`
}
