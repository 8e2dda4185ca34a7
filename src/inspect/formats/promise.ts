import type { Medium } from '../reading.ts'
import { mostBytes } from '../size.ts'
import type { Completeness } from './container.ts'

/**
 * The furthest of several ends, in bytes. What no number can say exactly is beyond any file: it counts as the largest that can be
 * said.
 */
export const furthest = (...ends: readonly (number | undefined)[]): number =>
  Math.min(mostBytes, Math.max(0, ...ends.map((end) => end ?? 0)))

/** The promise. Where not all that tells it could be had, and nothing else shows that the file was cut, there is none. */
export const promised = (file: Medium, promisedBytes: number, isUnread: boolean): Completeness => {
  const isCut = file.length !== undefined && promisedBytes > file.length
  return isUnread && !isCut ? {} : { promisedBytes }
}
