import type { ImageFacts } from '../facts.ts'
import { shown, shownList } from './shown.ts'

/** Something that is not known, and why. */
interface Gap {
  readonly what: string
  readonly reason: string
}

const gapOf = (text: string): Gap => {
  const end = text.indexOf(': ')
  return end === -1 ? { what: text, reason: '' } : { what: text.slice(0, end), reason: text.slice(end + 2) }
}

/** Of reasons that differ in a number only, such as how far a look got, the last one. */
const distinct = (reasons: readonly string[]): readonly string[] => [
  ...new Map(reasons.map((reason) => [reason.replace(/\d+/g, '0'), reason])).values(),
]

const isOfDisk = ({ reason }: Gap): boolean => reason === 'not looked at'
const isOfBytes = ({ what }: Gap): boolean => /^bytes \d+ to \d+ of the file$/.test(what)
const isOfLength = ({ what }: Gap): boolean => what === 'whether the file is whole'

const ofPartition = /^the file system of partition (\d+)$/

/** Parts of the disk, with all partitions in one. */
const together = (parts: readonly string[]): readonly string[] => {
  const numbers = parts.flatMap((part) => ofPartition.exec(part)?.[1] ?? [])
  if (numbers.length < 2) return parts
  return [`the file systems of partitions ${numbers.join(', ')}`, ...parts.filter((part) => !ofPartition.test(part))]
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
  const gaps = unknown.map(gapOf)
  const parts = [...new Set([...gaps.filter(isOfDisk).map(({ what }) => what), ...(disk?.unread ?? [])])]
  const stretches = gaps.filter(isOfBytes)
  const reasons = distinct(stretches.map(({ reason }) => reason))
  const others = unknown.filter((_, index) => {
    const gap = gaps[index]
    return gap !== undefined && !isOfDisk(gap) && !isOfBytes(gap) && !(sizeIsTold && isOfLength(gap))
  })
  const whats = parts.length > 0 ? together(parts) : stretches.map(({ what }) => what)
  return [...told(whats, reasons), ...others.map(shown)]
}
