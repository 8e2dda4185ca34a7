const month = '(?:0[1-9]|1[0-2])'
const day = '(?:0[1-9]|[12]\\d|3[01])'
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?'
const local = `\\d{4}-${month}-${day}[T ]${clock}`

const utc = new RegExp(`^\\d{4}-${month}-${day}T${clock}Z$`)
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
