const shortestSecret = 4
const replacement = '[redacted]'

const spellings = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret, 'utf8').toString('base64'),
]

/**
 * Takes credentials out of a text: as they are, URL-encoded and in base64. Providers quote the token they refuse, and
 * network libraries the headers they sent.
 */
export const redactor = (secrets: readonly string[]): ((text: string) => string) => {
  const known = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(spellings)
  return (text) => known.reduce((clean, secret) => clean.replaceAll(secret, replacement), text)
}
