import { byteReader } from '../byte-reader.ts'
import { crc32 } from '../crc32.ts'
import { guidAt } from '../guid.ts'
import { printable, utf16At } from '../names.ts'
import type { Medium, Part, Reading } from '../reading.ts'
import type { Partition, UnreadPart } from './disk-facts.ts'
import { factsOfType } from './partition-types.ts'

const smallestHeaderBytes = 92
const smallestEntryBytes = 128
const largestEntryBytes = 4096
const usualEntries = 128

/** As many are looked at where there are no more: xorriso makes 248. */
const mostEntries = 512
const mostEntryBytes = 65_536
const nameUnits = 36
const unused = '00000000-0000-0000-0000-000000000000'
const legacyBiosBootable = 1 << 2

/** A GPT's header: one of the two that a disk has. Places are in sectors. */
export interface GptHeader {
  /** The sectors that it counts in, in bytes. */
  readonly sectorBytes: number
  readonly own: number
  /** Where the other header lies. */
  readonly alternate: number
  /** The last sector that a partition may have. */
  readonly lastUsable: number
  readonly entriesAt: number
  readonly entries: number
  readonly entryBytes: number
  readonly entriesCrc: number
  /** Whether its check sum is right. */
  readonly intact: boolean
}

/** The header at a place (in bytes), by its signature; whether it is what it should be, `intact` tells. */
export const gptHeaderAt = (bytes: Uint8Array, at: number, sectorBytes: number): GptHeader | undefined => {
  const reader = byteReader(bytes)
  const own = reader.u64le(at + 24)
  const alternate = reader.u64le(at + 32)
  const lastUsable = reader.u64le(at + 48)
  const entriesAt = reader.u64le(at + 72)
  const entries = reader.u32le(at + 80)
  const entryBytes = reader.u32le(at + 84)
  const entriesCrc = reader.u32le(at + 88)
  if (
    !reader.has(at, 'EFI PART') ||
    own === undefined ||
    alternate === undefined ||
    lastUsable === undefined ||
    entriesAt === undefined ||
    entries === undefined ||
    entryBytes === undefined ||
    entriesCrc === undefined
  ) {
    return undefined
  }
  const headerBytes = reader.u32le(at + 12) ?? 0
  const intact =
    headerBytes >= smallestHeaderBytes &&
    headerBytes <= sectorBytes &&
    at + headerBytes <= bytes.length &&
    headerCrc(bytes.subarray(at, at + headerBytes)) === reader.u32le(at + 16)
  return { sectorBytes, own, alternate, lastUsable, entriesAt, entries, entryBytes, entriesCrc, intact }
}

/** The check sum's own four bytes count as zeros. */
const headerCrc = (header: Uint8Array): number => crc32(header.subarray(0, 16), new Uint8Array(4), header.subarray(20))

/** What the entries tell. */
export interface GptEntries {
  readonly partitions: readonly Partition[]
  readonly damage: readonly string[]
  readonly unread: readonly UnreadPart[]
}

/**
 * The partitions that a header leads to: of up to 512 entries all are looked at, of more the first 128, and 64 KiB at the most. `start` is what
 * was read of the disk from its first byte on.
 */
export function* readGptEntries(disk: Medium, header: GptHeader, start: Part): Reading<GptEntries> {
  const { entryBytes, entriesAt, sectorBytes } = header
  if (entryBytes < smallestEntryBytes || entryBytes > largestEntryBytes) {
    return { partitions: [], damage: [`the GPT has entries of ${entryBytes} bytes`], unread: [] }
  }
  const most = header.entries <= mostEntries ? header.entries : usualEntries
  const looked = Math.min(most, Math.floor(mostEntryBytes / entryBytes))
  const part = yield* readUnlessThere(disk, entriesAt * sectorBytes, looked * entryBytes, start)
  const there = Math.min(looked, Math.floor(part.bytes.length / entryBytes))
  const places = Array.from({ length: there }, (_, index) => index)
  const entries = places.flatMap((index) => entryAt(part.bytes, index, header))
  const isWhole = there === header.entries
  const crcIsWrong = isWhole && crc32(part.bytes.subarray(0, there * entryBytes)) !== header.entriesCrc
  return {
    partitions: entries.filter(isPossible),
    damage: [
      ...(crcIsWrong ? ['the check sum of the GPT entries is wrong'] : []),
      ...(part.short === 'end' || part.short === 'damaged' ? ['the GPT entries lead out of the disk'] : []),
      ...entries.filter((entry) => !isPossible(entry)).map(({ number }) => `partition ${number} has no possible place`),
    ],
    unread:
      header.entries > there && (part.short === undefined || part.short === 'unavailable')
        ? [{ part: 'gpt-entries', from: there + 1 }]
        : [],
  }
}

function* readUnlessThere(disk: Medium, at: number, length: number, start: Part): Reading<Part> {
  const end = at + length
  return end <= start.bytes.length ? { bytes: start.bytes.subarray(at, end) } : yield* disk.read(at, length)
}

const isPossible = ({ at, bytes }: Partition): boolean => bytes > 0 && Number.isSafeInteger(at + bytes)

const entryAt = (bytes: Uint8Array, index: number, { entryBytes, sectorBytes }: GptHeader): readonly Partition[] => {
  const reader = byteReader(bytes)
  const at = index * entryBytes
  const type = guidAt(reader, at)
  const first = reader.u64le(at + 32)
  const last = reader.u64le(at + 40)
  if (type === undefined || type === unused || first === undefined || last === undefined) return []
  const name = printable(utf16At(reader, at + 56, nameUnits))
  return [
    {
      number: index + 1,
      type,
      ...factsOfType(type),
      ...(name !== '' && { name }),
      at: first * sectorBytes,
      bytes: (last - first + 1) * sectorBytes,
      active: ((reader.u32le(at + 48) ?? 0) & legacyBiosBootable) !== 0,
    },
  ]
}
