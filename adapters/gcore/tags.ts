import * as E from 'fp-ts/lib/Either.js'
import type { Tag, TagLoss, TagLossReason } from '../../src/model/tag.ts'
import { escapeAll, escapeRuns, isUnicode, undoEscapes } from '../../src/model/tag-escape.ts'

/**
 * Gcore's tag keys: 1 to 255 characters, no blanks, no equals sign. Source: CreateTagsSerializer, fact sheet §3.3.
 * (A guide page says three characters at least; the specification is the newer of the two and is followed.)
 */
const legalKey = /^[^\s=]+$/u
/** What a server in Python strips from the edges of a text: four control characters and U+0085 beside the blanks. */
const blank = '\\s\\u001c-\\u001f\\u0085'
/**
 * Gcore's tag values: 1 to 255 characters, no tab or line break, but any other control character; blanks at the edges are
 * stripped by the server. Source: CreateTagsSerializer, fact sheet §3.3.
 */
const legalValue = new RegExp(`^(?![${blank}])[^\\t\\n\\r\\f\\v]*[^${blank}]$`, 'u')
const longest = 255

const foreignInKey = /[\s=\p{Cc}]+/gu
const foreignInValue = new RegExp(`[\\t\\n\\r\\f\\v]+|^[${blank}]+|[${blank}]+$`, 'gu')

/** How "no value" is written where there must be one. Not hex, so that it is no escape of any text. */
const absent = '__none__'
/** How "an empty value" is written: an escape group with nothing in it. */
const empty = '____'

const escapeText = (text: string, foreign: RegExp): string => {
  const readable = escapeRuns(text, foreign)
  return undoEscapes(readable) === text ? readable : escapeAll(text)
}

/** In characters, as JSON Schema counts them, not in the units of UTF-16. */
const lengthOf = (text: string): number => (text.length <= longest ? text.length : [...text].length)

const isLegal = (text: string, grammar: RegExp): boolean => lengthOf(text) <= longest && grammar.test(text)

/**
 * A key as it is read: an escape counts as one only where we would write it for what it says. What an escape says is
 * shorter than the escape, so asking how that is written comes to an end.
 */
const readKey = (wire: string): string => {
  const key = undoEscapes(wire)
  return key !== undefined && key !== wire && writeKey(key) === wire ? key : wire
}

const writeKey = (key: string): string =>
  isLegal(key, legalKey) && readKey(key) === key ? key : escapeText(key, foreignInKey)

/** A value as it is read, by the same rule as a key; absent where it is the word for no value. */
const readValue = (wire: string): string | undefined => {
  if (wire === absent) return undefined
  if (wire === empty) return ''
  const value = undoEscapes(wire)
  return value !== undefined && value !== wire && writeValue(value) === wire ? value : wire
}

const writeValue = (value: string | undefined): string => {
  if (value === undefined) return absent
  if (value === '') return empty
  if (isLegal(value, legalValue) && readValue(value) === value) return value
  // The two words above must be told apart from values that happen to be spelt so.
  return value === absent || value === empty ? escapeAll(value) : escapeText(value, foreignInValue)
}

/** A tag as Gcore holds it: the key and the value of a map. */
export interface TagPair {
  readonly key: string
  readonly value: string
}

/** Reads a tag. Total: every pair that Gcore can hold is some tag, and writes back as the same pair. */
export const decodeTag = (pair: TagPair, readOnly = false): Tag => {
  const value = readValue(pair.value)
  const tag: Tag = value === undefined ? { key: readKey(pair.key) } : { key: readKey(pair.key), value }
  return readOnly ? { ...tag, readOnly } : tag
}

const reasonAgainst = ({ key, value }: Tag): TagLossReason | undefined => {
  if (key === '') return 'empty-key'
  return isUnicode(key) && isUnicode(value ?? '') ? undefined : 'not-unicode'
}

/** The pair that holds a tag, or why there is none: an empty key, half a surrogate pair, over 255 characters escaped. */
export const encodeTag = (tag: Tag): E.Either<TagLoss, TagPair> => {
  const reason = reasonAgainst(tag)
  if (reason !== undefined) return E.left({ tag, reason })
  const pair = { key: writeKey(tag.key), value: writeValue(tag.value) }
  return lengthOf(pair.key) > longest || lengthOf(pair.value) > longest
    ? E.left({ tag, reason: 'too-long' })
    : E.right(pair)
}

/** All tags as Gcore's map, beside those that it cannot hold: a key has one value there, so a second one is a loss. */
export const encodeTags = (
  tags: readonly Tag[],
): { readonly map: Readonly<Record<string, string>>; readonly losses: readonly TagLoss[] } => {
  const map = new Map<string, string>()
  const losses: TagLoss[] = []
  for (const tag of tags) {
    const pair = encodeTag(tag)
    if (E.isLeft(pair)) losses.push(pair.left)
    else if (map.has(pair.right.key) && map.get(pair.right.key) !== pair.right.value)
      losses.push({ tag, reason: 'second-value' })
    else map.set(pair.right.key, pair.right.value)
  }
  // A map made this way may hold the key `__proto__`, which an object literal may not.
  return { map: Object.fromEntries(map), losses }
}
