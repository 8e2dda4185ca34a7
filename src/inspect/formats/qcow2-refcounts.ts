import type { Medium, Reading } from '../reading.ts'
import type { PromisedEnd } from './promised-end.ts'
import { placeIn } from './qcow2-entry.ts'
import { incompatibleBit, type Qcow2Header } from './qcow2-header.ts'
import { readTableAround, type TableParts } from './table-stretch.ts'

const entryBytes = 8
const mostTableBytes = 64 * 1024
const mostRefcountOrder = 6

interface Block {
  /** In bytes from the start of the file. */
  readonly at: number
  /** Which one it is, from 0. */
  readonly index: number
}

/**
 * How far the reference counts lead: their table, their blocks, and the first byte of the last cluster that the last block counts as
 * used. Of each table no more than 64 KiB around the place that stands for the end of the file is looked at, and nothing where the mapping
 * leads into the last cluster of the file or further (`mappedEnd`): the counts could only confirm it. Those of a dirty or corrupt file are
 * not believed.
 */
export function* refcountsEnd(file: Medium, header: Qcow2Header, mappedEnd: number): Reading<PromisedEnd> {
  const { clusterBytes, incompatible, refcountOrder, refcountTable } = header
  const tableEnd = refcountTable.at + refcountTable.length
  const isReached = file.length !== undefined && mappedEnd > file.length - clusterBytes
  if (isReached || refcountOrder > mostRefcountOrder) return { end: tableEnd, isUnread: false }

  const clustersPerBlock = (clusterBytes * 8) / 2 ** refcountOrder
  const fileClusters = Math.ceil((file.length ?? 0) / clusterBytes)
  const blockOfEnd = Math.floor(fileClusters / clustersPerBlock)
  const table = yield* readTableAround(file, refcountTable, blockOfEnd * entryBytes, mostTableBytes)
  const blocks = blocksIn(table)
  const end = blocks.reduce((most, { at }) => Math.max(most, at + clusterBytes), tableEnd)
  const last = blocks.at(-1)
  const isTrusted = !incompatible.includes(incompatibleBit.dirty) && !incompatible.includes(incompatibleBit.corrupt)
  if (last === undefined || last.at % clusterBytes !== 0 || !isTrusted) return { end, isUnread: table.isUnread }

  const firstCluster = last.index * clustersPerBlock
  const place = Math.floor(((fileClusters - firstCluster) * 2 ** refcountOrder) / 8)
  const counts = yield* readTableAround(file, { at: last.at, length: clusterBytes }, place, mostTableBytes)
  const used = lastUsed(counts, refcountOrder)
  const usedEnd = used === undefined ? 0 : (firstCluster + used) * clusterBytes + 1
  return { end: Math.max(end, usedEnd), isUnread: table.isUnread || counts.isUnread }
}

const blocksIn = ({ parts }: TableParts): readonly Block[] =>
  parts.flatMap(({ from, reader }) =>
    Array.from({ length: Math.floor(reader.length / entryBytes) }, (_, index) => ({
      at: placeIn(reader, index * entryBytes) ?? 0,
      index: from / entryBytes + index,
    })).filter(({ at }) => at !== 0),
  )

/** The last cluster of a block with a count above 0, from 0. Counts narrower than a byte begin with its lowest bits. */
const lastUsed = ({ parts }: TableParts, refcountOrder: number): number | undefined => {
  const countBits = 2 ** refcountOrder
  for (const { from, reader } of parts) {
    for (let at = reader.length - 1; at >= 0; at -= 1) {
      const byte = reader.u8(at) ?? 0
      if (byte !== 0) return Math.floor(((from + at) * 8 + (countBits < 8 ? 31 - Math.clz32(byte) : 0)) / countBits)
    }
  }
  return undefined
}
