import { byteReader } from '../byte-reader.ts'
import type { Medium, Part, Reading } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import type { DiskFacts } from './disk-facts.ts'
import { type GptHeader, gptHeaderAt, readGptEntries } from './gpt.ts'
import {
  isProtective,
  type MbrEntry,
  mbrEnd,
  mbrEntries,
  mbrPartition,
  mbrSectorBytes,
  readLogicalPartitions,
} from './mbr.ts'
import { missingSecondGpt } from './missing-second-gpt.ts'
import { staleGpt } from './stale-gpt.ts'
import { unannouncedGpt } from './unannounced-gpt.ts'

/** What a disk's partition table says. */
export type PartitionTable = Pick<
  DiskFacts,
  'partitionTable' | 'sectorBytes' | 'partitions' | 'endBytes' | 'damage' | 'unread'
>

/** An MBR, and a GPT with 128 entries of 128 bytes behind its header, on sectors of 512 or 4096 bytes: in bytes. */
export const tableBytes = 6 * 4096

/** As far as the first header may reach, in bytes. */
const headersBytes = 2 * 4096

const gptSectorBytes: readonly number[] = [512, 4096]

/** The second header lies behind its entries, at the very end: on sectors of 512 bytes, with 128 entries. */
const secondGptBytes = 33 * 512

const nothing: PartitionTable = { partitions: [], damage: [], unread: [] }

/** The partition table of a disk: an MBR or a GPT, `none` where there is neither, and nothing where that could not be read. */
export function* readPartitionTable(disk: Medium): Reading<PartitionTable> {
  return yield* partitionTableIn(disk, yield* disk.read(0, tableBytes))
}

/** {@link readPartitionTable} of a disk of which the first {@link tableBytes} bytes have been read: `start`. */
export function* partitionTableIn(disk: Medium, start: Part): Reading<PartitionTable> {
  const entries = mbrEntries(byteReader(start.bytes))
  const isAnnounced = entries.some(isProtective)
  const first = firstHeader(start)
  // A GPT counts where the MBR says so, or says nothing: another MBR may have been written over an older GPT.
  const mayBeGpt = isAnnounced || entries.length === 0
  if (first !== undefined && mayBeGpt) return yield* gptOf(disk, first, entries, start)
  if (mayBeGpt && isCut(start)) return unknownTable(start)
  if (entries.length === 0) return { ...nothing, partitionTable: 'none' }
  const second = isAnnounced ? yield* secondHeader(disk) : undefined
  if (second !== undefined) return yield* gptOf(disk, second, entries, start)
  return yield* mbrOf(disk, entries, contradictionOf(isAnnounced, first))
}

const firstHeader = ({ bytes }: Part): GptHeader | undefined =>
  gptSectorBytes.flatMap((sector) => gptHeaderAt(bytes, sector, sector) ?? []).find(({ own }) => own === 1)

const isCut = ({ bytes, short }: Part): boolean => short !== undefined && short !== 'end' && bytes.length < headersBytes

const unknownTable = ({ short }: Part): PartitionTable => ({
  ...nothing,
  damage: short === 'damaged' ? ['the beginning of the disk cannot be read'] : [],
  unread: [{ part: 'partition-table' }],
})

const contradictionOf = (isAnnounced: boolean, header: GptHeader | undefined): readonly string[] => {
  if (isAnnounced) return ['the MBR announces a GPT that is not there']
  return header === undefined ? [] : [staleGpt]
}

function* mbrOf(disk: Medium, entries: readonly MbrEntry[], damage: readonly string[]): Reading<PartitionTable> {
  const logical = yield* readLogicalPartitions(disk, entries)
  return {
    partitionTable: 'mbr',
    sectorBytes: mbrSectorBytes,
    partitions: [...entries.map(mbrPartition), ...logical.partitions],
    endBytes: mbrEnd(entries),
    damage,
    unread: logical.complete ? [] : [{ part: 'logical-partitions', after: logical.partitions.length }],
  }
}

/** Of a disk whose first header is wrong or missing. Without the disk's length its place is not known. */
function* secondHeader(disk: Medium): Reading<GptHeader | undefined> {
  if (disk.length === undefined || disk.length < secondGptBytes) return undefined
  const part = yield* disk.read(disk.length - secondGptBytes, secondGptBytes)
  const header = gptHeaderAt(part.bytes, secondGptBytes - 512, 512)
  return header?.intact === true && (header.own + 1) * 512 === disk.length ? header : undefined
}

/** Linux goes by the first header alone, but only where the last sector that may be in a partition is there. */
const beyondDisk = ({ length }: Medium, header: GptHeader, endBytes: number): readonly string[] => {
  if (length === undefined || length >= endBytes) return []
  return length < (header.lastUsable + 1) * header.sectorBytes ? ['the GPT leads out of the disk'] : [missingSecondGpt]
}

function* gptOf(disk: Medium, found: GptHeader, entries: readonly MbrEntry[], start: Part): Reading<PartitionTable> {
  const isFirst = found.own === 1
  const second = isFirst && !found.intact ? yield* secondHeader(disk) : undefined
  const header = second ?? found
  const { partitions, damage, unread } = yield* readGptEntries(disk, header, start)
  const { sectorBytes } = header
  const activeInMbr = new Set(
    entries.filter(({ active }) => active).map(({ firstSector }) => firstSector * sectorBytes),
  )
  const endBytes = (Math.max(header.own, header.alternate) + 1) * sectorBytes
  return {
    partitionTable: 'gpt',
    sectorBytes,
    partitions: partitions.map((partition) =>
      activeInMbr.has(partition.at) ? { ...partition, active: true } : partition,
    ),
    endBytes: sizeInBytes(endBytes),
    damage: [
      ...(entries.some(isProtective) ? [] : [unannouncedGpt]),
      ...(isFirst && !found.intact ? ['the check sum of the first GPT header is wrong'] : []),
      ...(isFirst ? [] : ['the first GPT header is missing']),
      ...(header.own === 1 ? [] : ['the partitions are those of the second GPT header']),
      ...beyondDisk(disk, header, endBytes),
      ...damage,
    ],
    unread,
  }
}
