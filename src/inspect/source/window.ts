import type { Stretches } from './stretches.ts'

/** The beginning of a file is fetched with the first request, since every format has its header and most have their tables there. */
export const firstBytes = 320 * 2 ** 10

/** What is fetched at once at the least: a request costs as much as this does. */
const leastBytes = 48 * 2 ** 10

const mostBytes = 256 * 2 ** 10

/** A stretch of a file, in bytes. */
export interface Window {
  readonly at: number
  readonly length: number
}

/**
 * What to fetch for the bytes from `at`, which is not known, to `end`: 48 KiB to 256 KiB of what is unknown there, after the place and, where
 * the file or the unknown ends too soon, before it. `left` is the most that may be fetched. Nothing where nothing may.
 */
export const windowFor = (
  { at, end }: { readonly at: number; readonly end: number },
  known: Stretches,
  { length = Number.POSITIVE_INFINITY, left }: { readonly length: number | undefined; readonly left: number },
): Window => {
  const most = Math.min(mostBytes, left)
  const wanted = Math.min(Math.max(end - at, leastBytes), most)
  const until = Math.min(at + wanted, known.nextKnown(at), length)
  // Tables at the end of a file are read backwards.
  const from = Math.max(Math.min(at, until - Math.min(leastBytes, most)), known.lastEnd(at), 0)
  return { at: from, length: until - from }
}
