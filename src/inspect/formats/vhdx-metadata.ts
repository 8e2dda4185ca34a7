import { type ByteReader, byteReader } from '../byte-reader.ts'
import { guidAt } from '../guid.ts'
import type { Medium, Reading } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import type { VhdxRegion } from './vhdx-header.ts'
import { readParentName } from './vhdx-parent.ts'

const kibibyte = 2 ** 10
const mostItems = 2047
const mostParentBytes = 64 * kibibyte
// The table takes 64 KiB, and the few items lie right behind it in every file that is known: one wish for both.
const usualBytes = 68 * kibibyte
const tableBytes = 64 * kibibyte

const fileParameters = 'caa16737-fa36-4d43-b3b6-33f0aa44e76b'
const virtualDiskSize = '2fa54224-cd1b-4876-b211-5dbed83bf4b8'
const logicalSectorSize = '8141bf1d-a96f-4709-ba47-f233a8faab5f'
const parentLocator = 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c'
/** Of these every file has one. */
const needed: ReadonlyMap<string, string> = new Map([
  [fileParameters, 'the size of a block'],
  [virtualDiskSize, 'the size of the disk'],
  [logicalSectorSize, 'the size of a sector'],
  ['cda348c7-445d-4471-9cc9-e9885251c556', 'the size of a physical sector'],
  ['beca12ab-b2e6-4523-93ef-c309e000c746', 'the GUID of the disk'],
])
const known: ReadonlySet<string> = new Set([...needed.keys(), parentLocator])
const leavesBlocksAllocated = 1
const hasParent = 2
const isRequired = 4

interface Item {
  readonly id: string
  /** In bytes from the file's start. */
  readonly at: number
  readonly bytes: number
  readonly isRequired: boolean
}

/** What the metadata region says. What could not be read is absent. */
export interface VhdxMetadata {
  readonly blockBytes?: number | undefined
  readonly virtualBytes?: number | undefined
  readonly logicalSectorBytes?: number | undefined
  readonly variant?: 'fixed' | 'dynamic' | 'differencing' | undefined
  /** Of a differencing disk: the name of its parent as far as it is told, else empty. */
  readonly parent?: string | undefined
  /** What is not in a table that was read whole, in words. */
  readonly missingItems: readonly string[]
  /** The GUIDs of items that a reader has to know, and this one does not. */
  readonly unknownItems: readonly string[]
}

const itemsOf = (table: ByteReader, region: VhdxRegion): readonly Item[] => {
  const count = table.has(0, 'metadata') ? Math.min(table.u16le(10) ?? 0, mostItems) : 0
  const entries = Array.from({ length: count }, (_, index) => 32 + index * 32)
  return entries
    .filter((entry) => entry + 32 <= table.length)
    .map((entry) => ({
      id: guidAt(table, entry) ?? '',
      at: region.at + (table.u32le(entry + 16) ?? 0),
      bytes: table.u32le(entry + 20) ?? 0,
      isRequired: ((table.u32le(entry + 24) ?? 0) & isRequired) !== 0,
    }))
}

const missingIn = (items: readonly Item[]): readonly string[] =>
  [...needed].filter(([id]) => !items.some((item) => item.id === id)).map(([, words]) => words)

const variantOf = (flags: number | undefined): VhdxMetadata['variant'] => {
  if (flags === undefined) return undefined
  if ((flags & hasParent) !== 0) return 'differencing'
  return (flags & leavesBlocksAllocated) !== 0 ? 'fixed' : 'dynamic'
}

/** The metadata items, read in one wish where they lie as they do in every file that is known. */
export function* readVhdxMetadata(file: Medium, region: VhdxRegion): Reading<VhdxMetadata> {
  const usual = yield* file.read(region.at, Math.min(region.bytes, usualBytes))
  const items = itemsOf(byteReader(usual.bytes), region)

  function* itemOf(id: string, most: number): Reading<ByteReader> {
    const item = items.find((candidate) => candidate.id === id)
    if (item === undefined) return byteReader(new Uint8Array())
    const from = item.at - region.at
    const length = Math.min(item.bytes, most)
    if (from + length <= usual.bytes.length) return byteReader(usual.bytes.subarray(from, from + length))
    return byteReader((yield* file.read(item.at, length)).bytes)
  }

  const parameters = yield* itemOf(fileParameters, 8)
  const variant = variantOf(parameters.u32le(4))
  return {
    blockBytes: parameters.u32le(0),
    virtualBytes: sizeInBytes((yield* itemOf(virtualDiskSize, 8)).u64le(0)),
    logicalSectorBytes: (yield* itemOf(logicalSectorSize, 4)).u32le(0),
    variant,
    parent: variant === 'differencing' ? readParentName(yield* itemOf(parentLocator, mostParentBytes)) : undefined,
    missingItems: usual.bytes.length < tableBytes ? [] : missingIn(items),
    unknownItems: items.filter((item) => item.isRequired && !known.has(item.id)).map(({ id }) => id),
  }
}
