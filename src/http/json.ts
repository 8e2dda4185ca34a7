import * as E from 'fp-ts/lib/Either.js'

/** The deepest nesting that is read; providers nest five levels. Deeper values overflow the stack of whoever prints or copies them. */
const mostLevels = 64

/**
 * The most objects and lists that one answer may hold. A list of 20,000 images has less than half of that; `{},` over and over takes thirty
 * times its length in memory.
 */
const mostNodes = 250_000

const occurrences = (text: string, sign: string, most: number): number => {
  let count = 0
  for (let at = text.indexOf(sign); at >= 0 && count <= most; at = text.indexOf(sign, at + 1)) count++
  return count
}

/** Whether a text may open more objects and lists than are read. Those inside texts count as well, which are few. */
const mayHoldTooMany = (text: string): boolean =>
  text.length > mostNodes && occurrences(text, '{', mostNodes) + occurrences(text, '[', mostNodes) > mostNodes

/** Whether a value is nested deeper than so many levels. It goes no deeper itself. */
const isDeeperThan = (levels: number, value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(levels - 1, item))
  // No list of the values: this runs for every image of every list.
  for (const key in value) if (isDeeperThan(levels - 1, Reflect.get(value, key))) return true
  return false
}

/** Reads JSON. On the left what is wrong with it, in words that go behind "The answer". */
export const parsedJson = (text: string): E.Either<string, unknown> => {
  if (mayHoldTooMany(text)) return E.left(`holds more than ${mostNodes} objects and lists`)
  try {
    const value: unknown = JSON.parse(text)
    return isDeeperThan(mostLevels, value) ? E.left(`is nested deeper than ${mostLevels} levels`) : E.right(value)
  } catch {
    return E.left('is not JSON')
  }
}
