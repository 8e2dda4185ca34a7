/**
 * The escape that lets a provider's narrow tag grammar hold any text: a run of characters outside the provider's plain
 * alphabet is written `__<utf-8 in lower-case hex>__`. Only lower-case letters are written, because some accounts
 * remember a tag in whatever capitals it was first given.
 */

const escapeGroup = /__((?:[0-9a-f]{2})+)__/g
const loneSurrogate = /\p{Cs}/u
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Whether a text is a sequence of Unicode characters: without half of a surrogate pair, which UTF-8 cannot hold. */
export const isUnicode = (text: string): boolean => !loneSurrogate.test(text)

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex')

/** The whole text as one escape group. */
export const escapeAll = (text: string): string => `__${hex(text)}__`

/** The text with every run matched by `foreign` (a global expression over runs) written as an escape group. */
export const escapeRuns = (text: string, foreign: RegExp): string => text.replace(foreign, escapeAll)

/** The text with its escape groups undone; absent where a group holds no UTF-8. */
export const undoEscapes = (text: string): string | undefined => {
  try {
    return text.replace(escapeGroup, (_, digits: string) => strictUtf8.decode(Buffer.from(digits, 'hex')))
  } catch {
    return undefined
  }
}
