import { type ByteReader, byteReader } from '../byte-reader.ts'
import { guidAt } from '../guid.ts'
import type { Medium } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import { diskOfBlocks } from './blocks.ts'
import type { Container, ContainerFeatures, FormatReader, FormatVariant } from './container.ts'
import { furthest } from './promise.ts'
import { remembered } from './remembered.ts'
import { readEntry } from './table-entry.ts'

const signature = 0xbeda_107f
const headerBytes = 456
const usualBlockBytes = 2 ** 20
const sectorBytes = 512
const entryBytes = 4
const tableStretchBytes = 2 ** 14
// Marks in the block map; what is less is the number of a block in the file.
const discarded = 0xffff_fffe
const unallocated = 0xffff_ffff

const differencing = 4
const noGuid = '00000000-0000-0000-0000-000000000000'
const variants: Readonly<Record<number, FormatVariant>> = { 1: 'dynamic', 2: 'fixed', [differencing]: 'differencing' }

interface Layout {
  readonly virtualBytes: number
  readonly blockBytes: number
  /** What stands before the data of each block, in bytes. */
  readonly extraBytes: number
  /** Where the block map and the blocks begin, in bytes from the file's start. */
  readonly mapAt: number
  readonly dataAt: number
  readonly blocks: number
  readonly allocated: number
}

const layoutOf = (header: ByteReader): Layout => ({
  virtualBytes: Math.ceil((header.u64le(368) ?? 0) / sectorBytes) * sectorBytes,
  blockBytes: header.u32le(376) ?? 0,
  extraBytes: header.u32le(380) ?? 0,
  mapAt: header.u32le(340) ?? 0,
  dataAt: header.u32le(344) ?? 0,
  blocks: header.u32le(384) ?? 0,
  allocated: header.u32le(388) ?? 0,
})

const vdiDisk = (file: Medium, layout: Layout, isLayer: boolean): Medium => {
  const { mapAt, dataAt, blockBytes, extraBytes, blocks } = layout
  const tables = remembered(file, tableStretchBytes)
  return diskOfBlocks(file, layout, function* (block) {
    if (block >= blocks) return 'damaged'
    const entry = yield* readEntry(tables, mapAt + block * entryBytes, entryBytes)
    if (typeof entry === 'string') return entry
    const place = entry.u32le(0) ?? unallocated
    if (place === unallocated) return isLayer ? 'unavailable' : 'zeros'
    return place === discarded ? 'zeros' : dataAt + place * (blockBytes + extraBytes) + extraBytes
  })
}

const isAligned = (at: number): boolean => at % sectorBytes === 0

/** What QEMU does not open, in words. That of a layer is of no interest. */
const unsupportedIn = (header: ByteReader, { blockBytes, mapAt, dataAt }: Layout): readonly string[] => {
  const sector = header.u32le(360) ?? sectorBytes
  return [
    ...(sector === sectorBytes ? [] : [`sectors of ${sector} bytes`]),
    ...(blockBytes === usualBlockBytes ? [] : [`blocks of ${blockBytes} bytes`]),
    ...(isAligned(mapAt) && isAligned(dataAt) ? [] : ['a block map or blocks within a sector']),
    ...([guidAt(header, 424), guidAt(header, 440)].every((guid) => guid === undefined || guid === noGuid)
      ? []
      : ['a parent, of which its type knows nothing']),
  ]
}

/** The versions that are not 1.1 have another header. */
const ofUnknownVersion = (version: number): Container => ({
  format: 'vdi',
  features: { unknownFeatures: [`version ${version >>> 16}.${version & 0xffff}`] },
  // biome-ignore lint/correctness/useYield: nothing is known that could be read.
  *completeness() {
    return {}
  },
})

/**
 * VirtualBox's VDI, version 1.1. The promise is the block map and as many blocks as the header says are allocated. Of a differencing
 * image it tells only the parent's UUID, which stands for its name.
 */
export const readVdi: FormatReader = function* (file) {
  const header = byteReader((yield* file.read(0, headerBytes)).bytes)
  const version = header.u32le(68)
  if (header.u32le(64) !== signature) return undefined
  if (version !== undefined && version !== 0x0001_0001) return ofUnknownVersion(version)

  const type = header.u32le(76)
  const layout = layoutOf(header)
  const virtualBytes = header.u64le(368) === undefined ? undefined : sizeInBytes(layout.virtualBytes)
  const variant = type === undefined ? undefined : variants[type]
  const isComplete = header.length === headerBytes
  const isTooSmall = layout.blocks * layout.blockBytes < layout.virtualBytes
  const unsupported = isComplete && type !== differencing ? unsupportedIn(header, layout) : []
  const features: ContainerFeatures = {
    ...(isComplete && isTooSmall && { damage: ['a block map that is too small for the disk'] }),
    ...(unsupported.length > 0 && { unsupported }),
    ...(type === differencing && { backingFile: guidAt(header, 424) ?? '' }),
    ...(type !== undefined && variant === undefined && { unknownFeatures: [`image type ${type}`] }),
  }
  const isWhole = isComplete && virtualBytes !== undefined && layout.blockBytes >= sectorBytes
  return {
    format: 'vdi',
    variant,
    virtualBytes,
    features,
    disk: isWhole && variant !== undefined ? vdiDisk(file, layout, type === differencing) : undefined,
    // biome-ignore lint/correctness/useYield: the header has told it already.
    *completeness() {
      const { mapAt, dataAt, blocks, allocated, blockBytes, extraBytes } = layout
      const blocksEnd = dataAt + allocated * (blockBytes + extraBytes)
      return { promisedBytes: furthest(headerBytes, mapAt + blocks * entryBytes, blocksEnd) }
    },
  }
}
