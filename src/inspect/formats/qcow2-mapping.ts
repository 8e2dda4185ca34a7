import type { Medium, Reading } from '../reading.ts'
import type { PromisedEnd } from './promised-end.ts'
import { endOfEntry, placeIn, readL2Entry } from './qcow2-entry.ts'
import { incompatibleBit, type Qcow2Header } from './qcow2-header.ts'
import { readTableEnds, type TablePart } from './table-stretch.ts'

const l1EntryBytes = 8
const mostL1Bytes = 256 * 1024
const mostL2Bytes = 128 * 1024

interface L2Table {
  /** In bytes from the start of the file. */
  readonly at: number
  /** The guest's byte that it begins with. */
  readonly guestAt: number
}

/**
 * How far the mapping leads: the L1 table, the L2 tables that it names, and the data of two of them, the one that lies furthest in
 * the file and the last in the guest's order. Of an L1 table above 256 KiB the beginning and the end are looked at, of an L2 table
 * above 128 KiB likewise.
 */
export function* mappingEnd(tables: Medium, header: Qcow2Header): Reading<PromisedEnd> {
  const { clusterBytes, l1Table } = header
  const l1 = yield* readTableEnds(tables, l1Table, mostL1Bytes)
  const named = l1.parts.flatMap((part) => tablesIn(part, header))
  let end = named.reduce(
    (most, { at }) => Math.max(most, at + clusterBytes),
    l1Table.length && l1Table.at + l1Table.length,
  )
  let { isUnread } = l1
  if (header.incompatible.includes(incompatibleBit.externalData)) return { end, isUnread }

  for (const table of decisive(named.filter(({ at }) => at % clusterBytes === 0))) {
    const data = yield* dataEnd(tables, header, table)
    end = Math.max(end, data.end)
    isUnread ||= data.isUnread
  }
  return { end, isUnread }
}

const tablesIn = ({ from, reader }: TablePart, { clusterBytes, l2EntryBytes }: Qcow2Header): readonly L2Table[] => {
  const guestBytes = (clusterBytes / l2EntryBytes) * clusterBytes
  return Array.from({ length: Math.floor(reader.length / l1EntryBytes) }, (_, index) => ({
    at: placeIn(reader, index * l1EntryBytes) ?? 0,
    guestAt: (from / l1EntryBytes + index) * guestBytes,
  })).filter(({ at }) => at !== 0)
}

/** Files grow at their end and guests fill their disks from the beginning, so that one of these two leads furthest. */
const decisive = (tables: readonly L2Table[]): ReadonlySet<L2Table> => {
  const [first] = tables
  const last = tables.at(-1)
  if (first === undefined || last === undefined) return new Set()
  return new Set([tables.reduce((furthest, table) => (table.at > furthest.at ? table : furthest), first), last])
}

function* dataEnd(tables: Medium, header: Qcow2Header, { at, guestAt }: L2Table): Reading<PromisedEnd> {
  const { clusterBytes, l2EntryBytes, virtualBytes } = header
  const visibleEntries = Math.ceil((virtualBytes - guestAt) / clusterBytes)
  // A table behind the disk's end is that of a snapshot's memory.
  const length = visibleEntries > 0 ? Math.min(clusterBytes, visibleEntries * l2EntryBytes) : clusterBytes
  const { parts, isUnread } = yield* readTableEnds(tables, { at, length }, mostL2Bytes)

  let end = 0
  for (const { from, reader } of parts) {
    for (let place = 0; place < reader.length; place += l2EntryBytes) {
      const entry = readL2Entry(reader, place, header)
      if (entry === undefined) break
      const visibleBytes = virtualBytes - guestAt - ((from + place) / l2EntryBytes) * clusterBytes
      end = Math.max(end, endOfEntry(entry, visibleBytes, header))
    }
  }
  return { end, isUnread }
}
