import * as E from 'fp-ts/lib/Either.js'
import type { Tag, TagLoss, TagLossReason } from '../../src/model/tag.ts'
import { escapeAll, escapeRuns, isUnicode, undoEscapes } from '../../src/model/tag-escape.ts'

/**
 * DigitalOcean's tag names: letters, digits, colon, dash and underscore, 1 to 255 of them (the published pattern without
 * its escapes, which do not compile with the `u` flag). Source: openapi tags.yml and parameters.yml, fact sheet §10.
 */
export const tagName = /^[A-Za-z0-9_:-]{1,255}$/
const longest = 255

const foreignInKey = /[^a-z0-9_-]+/gu
const foreignInValue = /[^a-z0-9_:-]+/gu

/**
 * A tag's name as DigitalOcean compares it. The capitals an account remembers are those of the tag's first use, even
 * after it is gone (doctl#333), so names that differ in capitals alone are one name.
 */
export const foldTagName = (name: string): string => name.toLowerCase()

const join = (key: string, value: string | undefined): string => (value === undefined ? key : `${key}:${value}`)

/** What an escaped name says, read strictly; absent where it is not one that {@link escapeTag} could have written. */
const readEscaped = (folded: string): Tag | undefined => {
  const colon = folded.indexOf(':')
  const key = undoEscapes(colon < 0 ? folded : folded.slice(0, colon))
  if (key === undefined || key === '') return undefined
  if (colon < 0) return { key }
  const value = undoEscapes(folded.slice(colon + 1))
  return value === undefined ? undefined : { key, value }
}

/** The escaped name of any tag: runs outside the plain alphabet in hex, or all in hex where that reads back as another. */
const escapeTag = ({ key, value }: Tag): string => {
  const readable = join(
    escapeRuns(key, foreignInKey),
    value === undefined ? undefined : escapeRuns(value, foreignInValue),
  )
  const back = readEscaped(readable)
  return back !== undefined && back.key === key && back.value === value
    ? readable
    : join(escapeAll(key), value === undefined || value === '' ? value : escapeAll(value))
}

/**
 * A name that is legal but is no tag's escaped name (`:y`, `__zz__`, `__61__`): it is read as a key, just as it stands.
 * `__3a__` is one too: it says `:`, and `:` has a name of its own already, which is `:`. What an escape says is shorter
 * than the escape, so asking for the name of that comes to an end.
 */
const isLiteral = (folded: string): boolean => {
  const tag = readEscaped(folded)
  return tag === undefined || (tag.key !== folded && nameOf(tag) !== folded)
}

const standsAsItIs = ({ key, value }: Tag): boolean =>
  value === undefined && tagName.test(key) && foldTagName(key) === key && isLiteral(key)

/** The name of any tag, however long. */
const nameOf = (tag: Tag): string => (standsAsItIs(tag) ? tag.key : escapeTag(tag))

/** Names that stand for themselves under any reading: by far the most common, so they take the short way. */
const plainName = /^[a-z0-9-]+$/

/**
 * Reads a tag's name. Total: every name that DigitalOcean can hold is some tag, and writes back as the same name. The
 * spelling is kept in `wire` where the account remembers other capitals than the ones we would write.
 */
export const decodeTag = (name: string): Tag => {
  if (plainName.test(name)) return { key: name }
  const folded = foldTagName(name)
  const tag = (isLiteral(folded) ? undefined : readEscaped(folded)) ?? { key: folded }
  return name === folded ? tag : { ...tag, wire: name }
}

const representable = ({ key, value }: Tag): TagLossReason | undefined => {
  if (key === '') return 'empty-key'
  return isUnicode(key) && isUnicode(value ?? '') ? undefined : 'not-unicode'
}

/** A tag's name, or why there is none: an empty key, half a surrogate pair, or more than 255 characters when escaped. */
export const encodeTag = (tag: Tag): E.Either<TagLoss, string> => {
  const reason = representable(tag)
  if (reason !== undefined) return E.left({ tag, reason })
  const name = nameOf(tag)
  return name.length > longest ? E.left({ tag, reason: 'too-long' }) : E.right(name)
}
