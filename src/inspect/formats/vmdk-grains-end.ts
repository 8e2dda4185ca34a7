import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import type { PromisedEnd } from './promised-end.ts'
import { readEntry } from './table-entry.ts'
import { readTableEnds } from './table-stretch.ts'
import { directoryBytes } from './vmdk-directory.ts'
import { type SparseHeader, sectorBytes } from './vmdk-header.ts'

const entryBytes = 4
const mostDirectoryBytes = 2 ** 18
const markerBytes = 12
// The first tables stand where a look has been anyway; the last tell of the disk's end, which is mostly written last.
const firstTables = 128
const lastTables = 32
const longestRunBytes = 2 ** 17
const mostRuns = 4

/** A grain table and its number, from 0. */
interface GrainTable {
  readonly number: number
  /** In bytes from the file's start. */
  readonly at: number
}

/** The grain that lies furthest in the file. */
interface LastGrain {
  /** Counted from the disk's start. */
  readonly grain: number
  /** In bytes from the file's start; 0 for none. */
  readonly at: number
}

const none: LastGrain = { grain: 0, at: 0 }

/** Where the tables, and what they name, end. Of many tables the first and the last are read, in a few wishes. */
export function* grainsEnd(file: Medium, header: SparseHeader, directoryAt: number): Reading<PromisedEnd> {
  const { grainsPerTable } = header
  const tableBytes = grainsPerTable * entryBytes
  const length = directoryBytes(header)
  const directory = yield* readTableEnds(file, { at: directoryAt, length }, mostDirectoryBytes)
  const tables = directory.parts.flatMap(({ from, reader }) => tablesIn(reader, from / entryBytes))
  const tablesEnd = tables.reduce((end, { at }) => Math.max(end, at + tableBytes), directoryAt + length)

  let isUnread = directory.isUnread
  let last = none
  for (const run of runsOf(chosen(tables), tableBytes)) {
    const { at } = run[0]
    const part = yield* file.read(at, run.length * tableBytes)
    isUnread ||= part.short === 'unavailable'
    last = run.reduce((found, table) => {
      const from = table.at - at
      return furthestGrain(
        found,
        byteReader(part.bytes.subarray(from, from + tableBytes)),
        table.number * grainsPerTable,
      )
    }, last)
  }
  return { end: Math.max(tablesEnd, yield* grainEnd(file, header, last)), isUnread }
}

const tablesIn = (directory: ByteReader, first: number): readonly GrainTable[] =>
  Array.from({ length: Math.floor(directory.length / entryBytes) }, (_, index) => ({
    number: first + index,
    at: (directory.u32le(index * entryBytes) ?? 0) * sectorBytes,
  })).filter(({ at }) => at !== 0)

const chosen = (tables: readonly GrainTable[]): readonly GrainTable[] =>
  tables.length <= firstTables + lastTables ? tables : [...tables.slice(0, firstTables), ...tables.slice(-lastTables)]

type Run = readonly [GrainTable, ...GrainTable[]]

/** Tables that lie behind each other in the file are one run, up to 128 KiB; so many runs as one look can afford. */
const runsOf = (tables: readonly GrainTable[], tableBytes: number): readonly Run[] => {
  const runs: Run[] = []
  for (const table of tables) {
    const run = runs.at(-1)
    const isNext = run !== undefined && table.at === run[0].at + run.length * tableBytes
    if (isNext && (run.length + 1) * tableBytes <= longestRunBytes) runs[runs.length - 1] = [...run, table]
    else runs.push([table])
  }
  return runs.length <= mostRuns ? runs : [...runs.slice(0, mostRuns / 2), ...runs.slice(-mostRuns / 2)]
}

const furthestGrain = (found: LastGrain, table: ByteReader, firstGrain: number): LastGrain => {
  let last = found
  for (let at = 0; at + entryBytes <= table.length; at += entryBytes) {
    const sector = table.u32le(at) ?? 0
    // 0 is a hole, and 1 is a grain of zeros.
    if (sector > 1 && sector * sectorBytes > last.at) {
      last = { grain: firstGrain + at / entryBytes, at: sector * sectorBytes }
    }
  }
  return last
}

function* grainEnd(file: Medium, header: SparseHeader, { grain, at }: LastGrain): Reading<number> {
  if (at === 0) return 0
  if (!header.isCompressed) {
    // Of the disk's last grain only the part that the guest can see needs to be in the file.
    return at + Math.max(1, Math.min(header.grainBytes, header.capacityBytes - grain * header.grainBytes))
  }
  if (!header.hasMarkers) return at + 1
  const marker = yield* readEntry(file, at, markerBytes)
  return at + markerBytes + (typeof marker === 'string' ? 0 : (marker.u32le(8) ?? 0))
}
