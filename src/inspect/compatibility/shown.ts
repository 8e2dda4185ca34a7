import { quoted } from '../../store/quoted.ts'

/** The longest text from a file that is passed on, in characters. */
const longest = 200

/**
 * A text out of a file or from a server as it may be shown: without the secrets of URLs, without characters that a terminal obeys, and cut
 * where it is long. A blank one says that it is.
 */
export const shown = (text: string): string => {
  const plain = quoted(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
  if (plain.trim() === '') return '(blank)'
  return plain.length <= longest ? plain : `${plain.slice(0, longest)}…`
}

/** A list of such texts, the first ten of them. */
export const shownList = (texts: readonly string[]): string =>
  [...texts.slice(0, 10).map(shown), ...(texts.length > 10 ? [`${texts.length - 10} more`] : [])].join(', ')
