import type { Explained, Outcome } from './task.ts'

// The library's own numbers.
const dictionaryTooLarge = 4
const wrongFormat = 5
const unknownOption = 6
const wrongData = 7

const checkAt = 7
const knownChecks: ReadonlySet<number | undefined> = new Set([0, 1, 4])
const sha256 = 10

/** What the library does not know; its number is the same for checks and for filters. */
const unknownOptionOf = (packed: Uint8Array): string => {
  if (packed[checkAt] === sha256) return 'xz with a SHA-256 check'
  return knownChecks.has(packed[checkAt]) ? 'xz with another filter than LZMA2' : 'xz with an unknown check'
}

/** Why xz streams were not unpacked further. What the library does not know (more than 64 MiB of dictionary, say) is `unavailable`. */
export const explainXz = (packed: Uint8Array, { ending, code }: Outcome): Explained => {
  if (code === wrongFormat || code === wrongData) return { short: 'damaged' }
  if (code === dictionaryTooLarge) return { short: 'unavailable', reason: 'xz with a dictionary above 64 MiB' }
  return code === unknownOption ? { short: ending, reason: unknownOptionOf(packed) } : { short: ending }
}
