const shortestSecret = 4
const replacement = '[redacted]'

/** Secrets are looked for in pieces of so many characters: a pattern has a largest length. */
const longestPiece = 400

const hexDigit = (digit: string): string => (/[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit)

const hex = (value: number, digits: number): string =>
  [...value.toString(16).padStart(digits, '0')].map(hexDigit).join('')

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** One character in all its spellings: as it is, escaped in JSON, URL-encoded once or twice, and a blank as forms have it. */
const anySpelling = (character: string): string => {
  const bytes = [...Buffer.from(character, 'utf8')].map((byte) => `%(?:25)?${hex(byte, 2)}`).join('')
  const units = Array.from({ length: character.length }, (_, index) => `\\\\u${hex(character.charCodeAt(index), 4)}`)
  return [
    /["\\/]/.test(character) ? `\\\\?${literally(character)}` : literally(character),
    bytes,
    units.join(''),
    ...(character === ' ' ? ['\\+'] : []),
  ].join('|')
}

/** A character of base64 in both alphabets, and as it stands in a URL. */
const anyBase64 = (character: string): string => {
  if (character === '+') return '(?:[+-]|%2[bB])'
  return character === '/' ? '(?:\\\\?/|_|%2[fF])' : character
}

/**
 * A text in base64 behind any other text: only those characters that its bytes alone decide, since what stands before and behind it has a
 * part in the others.
 */
const inBase64 = (bytes: Buffer, before: number): string => {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const isShared = (before + bytes.length) % 3 !== 0
  const own = encoded.slice([0, 2, 3][before], isShared ? -1 : undefined)
  return `${[...own].map(anyBase64).join('')}${isShared ? '[\\w+/-]?(?:=|%3[dD]){0,2}' : ''}`
}

const piecesOf = (secret: string): readonly string[] => {
  const characters = [...secret]
  return Array.from({ length: Math.ceil(characters.length / longestPiece) }, (_, index) =>
    characters.slice(index * longestPiece, (index + 1) * longestPiece).join(''),
  )
}

const patternsOf = (piece: string): readonly string[] => {
  const bytes = Buffer.from(piece, 'utf8')
  return [
    [...piece].map((character) => `(?:${anySpelling(character)})`).join(''),
    ...[0, 1, 2].map((before) => inBase64(bytes, before)),
  ]
}

/**
 * Takes credentials out of a text, in whatever spelling: as they are, URL-encoded in part or throughout, escaped in JSON, and in base64,
 * where they may be a part of what was encoded. Providers quote the token they refuse, and network libraries the headers they sent. What
 * is shorter than four characters is no secret.
 */
export const redactor = (secrets: readonly string[]): ((text: string) => string) => {
  const patterns = [...new Set(secrets)]
    .filter((secret) => secret.length >= shortestSecret)
    // The longer first: of two that begin alike, the shorter would leave the rest of the other.
    .sort((a, b) => b.length - a.length)
    .flatMap(piecesOf)
    .flatMap(patternsOf)
    .map((pattern) => new RegExp(pattern, 'g'))
  return (text) => patterns.reduce((clean, pattern) => clean.replace(pattern, replacement), text)
}
