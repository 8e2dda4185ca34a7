import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { reasonAgainstKey } from '../../src/store/operation-key.ts'
import { capabilities } from './capabilities.ts'

/**
 * What DigitalOcean's field `description` holds: the user's own text and, where the import had an operation key, a trailer
 * behind it. The trailer is there in the answer to the import already and in every list, needs no scope of its own, and goes
 * with the image, which a tag would not (fact sheet §5, §10). Snapshots take no description: the key of a capture stands behind
 * the name in the same way, with the server's id.
 */
export interface Description {
  readonly text: string
  readonly key?: string | undefined
  /** What the import asked for, as `specDigest` gives it. */
  readonly digest?: string | undefined
  /** The id of the server that was captured. */
  readonly server?: string | undefined
}

/**
 * At the very end: ` [imageferry:1:<key>:<digest>]`, the key escaped as in a URL; of a capture `:<server>` behind the digest. Empty
 * on both sides it says that there is no key, and stands behind a text that looks like one with a trailer.
 */
const trailer = / ?\[imageferry:1:(?:([\w.!~*'()%-]+):([0-9a-f]+)(?::(\d+))?|:)\]$/

const unescaped = (escaped: string): string | undefined => {
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}

/** Takes a description with a trailer apart; absent where there is no trailer, as in nearly all. */
export const readTrailer = (description: string): Description | undefined => {
  if (!description.endsWith(']')) return undefined
  const found = trailer.exec(description)
  if (found === null) return undefined
  const text = description.slice(0, found.index)
  const [, escaped, digest, server] = found
  if (escaped === undefined) return { text }
  const key = unescaped(escaped)
  return key === undefined ? undefined : { text, key, digest, ...(server === undefined ? {} : { server }) }
}

/** The field's whole text. Read by {@link readTrailer}, or as it stands where that finds none, it is the same again. */
export const writeDescription = ({ text, key, digest = '0', server }: Description): string => {
  if (key === undefined) return readTrailer(text) === undefined ? text : `${text} [imageferry:1::]`
  return `${text}${text === '' ? '' : ' '}[imageferry:1:${encodeURIComponent(key)}:${digest}${server === undefined ? '' : `:${server}`}]`
}

/**
 * The field's text with another text of the user's, and the trailer that it had. Nothing at all is written as a blank, which
 * is what the provider's own clients send to clear it: an empty text may be taken for "not given" (fact sheet §5).
 */
export const withText = (held: string | null | undefined, text: string): string => {
  const written = writeDescription({ ...readTrailer(held ?? ''), text })
  return written === '' ? ' ' : written
}

/** Why an operation key cannot be taken, as the field `key` of an error. */
export const reasonsAgainstKey = (key: string | undefined): FieldReasons => reasonAgainstKey(capabilities, key)

/**
 * The most characters of a name with a key behind it. How long a name may be is not known, and one that was cut would lose its
 * key without a word; this is what a tag may have.
 */
const longestKeyedName = 255

/** Why a name cannot be taken with the key that stands behind it, as the field `name` of an error. */
export const reasonAgainstKeyedName = (written: string): FieldReasons =>
  readTrailer(written)?.key !== undefined && written.length > longestKeyedName
    ? { name: `With the operation key behind it the name is longer than ${longestKeyedName} characters` }
    : {}
