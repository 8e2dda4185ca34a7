import { shortened } from '../model/text.ts'

/** A colon and a slash as they are, escaped in JSON, and URL-encoded once or several times. */
const colon = String.raw`(?::|%(?:25){0,3}3a|\\{1,4}u003a)`
const slash = String.raw`(?:\\{0,4}/|%(?:25){0,3}2f|\\{1,4}u002f)`

/** What follows the scheme of a URL, whatever scheme it is and whatever stands before; also where there is none. */
const addresses = new RegExp(String.raw`${colon}?${slash}{2}[^\s"'<>]+`, 'gi')

/** What comes before or behind a secret in a URL: user info, a query or a fragment, in the same spellings. */
const mark = /[@?#]|%(?:25){0,3}(?:40|3f|23)|\\u00(?:40|3f|23)/i

const punctuation: ReadonlySet<string> = new Set('.,;:!)]}\\')

/** Where a URL ends that a sentence goes on behind. */
const endOf = (address: string): number => {
  let end = address.length
  while (end > 0 && punctuation.has(address.charAt(end - 1))) end--
  return end
}

const unescaped = (text: string): string =>
  text
    .replace(/\\{1,4}u00([2-7][\da-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\{1,4}(["/])/g, '$1')

/** The address decoded until it reads as one; absent where it does not decode. */
const inPlain = (address: string, rounds = 4): string | undefined => {
  const text = unescaped(address)
  if (/^:?\/\//.test(text)) return text
  if (rounds === 0) return undefined
  try {
    return inPlain(decodeURIComponent(text), rounds - 1)
  } catch {
    return undefined
  }
}

/** A path up to the address that it carries, as the paths of mirrors and proxies do. */
const withoutNested = (path: string): string => {
  const nested = path.slice(1).search(addresses)
  return nested === -1 ? path : `${path.slice(0, nested + 1)}…`
}

const hidden = '(not a URL)'

const withoutItsSecrets = (address: string): string => {
  const plain = inPlain(address)
  // A backslash ends the host to some readers and belongs to the password to others.
  if (plain === undefined || /^:?\/\/[^/?#]*\\/.test(plain)) return hidden
  const url = plain.startsWith(':') ? `http${plain}` : `http:${plain}`
  if (!URL.canParse(url)) return hidden
  const { host, pathname } = new URL(url)
  return `${plain.startsWith(':') ? ':' : ''}//${host}${withoutNested(pathname)}`
}

/**
 * A provider's text with the URLs in it shown without user info, query and fragment: importers like to quote what they could not
 * fetch. Of every scheme and of none, and also escaped in JSON or URL-encoded.
 */
const withoutUrlSecrets = (text: string): string =>
  text.replace(addresses, (address) => {
    if (!mark.test(address)) return address
    const end = endOf(address)
    return `${withoutItsSecrets(address.slice(0, end))}${address.slice(end)}`
  })

/** What a provider says, as it may be passed on: without the secrets of URLs, and cut where it is long. */
export const quoted = (text: string): string => shortened(withoutUrlSecrets(text))
