import { secretsOfUrl } from '../../store/source-url.ts'

const longestText = 200
const replacement = '[redacted]'

/** What a signed link asks its server to call the file is no secret: media types and content codings. */
const isPublicWord = (text: string): boolean =>
  /^(?:(?:application|audio|binary|image|text|video)\/[a-z.+-]+|br|compress|deflate|gzip|identity|zstd)$/i.test(text)

const pattern = (secret: string): RegExp => new RegExp(secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gi')

/**
 * A server's text as it may be written down: without what may be secret in the URLs that it was asked for, as it stands, decoded and
 * encoded, and not above 200 characters.
 */
export const toldText = (urls: readonly URL[]): ((text: string) => string) => {
  const secrets = urls
    .flatMap(({ href }) => secretsOfUrl(href))
    .filter((secret) => !isPublicWord(secret))
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
  // The longer first: of two that begin alike, the shorter would leave the rest of the other.
  const patterns = [...new Set(secrets)].sort((a, b) => b.length - a.length).map(pattern)
  return (text) => {
    const clean = patterns.reduce((rest, secret) => rest.replace(secret, replacement), text)
    return clean.length <= longestText ? clean : `${clean.slice(0, longestText)}…`
  }
}
