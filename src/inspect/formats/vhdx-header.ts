import { type ByteReader, byteReader } from '../byte-reader.ts'
import { guidAt } from '../guid.ts'
import type { Medium, Reading } from '../reading.ts'
import { checksumHolds } from './vhdx-checksum.ts'

const kibibyte = 2 ** 10
const firstHeader = 64 * kibibyte
const secondHeader = 128 * kibibyte
const headerBytes = 4 * kibibyte
const firstRegionTable = 192 * kibibyte
const secondRegionTable = 256 * kibibyte
const regionTableBytes = 64 * kibibyte
const mostRegions = 2047
const noGuid = '00000000-0000-0000-0000-000000000000'

/** The GUID of the region that holds the block allocation table. */
export const batRegion = '2dc27766-f623-4200-9d64-115e9bfd4a08'
/** The GUID of the region that holds the metadata. */
export const metadataRegion = '8b7ca206-4790-4b9a-b8fe-575f050f886e'

/** What the current one of the two headers says. */
export interface VhdxHeader {
  /** The format's version, which is 1. */
  readonly version: number
  /** Whether the log has entries that have to be replayed before anything else in the file counts. */
  readonly needsReplay: boolean
  /** In bytes from the file's start. */
  readonly logEnd: number
}

/** A part of the file with a place in the region table. */
export interface VhdxRegion {
  readonly id: string
  /** In bytes from the file's start. */
  readonly at: number
  readonly bytes: number
  /** Whether a reader that does not know it must leave the file alone. */
  readonly isRequired: boolean
}

interface Copy {
  readonly reader: ByteReader
  /** Whether its check sum is right: one copy is rewritten while the other stands. */
  readonly isRight: boolean
}

function* readCopy(file: Medium, at: number, bytes: number, signature: string): Reading<Copy | undefined> {
  const part = yield* file.read(at, bytes)
  const reader = byteReader(part.bytes)
  if (part.bytes.length < bytes || !reader.has(0, signature)) return undefined
  return { reader, isRight: checksumHolds(part.bytes) }
}

const sequenceOf = ({ reader }: Copy): number => reader.u64le(8) ?? 0

const currentOf = (one: Copy | undefined, other: Copy | undefined): Copy | undefined => {
  if (one === undefined || other === undefined) return one ?? other
  if (one.isRight !== other.isRight) return one.isRight ? one : other
  return sequenceOf(other) > sequenceOf(one) ? other : one
}

/** The header that counts: of two the one with the higher sequence number. Absent where neither can be read. */
export function* readVhdxHeader(file: Medium): Reading<VhdxHeader | undefined> {
  const one = yield* readCopy(file, firstHeader, headerBytes, 'head')
  const other = yield* readCopy(file, secondHeader, headerBytes, 'head')
  const current = currentOf(one, other)?.reader
  if (current === undefined) return undefined
  return {
    version: current.u16le(66) ?? 0,
    needsReplay: guidAt(current, 48) !== noGuid,
    logEnd: (current.u64le(72) ?? 0) + (current.u32le(68) ?? 0),
  }
}

/** The regions of the region table, of which there are two copies. Empty where neither can be read. */
export function* readVhdxRegions(file: Medium): Reading<readonly VhdxRegion[]> {
  const first = yield* readCopy(file, firstRegionTable, regionTableBytes, 'regi')
  const second =
    first?.isRight === true ? undefined : yield* readCopy(file, secondRegionTable, regionTableBytes, 'regi')
  const table = (second?.isRight === true ? second : (first ?? second))?.reader
  if (table === undefined) return []
  const count = Math.min(table.u32le(8) ?? 0, mostRegions)
  return Array.from({ length: count }, (_, index) => {
    const entry = 16 + index * 32
    return {
      id: guidAt(table, entry) ?? '',
      at: table.u64le(entry + 16) ?? 0,
      bytes: table.u32le(entry + 24) ?? 0,
      isRequired: ((table.u32le(entry + 28) ?? 0) & 1) !== 0,
    }
  })
}
