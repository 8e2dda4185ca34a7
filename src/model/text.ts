/** The text as it is; a blank or missing one is absent. Providers send `""` and `" "` where they mean "nothing". */
export const presentText = (text: string | null | undefined): string | undefined =>
  text === null || text === undefined || text.trim() === '' ? undefined : text

/** The longest text of a provider that is passed on, in characters. */
const longestText = 2000

/** A provider's text of a length that one can read and write down: what is cut off is said. */
export const shortened = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText)}… (${text.length - longestText} more characters)`
