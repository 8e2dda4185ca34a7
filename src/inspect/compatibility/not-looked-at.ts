import type { ImageFacts } from '../facts.ts'
import type { UnreadPart } from '../guest/disk-facts.ts'
import { unreadInWords } from '../guest/unread-part.ts'
import { notKnownInWords } from '../not-known.ts'
import { shown, shownList } from './shown.ts'

/** Of reasons that differ in a number only, such as how far a look got, the last one. */
const distinct = (reasons: readonly string[]): readonly string[] => [
  ...new Map(reasons.map((reason) => [reason.replace(/\d+/g, '0'), reason])).values(),
]

/** Parts of the disk in words, with all partitions in one. */
const together = (parts: readonly UnreadPart[]): readonly string[] => {
  const numbers = parts.flatMap((one) => (one.part === 'file-system' ? (one.partition ?? []) : []))
  if (numbers.length < 2) return parts.map(unreadInWords)
  const others = parts.filter((one) => one.part !== 'file-system' || one.partition === undefined)
  return [`the file systems of partitions ${numbers.join(', ')}`, ...others.map(unreadInWords)]
}

const told = (whats: readonly string[], reasons: readonly string[]): readonly string[] => {
  if (whats.length === 0) return []
  const all = shown(whats.join(', '))
  return [reasons.length === 0 ? all : `${all}: ${shownList(reasons)}`]
}

/**
 * What could not be looked at, in words that may be shown: the parts of the disk together with the reason why their bytes did not come, each once. Where the
 * length of what is in a compression is told to be unknown elsewhere (`sizeIsTold`), it is left out.
 */
export const notLookedAt = ({ disk, unknown }: ImageFacts, sizeIsTold: boolean): readonly string[] => {
  const parts = disk?.unread ?? []
  const stretches = unknown.filter(({ about }) => about === 'bytes')
  const reasons = distinct(stretches.map(({ reason }) => reason))
  const others = unknown.filter(({ about }) => about === 'packed' || (about === 'wholeness' && !sizeIsTold))
  const whats = parts.length > 0 ? together(parts) : stretches.map(({ what }) => what)
  return [...told(whats, reasons), ...others.map((one) => shown(notKnownInWords(one)))]
}
