import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { stretchOf } from '../stretch.ts'
import type { Completeness, Container, ContainerFeatures, FormatReader } from './container.ts'
import { furthest, promised } from './promise.ts'
import {
  type DynamicHeader,
  differencingDisk,
  dynamicBlocksEnd,
  dynamicDisk,
  dynamicHeaderBytes,
  readDynamicHeader,
} from './vhd-dynamic.ts'
import { footerAt, footerBytes, type VhdFooter } from './vhd-footer.ts'

const fixed = 2
const dynamic = 3
const differencing = 4

/**
 * VHD. A dynamic disk starts with a copy of its footer and has a block allocation table; a fixed one is the plain disk followed by the
 * footer, so that a fixed disk that was cut short, or whose length is not known, cannot be told from a raw one. Looking for that footer
 * is one wish, at the end of the file.
 */
export const readVhd: FormatReader = function* (file) {
  const beginning = byteReader((yield* file.read(0, footerBytes)).bytes)
  if (beginning.has(0, 'conectix')) return yield* readSparse(file, footerAt(beginning, 0))
  if (file.length === undefined) return undefined
  const end = yield* readEnd(file, file.length)
  return typeof end === 'object' && end.footer.type === fixed ? ofFixed(file, end) : undefined
}

interface End {
  readonly footer: VhdFooter
  /** In bytes from the file's start. */
  readonly at: number
}

/** The footer that a file of `length` bytes ends with. */
function* readEnd(file: Medium, length: number): Reading<End | 'none' | 'unavailable'> {
  if (length < footerBytes) return 'none'
  const part = yield* file.read(length - footerBytes, footerBytes)
  const reader = byteReader(part.bytes)
  for (const bytes of [footerBytes, footerBytes - 1]) {
    const footer = footerAt(reader, footerBytes - bytes)
    if (footer?.bytes === bytes) return { footer, at: length - bytes }
  }
  return part.short === 'unavailable' ? 'unavailable' : 'none'
}

const largestBytes = 0xff00_0000 * 512

/** What contradicts itself, and what is larger than the format's programs take: in words. */
const featuresOf = (
  { isWrong, virtualBytes = 0 }: VhdFooter,
  header: DynamicHeader | 'damaged' | undefined,
): ContainerFeatures => {
  const damage = [
    ...(isWrong ? ['a footer whose check sum is wrong'] : []),
    ...(header === 'damaged' ? ['no header of a dynamic disk where its footer says'] : []),
    ...(typeof header === 'object' && header.entries * header.blockBytes < virtualBytes
      ? ['a block table that is too small for the disk']
      : []),
  ]
  return {
    ...(damage.length > 0 && { damage }),
    ...(virtualBytes > largestBytes && { unsupported: [`a disk of more than ${largestBytes} bytes`] }),
  }
}

const ofFixed = (file: Medium, { footer, at }: End): Container => {
  const { bytes, virtualBytes, currentBytes } = footer
  return {
    format: 'vhd',
    variant: 'fixed',
    virtualBytes,
    features: featuresOf(footer, undefined),
    disk: virtualBytes === undefined ? undefined : stretchOf(file, 0, Math.min(virtualBytes, at)),
    // biome-ignore lint/correctness/useYield: the footer has told it already.
    *completeness() {
      return { promisedBytes: furthest(currentBytes + bytes) }
    },
  }
}

function* readSparse(file: Medium, footer: VhdFooter | undefined): Reading<Container> {
  if (footer === undefined)
    return { format: 'vhd', features: {}, completeness: () => completenessOf(file, 'damaged', 0) }
  const { type, virtualBytes, headerAt } = footer
  if (type !== dynamic && type !== differencing) {
    const features = { ...featuresOf(footer, undefined), unknownFeatures: [`disk type ${type}`] }
    return { format: 'vhd', virtualBytes, features, completeness: () => completenessOf(file, 'unavailable', headerAt) }
  }

  const header = yield* readDynamicHeader(file, headerAt)
  const isLayer = type === differencing
  const isCut = file.length !== undefined && headerAt + dynamicHeaderBytes > file.length
  const told = featuresOf(footer, header === 'unavailable' || isCut ? undefined : header)
  const isReadable = typeof header !== 'string' && virtualBytes !== undefined
  const diskOf = isLayer ? differencingDisk : dynamicDisk
  return {
    format: 'vhd',
    variant: isLayer ? 'differencing' : 'dynamic',
    virtualBytes,
    features: isLayer ? { ...told, backingFile: typeof header === 'string' ? '' : header.parent } : told,
    disk: isReadable ? diskOf(file, header, virtualBytes) : undefined,
    completeness: () => completenessOf(file, header, headerAt),
  }
}

/**
 * The furthest of the header, the table and the blocks, and the footer behind them. Some tools pad a file, so that a footer right behind
 * the last block counts as well as one at the very end.
 */
function* completenessOf(
  file: Medium,
  header: DynamicHeader | 'unavailable' | 'damaged',
  headerAt: number,
): Reading<Completeness> {
  const headerEnd = headerAt + dynamicHeaderBytes
  if (typeof header === 'string') return promised(file, furthest(headerEnd + footerBytes), header === 'unavailable')
  const { end, isUnread } = yield* dynamicBlocksEnd(file, header)
  const contentsEnd = furthest(headerEnd, end)
  const last = file.length === undefined ? 'unavailable' : yield* readEnd(file, file.length)
  const lastBytes = typeof last === 'string' ? footerBytes : last.footer.bytes
  const completeness = promised(file, furthest(contentsEnd + lastBytes), isUnread)
  if (last !== 'none') return completeness
  const behind = yield* file.read(contentsEnd, footerBytes)
  if (behind.short === 'unavailable') return completeness
  return { ...completeness, endMissing: footerAt(byteReader(behind.bytes), 0) === undefined }
}
