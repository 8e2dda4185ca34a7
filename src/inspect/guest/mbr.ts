import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import type { Partition } from './disk-facts.ts'
import { factsOfType, mbrTypeText } from './partition-types.ts'

/** The sectors that an MBR counts in, in bytes. */
export const mbrSectorBytes = 512

const protectiveType = 0xee
/** The type of an entry that only says that the disk has a GPT, as text. */
export const protectiveTypeText = mbrTypeText(protectiveType)

const extendedTypes: readonly number[] = [0x05, 0x0f, 0x85]
const wholeDisk = 0xffff_ffff
const firstLogicalNumber = 5

/** Each further link of the chain lies far from the last, and costs a wish: what is left of a look is for the file systems. */
const mostLinks = 6

/** One entry of an MBR, in sectors of 512 bytes. */
export interface MbrEntry {
  /** From 1, by its place in the table. */
  readonly number: number
  readonly type: number
  readonly active: boolean
  readonly firstSector: number
  readonly sectors: number
}

/** All that stands in the four places; none where the sector is no partition table. */
const allEntries = (sector: ByteReader): readonly MbrEntry[] => {
  if (!sector.has(510, '\x55\xaa')) return []
  const places = [446, 462, 478, 494]
  // A file system's boot sector ends in the same two bytes, but has code where a partition says if it is active.
  if (!places.every((at) => sector.u8(at) === 0 || sector.u8(at) === 0x80)) return []
  return places.map((at, index) => ({
    number: index + 1,
    type: sector.u8(at + 4) ?? 0,
    active: sector.u8(at) === 0x80,
    firstSector: sector.u32le(at + 8) ?? 0,
    sectors: sector.u32le(at + 12) ?? 0,
  }))
}

/** The entries that are used; none where the sector is no partition table. */
export const mbrEntries = (sector: ByteReader): readonly MbrEntry[] =>
  allEntries(sector).filter(({ type, firstSector, sectors }) => type !== 0 && firstSector > 0 && sectors > 0)

/** Whether a place (in bytes) lies in an entry, also in one that begins with the table itself, as on discs, or has no type. */
export const isInEntry = (sector: ByteReader, at: number): boolean =>
  allEntries(sector).some(
    (entry) =>
      !isProtective(entry) &&
      entry.firstSector * mbrSectorBytes <= at &&
      at < (entry.firstSector + entry.sectors) * mbrSectorBytes,
  )

/** Whether the entry only says that the disk has a GPT. */
export const isProtective = ({ type }: MbrEntry): boolean => type === protectiveType

/** The end of the last partition in bytes. A protective one may span "everything" instead of the disk's real length: that promises nothing. */
export const mbrEnd = (entries: readonly MbrEntry[]): number =>
  Math.max(
    mbrSectorBytes,
    ...entries
      .filter((entry) => !isProtective(entry) || entry.sectors !== wholeDisk)
      .map(({ firstSector, sectors }) => (firstSector + sectors) * mbrSectorBytes),
  )

/** An entry as a partition. */
export const mbrPartition = ({ number, type, active, firstSector, sectors }: MbrEntry): Partition => ({
  number,
  type: mbrTypeText(type),
  ...factsOfType(mbrTypeText(type)),
  at: firstSector * mbrSectorBytes,
  bytes: sectors * mbrSectorBytes,
  active,
})

const isExtended = ({ type }: MbrEntry): boolean => extendedTypes.includes(type)

/** The logical partitions, and whether there may be more than were looked at. */
export interface LogicalPartitions {
  readonly partitions: readonly Partition[]
  readonly complete: boolean
}

/**
 * The logical partitions in an extended one: a chain of sectors, each with one partition and the place of the next. At most six links
 * are followed, so that a chain which bites its tail ends as well.
 */
export function* readLogicalPartitions(disk: Medium, entries: readonly MbrEntry[]): Reading<LogicalPartitions> {
  const extended = entries.find(isExtended)
  if (extended === undefined) return { partitions: [], complete: true }
  const partitions: Partition[] = []
  let link = extended.firstSector
  for (let links = 0; links < mostLinks; links += 1) {
    const part = yield* disk.read(link * mbrSectorBytes, mbrSectorBytes)
    if (part.bytes.length < mbrSectorBytes) return { partitions, complete: false }
    const found = mbrEntries(byteReader(part.bytes))
    const logical = found.find((entry) => !isExtended(entry))
    if (logical !== undefined) {
      const number = firstLogicalNumber + partitions.length
      partitions.push(mbrPartition({ ...logical, number, firstSector: link + logical.firstSector }))
    }
    const next = found.find(isExtended)
    if (next === undefined) return { partitions, complete: true }
    link = extended.firstSector + next.firstSector
  }
  return { partitions, complete: false }
}
