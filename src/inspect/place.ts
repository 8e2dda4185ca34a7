import { fileURLToPath } from 'node:url'
import { InspectError } from './inspect-error.ts'

/** Where an image is: a URL that a server answers, or a path on this machine. */
export interface Place {
  readonly kind: 'url' | 'file'
  readonly text: string
}

/** A scheme before two slashes, or one of HTTP's before anything; a drive letter is none. */
const scheme = /^(?:[a-z][a-z0-9+.-]+:(?=\/\/)|https?:)/i

/**
 * What a slip in a URL leaves: it may hold a secret, which is why no error shows it. A path that looks so can be given from its root, or
 * from here (`./`).
 */
const looksLikeUrl = /^(?![./])(?=.*(?::\/\/|\?|@|;|%3[adf]|^["']?h?ttps?\W))|^\/\//is

const wrong = (message: string, hint: string): InspectError => new InspectError('invalid-argument', message, { hint })

const pathOf = (url: URL): Place => {
  try {
    return { kind: 'file', text: fileURLToPath(url) }
  } catch {
    throw wrong('The file URL names no file of this machine', 'Give the path of the file')
  }
}

/**
 * Whether a text is a URL or a path; one that could be either is a path where `isThere` says so. Throws an {@link InspectError} of kind `invalid-argument` for an empty text, and for a URL that no
 * importer could fetch from: only http and https can be looked at, and `file:` for a path.
 */
export const placeOf = (place: string | URL, isThere: (path: string) => boolean): Place => {
  // What comes out of a file or a variable often ends in a line break.
  const text = typeof place === 'string' || place instanceof URL ? String(place).trim() : ''
  if (text === '' || text.includes('\0')) throw wrong('Nothing to look at', 'Give a URL or the path of a file')
  if (text === '-')
    throw wrong(
      'Standard input is not looked at',
      'A look reads here and there: give a file, or ./- for one of that name',
    )
  if (!scheme.test(text)) {
    if (!looksLikeUrl.test(text) || isThere(text)) return { kind: 'file', text }
    throw wrong(
      'This looks like a URL with a slip in it, or like an odd path',
      'Begin a URL with https://, and a path with ./ or /',
    )
  }
  if (!URL.canParse(text)) throw wrong('This is no URL that can be asked', 'Give an absolute http or https URL')
  const url = new URL(text)
  if (url.protocol === 'file:') return pathOf(url)
  if (url.protocol === 'http:' || url.protocol === 'https:') return { kind: 'url', text: url.href }
  throw wrong(
    `A source of the scheme ${url.protocol} cannot be fetched by an importer`,
    'Put the file where http or https gives it without credentials',
  )
}
