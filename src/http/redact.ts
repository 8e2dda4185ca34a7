const shortestSecret = 4
const replacement = '[redacted]'

/** Secrets are looked for in pieces of so many characters: a pattern has a largest length. */
const longestPiece = 400

/** Takes something out of a text. */
export type Redaction = (text: string) => string

/** A secret in one of its spellings, as patterns. */
interface Spelling {
  readonly characters: readonly string[]
  /** What may stand between two of them. */
  readonly between: string
  readonly end: string
}

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

/** What may stand between two characters of base64 that comes in lines: breaks and blanks, also escaped and URL-encoded. */
const lineBreak = '(?:\\s|\\\\{1,4}[rnt]|%(?:25)?0[aAdD])*'

/** A character of base64 in both alphabets, and as it stands in a URL. */
const anyBase64 = (character: string): string => {
  if (character === '+') return '(?:[+-]|%2[bB])'
  return character === '/' ? '(?:\\\\?/|_|%2[fF])' : character
}

/**
 * A text in base64 behind any other text: only those characters that its bytes alone decide, since what stands before and behind it has a
 * part in the others.
 */
const inBase64 = (bytes: Buffer, before: number): Spelling => {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const isShared = (before + bytes.length) % 3 !== 0
  const own = encoded.slice([0, 2, 3][before], isShared ? -1 : undefined)
  return {
    characters: [...own].map(anyBase64),
    between: lineBreak,
    end: isShared ? '[\\w+/-]?(?:=|%3[dD]){0,2}' : '',
  }
}

const piecesOf = (secret: string): readonly string[] => {
  const characters = [...secret]
  return Array.from({ length: Math.ceil(characters.length / longestPiece) }, (_, index) =>
    characters.slice(index * longestPiece, (index + 1) * longestPiece).join(''),
  )
}

const spellingsOf = (piece: string): readonly Spelling[] => {
  const bytes = Buffer.from(piece, 'utf8')
  return [
    { characters: [...piece].map((character) => `(?:${anySpelling(character)})`), between: '', end: '' },
    ...[0, 1, 2].map((before) => inBase64(bytes, before)),
  ]
}

/** So many characters of a spelling tell nearly always that it is not there: the pattern of all of it takes milliseconds to compile. */
const headLength = 6

const redactionOfSpelling = ({ characters, between, end }: Spelling): Redaction => {
  const head = new RegExp(characters.slice(0, headLength).join(between))
  let whole: RegExp | undefined
  return (text) => {
    if (!head.test(text)) return text
    whole ??= new RegExp(`${characters.join(between)}${end}`, 'g')
    return text.replace(whole, replacement)
  }
}

/** Takes one secret out of a text; what is shorter than four characters is none. The patterns are made when they are first needed. */
export const redactionOf = (secret: string): Redaction => {
  if (secret.length < shortestSecret) return (text) => text
  let redactions: readonly Redaction[] | undefined
  return (text) => {
    redactions ??= piecesOf(secret).flatMap(spellingsOf).map(redactionOfSpelling)
    return redactions.reduce((clean, redact) => redact(clean), text)
  }
}

/**
 * Takes credentials out of a text, in whatever spelling: as they are, URL-encoded in part or throughout, once or twice, escaped in JSON,
 * and in base64, where they may be a part of what was encoded and it may come in lines. Providers quote the token they refuse, and
 * network libraries the headers they sent.
 *
 * What passes: a secret that is URL-encoded three times, in HTML entities, in hexadecimal or in escapes such as `\x24`, in base64 of
 * base64, escaped in JSON within JSON, broken by anything else than a line of base64, and in part.
 */
export const redactor = (redactions: ReadonlyMap<string, Redaction>): Redaction => {
  // The longer first: of two that begin alike, the shorter would leave the rest of the other.
  const inOrder = [...redactions].sort(([a], [b]) => b.length - a.length)
  return (text) => inOrder.reduce((clean, [, redact]) => redact(clean), text)
}
