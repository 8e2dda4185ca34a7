import { type ByteReader, byteReader } from '../byte-reader.ts'
import { guidAt } from '../guid.ts'
import type { Medium, Reading } from '../reading.ts'
import { checksumHolds } from './vhdx-checksum.ts'

const kibibyte = 2 ** 10
const firstHeader = 64 * kibibyte
const secondHeader = 128 * kibibyte
const headerBytes = 4 * kibibyte
const headerFieldsBytes = 80
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

/** What two copies of a structure say of the file, in words. */
export interface CopiesState {
  /** Neither copy counts. */
  readonly damage?: string | undefined
  /** Only the copy counts that QEMU does not read. */
  readonly unsupported?: string | undefined
}

/** The current header, absent where neither copy can be read. */
export interface VhdxHeaders extends CopiesState {
  readonly header?: VhdxHeader | undefined
}

/** The regions of the region table, empty where neither copy can be read. */
export interface VhdxRegions extends CopiesState {
  readonly regions: readonly VhdxRegion[]
}

interface Copy {
  readonly reader: ByteReader
  /** Whether its check sum is right: one copy is rewritten while the other stands. */
  readonly isRight: boolean
}

/** `other`: something else stands there. `unread`: the file ends before, or the bytes could not be had. */
function* readCopy(file: Medium, at: number, bytes: number, signature: string): Reading<Copy | 'other' | 'unread'> {
  const part = yield* file.read(at, bytes)
  const reader = byteReader(part.bytes)
  if (part.bytes.length < bytes) return 'unread'
  return reader.has(0, signature) ? { reader, isRight: checksumHolds(part.bytes) } : 'other'
}

type FoundCopy = Copy | 'other' | 'unread'

const isThere = (copy: FoundCopy): copy is Copy => typeof copy === 'object'
const isRight = (copy: FoundCopy): boolean => isThere(copy) && copy.isRight

const sequenceOf = ({ reader }: Copy): number => reader.u64le(8) ?? 0

const currentOf = (one: FoundCopy, other: FoundCopy): Copy | undefined => {
  if (!isThere(one)) return isThere(other) ? other : undefined
  if (!isThere(other)) return one
  if (one.isRight !== other.isRight) return one.isRight ? one : other
  return sequenceOf(other) > sequenceOf(one) ? other : one
}

const haveSameContents = ({ reader: one }: Copy, { reader: other }: Copy): boolean =>
  one.latin1(0, headerFieldsBytes) === other.latin1(0, headerFieldsBytes)

const stateOfHeaders = (one: FoundCopy, other: FoundCopy): CopiesState => {
  if (one === 'unread' || other === 'unread') return {}
  if (!isRight(one) && !isRight(other)) return { damage: 'no header whose check sum is right' }
  const areBoth = isThere(one) && isThere(other) && isRight(one) && isRight(other)
  return areBoth && sequenceOf(one) === sequenceOf(other) && !haveSameContents(one, other)
    ? { damage: 'two headers that are both the current one' }
    : {}
}

/** The header that counts: of two the one with the higher sequence number. */
export function* readVhdxHeader(file: Medium): Reading<VhdxHeaders> {
  const one = yield* readCopy(file, firstHeader, headerBytes, 'head')
  const other = yield* readCopy(file, secondHeader, headerBytes, 'head')
  const current = currentOf(one, other)?.reader
  const state = stateOfHeaders(one, other)
  if (current === undefined) return state
  const header = {
    version: current.u16le(66) ?? 0,
    needsReplay: guidAt(current, 48) !== noGuid,
    logEnd: (current.u64le(72) ?? 0) + (current.u32le(68) ?? 0),
  }
  return { ...state, header }
}

const stateOfTables = (first: FoundCopy, second: FoundCopy): CopiesState => {
  if (isRight(first) || first === 'unread') return {}
  if (isRight(second)) return { unsupported: 'a first region table that does not count' }
  return second === 'unread' ? {} : { damage: 'no region table whose check sum is right' }
}

/** The regions of the region table, of which there are two copies. */
export function* readVhdxRegions(file: Medium): Reading<VhdxRegions> {
  const first = yield* readCopy(file, firstRegionTable, regionTableBytes, 'regi')
  const second = isRight(first) ? first : yield* readCopy(file, secondRegionTable, regionTableBytes, 'regi')
  const table = isRight(second) || !isThere(first) ? second : first
  const state = stateOfTables(first, second)
  return { ...state, regions: isThere(table) ? regionsIn(table.reader) : [] }
}

const regionsIn = (table: ByteReader): readonly VhdxRegion[] => {
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
