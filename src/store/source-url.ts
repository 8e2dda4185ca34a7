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

/** A provider's text with the URLs in it shown by {@link withoutSecrets}: importers like to quote what they could not fetch. */
export const withoutUrlSecrets = (text: string): string =>
  text.replace(/\bhttps?:\/\/[^\s"'<>]+/gi, (url) => {
    const trailing = /[.,;:!)\]}]*$/.exec(url)?.[0] ?? ''
    return `${withoutSecrets(url.slice(0, url.length - trailing.length))}${trailing}`
  })
