/** A moment in milliseconds since the epoch; absent where a text says none. */
export const momentOf = (text: string | null | undefined): number | undefined => {
  const moment = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isNaN(moment) ? undefined : moment
}

/** The start of the second that a moment lies in, in milliseconds: DigitalOcean's moments are whole seconds (fact sheet §2). */
export const secondOf = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000
