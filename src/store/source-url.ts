import type { FieldReasons } from './field-reasons.ts'

const refuse = (reason: string): FieldReasons => ({
  url: `${reason}: give an absolute http or https URL that answers HEAD and GET without credentials`,
})

/** Why a provider could not fetch from a source, as the field `url`; nothing where it could. The URL is not in the text. */
export const reasonAgainstSourceUrl = (url: string): FieldReasons => {
  if (!URL.canParse(url)) return refuse('The source is not an absolute URL')
  const { protocol } = new URL(url)
  return protocol === 'http:' || protocol === 'https:' ? {} : refuse(`The source is ${protocol}, not http or https`)
}

/** A URL as it may be shown and written down: without user info, query and fragment, which may be secrets. */
export const withoutSecrets = (url: string): string => {
  if (!URL.canParse(url)) return '(not a URL)'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/** Shorter texts are no secrets, and stand in too many words. */
const shortestSecret = 4

const decoded = (text: string): readonly string[] => {
  try {
    return [decodeURIComponent(text), decodeURIComponent(text.replaceAll('+', ' '))]
  } catch {
    return []
  }
}

/**
 * What of a source's URL may be secret: user and password, the values of the query, and the fragment, as they stand and decoded. Nothing
 * for what is no URL.
 */
export const secretsOfUrl = (url: unknown): readonly string[] => {
  if (typeof url !== 'string' || !URL.canParse(url)) return []
  const { username, password, search, hash } = new URL(url)
  const values = search
    .slice(1)
    .split('&')
    .map((pair) => pair.slice(pair.indexOf('=') + 1))
  const texts = [username, password, ...values, hash.slice(1)].flatMap((text) => [text, ...decoded(text)])
  return [...new Set(texts)].filter((text) => text.length >= shortestSecret)
}
