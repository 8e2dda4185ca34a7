import type { Medium, Reading } from '../reading.ts'
import { type BlockPlace, diskOfBlocks } from './blocks.ts'
import { furthest } from './promise.ts'
import type { PromisedEnd } from './promised-end.ts'
import { remembered } from './remembered.ts'
import { readEntry } from './table-entry.ts'
import { readTableEnds } from './table-stretch.ts'
import type { VhdxMetadata } from './vhdx-metadata.ts'

const mebibyte = 2 ** 20
const entryBytes = 8
const tableStretchBytes = 2 ** 14
const mostTableBytes = 2 ** 18
const sectorsPerBitmap = 2 ** 23

// States of a block; of the others, 1, 2, 3 and 5 (which early writers used) are read as zeros.
const notPresent = 0
const invalid = 4
const fullyPresent = 6
const partiallyPresent = 7

/** Where the block allocation table lies, and what it describes. */
export interface BlockTable {
  /** In bytes from the file's start. */
  readonly at: number
  /** The room that the table has. */
  readonly bytes: number
  readonly virtualBytes: number
  readonly blockBytes: number
  /** How many payload blocks stand between two entries for bitmaps. */
  readonly blocksPerChunk: number
  readonly isDifferencing: boolean
}

const isBlockSize = (bytes: number): boolean =>
  bytes >= mebibyte && bytes <= 256 * mebibyte && Number.isInteger(Math.log2(bytes))

const isSectorSize = (bytes: number | undefined): bytes is 512 | 4096 => bytes === 512 || bytes === 4096

/** What the metadata say of the disk that the format does not allow, in words. */
export const wrongSizes = ({ blockBytes, logicalSectorBytes }: VhdxMetadata): readonly string[] => [
  ...(blockBytes === undefined || isBlockSize(blockBytes) ? [] : [`blocks of ${blockBytes} bytes`]),
  ...(logicalSectorBytes === undefined || isSectorSize(logicalSectorBytes)
    ? []
    : [`sectors of ${logicalSectorBytes} bytes`]),
]

/** The block allocation table by its region and the metadata; absent where the format allows no such disk. */
export const blockTable = (
  region: { readonly at: number; readonly bytes: number } | undefined,
  { virtualBytes, blockBytes, logicalSectorBytes, variant }: VhdxMetadata,
): BlockTable | undefined => {
  if (region === undefined || virtualBytes === undefined || blockBytes === undefined) return undefined
  if (!isBlockSize(blockBytes) || !isSectorSize(logicalSectorBytes)) return undefined
  return {
    at: region.at,
    bytes: region.bytes,
    virtualBytes,
    blockBytes,
    blocksPerChunk: (sectorsPerBitmap * logicalSectorBytes) / blockBytes,
    isDifferencing: variant === 'differencing',
  }
}

const stateOf = (low: number): number => low & 7
const offsetOf = (low: number, high: number): number => high * 2 ** 32 + Math.floor(low / mebibyte) * mebibyte

const placeOf = (low: number, high: number, isDifferencing: boolean): BlockPlace => {
  const state = stateOf(low)
  if (state === notPresent) return isDifferencing ? 'unavailable' : 'zeros'
  if (state === partiallyPresent) return isDifferencing ? 'unavailable' : 'damaged'
  if (state !== fullyPresent) return state === invalid ? 'damaged' : 'zeros'
  const at = offsetOf(low, high)
  // The first MiB is the headers'.
  return at < mebibyte ? 'damaged' : at
}

/** The disk as its guest sees it. What a differencing disk leaves to its parent, wholly or in part, is `unavailable`. */
export const vhdxDisk = (file: Medium, table: BlockTable): Medium => {
  const tables = remembered(file, tableStretchBytes)
  return diskOfBlocks(file, table, function* (block) {
    const index = block + Math.floor(block / table.blocksPerChunk)
    if ((index + 1) * entryBytes > table.bytes) return 'damaged'
    const entry = yield* readEntry(tables, table.at + index * entryBytes, entryBytes)
    if (typeof entry === 'string') return entry
    return placeOf(entry.u32le(0) ?? 0, entry.u32le(4) ?? 0, table.isDifferencing)
  })
}

/** Payload blocks come in chunks, each followed by one entry for a bitmap that only differencing disks use. */
const entryEnd = (table: BlockTable, index: number, low: number, high: number): number => {
  const state = stateOf(low)
  if (state !== fullyPresent && state !== partiallyPresent) return 0
  const chunk = table.blocksPerChunk + 1
  if (index % chunk === table.blocksPerChunk) return offsetOf(low, high) + mebibyte
  const guestByte = (index - Math.floor(index / chunk)) * table.blockBytes
  // Of the disk's last block only the part that the guest can see needs to be in the file.
  return offsetOf(low, high) + Math.max(1, Math.min(table.blockBytes, table.virtualBytes - guestByte))
}

const entriesOf = ({ virtualBytes, blockBytes, blocksPerChunk, isDifferencing }: BlockTable): number => {
  const blocks = Math.ceil(virtualBytes / blockBytes)
  const bitmaps = isDifferencing
    ? Math.ceil(blocks / blocksPerChunk)
    : Math.floor(Math.max(0, blocks - 1) / blocksPerChunk)
  return blocks + bitmaps
}

/** Whether the table has no room for all blocks of the disk. */
export const isTooSmall = (table: BlockTable): boolean => entriesOf(table) * entryBytes > table.bytes

/** The furthest end of a block that the table names. Of a table above 256 KiB its beginning and its end are read. */
export function* vhdxBlocksEnd(file: Medium, table: BlockTable): Reading<PromisedEnd> {
  const length = Math.min(entriesOf(table) * entryBytes, table.bytes - (table.bytes % entryBytes))
  const { parts, isUnread } = yield* readTableEnds(file, { at: table.at, length }, mostTableBytes)
  let end = 0
  for (const { from, reader } of parts) {
    for (let at = 0; at + entryBytes <= reader.length; at += entryBytes) {
      const [low = 0, high = 0] = [reader.u32le(at), reader.u32le(at + 4)]
      end = furthest(end, entryEnd(table, (from + at) / entryBytes, low, high))
    }
  }
  return { end, isUnread }
}
