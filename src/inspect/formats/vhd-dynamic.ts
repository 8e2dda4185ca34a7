import type { ByteReader } from '../byte-reader.ts'
import { guidAt } from '../guid.ts'
import { printable } from '../names.ts'
import type { Medium, Reading } from '../reading.ts'
import { diskOfBlocks } from './blocks.ts'
import { furthest } from './promise.ts'
import type { PromisedEnd } from './promised-end.ts'
import { remembered } from './remembered.ts'
import { readEntry } from './table-entry.ts'
import { readTableEnds } from './table-stretch.ts'

/** The size of the header of a dynamic disk, in bytes. */
export const dynamicHeaderBytes = 1024

const sectorBytes = 512
const entryBytes = 4
const tableStretchBytes = 2 ** 14
const mostTableBytes = 2 ** 18
const unusedBlock = 0xffff_ffff
const parentNameUnits = 256

/** What the header of a dynamic disk says. */
export interface DynamicHeader {
  /** Where the block allocation table stands, in bytes from the file's start, and how many entries it has. */
  readonly tableAt: number
  readonly entries: number
  readonly blockBytes: number
  /** What stands before the data of each block, in bytes: a bit for each of its sectors. */
  readonly bitmapBytes: number
  /** The parent's name, as it stands in a differencing disk; its UUID where there is none. */
  readonly parent: string
}

const isPowerOf2 = (value: number): boolean => Number.isInteger(Math.log2(value))

const parentOf = (reader: ByteReader): string => {
  const units = Array.from(
    { length: parentNameUnits },
    (_, index) => (reader.u8(64 + index * 2) ?? 0) * 256 + (reader.u8(65 + index * 2) ?? 0),
  )
  const end = units.indexOf(0)
  const name = String.fromCharCode(...(end < 0 ? units : units.slice(0, end)))
  return name === '' ? (guidAt(reader, 40) ?? '') : printable(name)
}

/** The header at a place (in bytes). `damaged` where something else stands there, or the file ends. */
export function* readDynamicHeader(file: Medium, at: number): Reading<DynamicHeader | 'unavailable' | 'damaged'> {
  const reader = yield* readEntry(file, at, dynamicHeaderBytes)
  if (typeof reader === 'string') return reader
  const blockBytes = reader.u32be(32) ?? 0
  if (!reader.has(0, 'cxsparse') || blockBytes < sectorBytes || !isPowerOf2(blockBytes)) return 'damaged'
  return {
    tableAt: reader.u64be(16) ?? 0,
    entries: reader.u32be(28) ?? 0,
    blockBytes,
    bitmapBytes: Math.ceil(blockBytes / sectorBytes / 8 / sectorBytes) * sectorBytes,
    parent: parentOf(reader),
  }
}

/** The disk as its guest sees it: blocks of a dynamic disk are whole, and the bitmap before each is of no interest. */
export const dynamicDisk = (file: Medium, header: DynamicHeader, virtualBytes: number): Medium => {
  const tables = remembered(file, tableStretchBytes)
  return diskOfBlocks(file, { virtualBytes, blockBytes: header.blockBytes }, function* (block) {
    const start = yield* blockStart(tables, header, block)
    if (typeof start === 'string') return start
    return start === undefined ? 'zeros' : start + header.bitmapBytes
  })
}

/** The same of a differencing disk. What it leaves to its parent is `unavailable`; its bitmaps tell that of each sector. */
export const differencingDisk = (file: Medium, header: DynamicHeader, virtualBytes: number): Medium => {
  const tables = remembered(file, tableStretchBytes)
  const sectorsPerBlock = header.blockBytes / sectorBytes
  return diskOfBlocks(file, { virtualBytes, blockBytes: sectorBytes }, function* (sector) {
    const inBlock = sector % sectorsPerBlock
    const start = yield* blockStart(tables, header, Math.floor(sector / sectorsPerBlock))
    if (typeof start === 'string') return start
    if (start === undefined) return 'unavailable'
    const bits = yield* readEntry(tables, start + Math.floor(inBlock / 8), 1)
    if (typeof bits === 'string') return bits
    const isHere = ((bits.u8(0) ?? 0) & (0x80 >> (inBlock % 8))) !== 0
    return isHere ? start + header.bitmapBytes + inBlock * sectorBytes : 'unavailable'
  })
}

/** Where a block begins with its bitmap, in bytes from the file's start; absent where it is not in the file. */
function* blockStart(
  tables: Medium,
  { tableAt, entries }: DynamicHeader,
  block: number,
): Reading<number | undefined | 'unavailable' | 'damaged'> {
  if (block >= entries) return 'damaged'
  const entry = yield* readEntry(tables, tableAt + block * entryBytes, entryBytes)
  if (typeof entry === 'string') return entry
  const sector = entry.u32be(0) ?? unusedBlock
  return sector === unusedBlock ? undefined : sector * sectorBytes
}

/** The furthest end of the table and of a block that it names. Of a table above 256 KiB its beginning and its end are read. */
export function* dynamicBlocksEnd(
  file: Medium,
  { tableAt, entries, blockBytes, bitmapBytes }: DynamicHeader,
): Reading<PromisedEnd> {
  const table = { at: tableAt, length: entries * entryBytes }
  const { parts, isUnread } = yield* readTableEnds(file, table, mostTableBytes)
  let end = furthest(table.at + table.length)
  for (const { reader } of parts) {
    for (let at = 0; at + entryBytes <= reader.length; at += entryBytes) {
      const sector = reader.u32be(at) ?? unusedBlock
      if (sector !== unusedBlock) end = Math.max(end, sector * sectorBytes + bitmapBytes + blockBytes)
    }
  }
  return { end, isUnread }
}
