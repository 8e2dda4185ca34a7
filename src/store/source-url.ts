import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'

const refuse = (reason: string) =>
  E.left(
    new ImageStoreError('invalid-argument', `The source cannot be fetched by a provider: ${reason}`, {
      fields: { url: reason },
      hint: 'Give an absolute http or https URL that answers HEAD and GET without credentials',
    }),
  )

/** Checks that a source is an absolute http or https URL. Fails with `invalid-argument`; the URL is not in the message. */
export const checkSourceUrl = (url: string): E.Either<ImageStoreError, string> => {
  if (!URL.canParse(url)) return refuse('it is not an absolute URL')
  const { protocol } = new URL(url)
  return protocol === 'http:' || protocol === 'https:' ? E.right(url) : refuse(`${protocol} is not http or https`)
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
