import type { Medium, Reading } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import type { Completeness, Container, ContainerFeatures, FormatVariant } from './container.ts'
import { furthest, promised } from './promise.ts'
import {
  describedFeatures,
  fileNamesOf,
  isDescriptor,
  mostTextBytes,
  readDescriptor,
  type VmdkDescriptor,
} from './vmdk-descriptor.ts'
import { directoryBytes, directoryPlace } from './vmdk-directory.ts'
import { vmdkDisk } from './vmdk-disk.ts'
import { grainsEnd } from './vmdk-grains-end.ts'
import { hasAllowedGrains, hasWrongTables, type SparseHeader } from './vmdk-header.ts'

const headerBytes = 512
const newestVersion = 3
const zlib = 1

/** The descriptor in a sparse extent; absent where there is none, and `unavailable` where that cannot be told. */
function* embeddedDescriptor(
  file: Medium,
  { descriptor: { at, bytes } }: SparseHeader,
): Reading<VmdkDescriptor | undefined | 'unavailable'> {
  if (at === 0 || bytes === 0) return undefined
  const part = yield* file.read(at, Math.min(bytes, mostTextBytes))
  const text = new TextDecoder().decode(part.bytes)
  if (isDescriptor(text)) return readDescriptor(text)
  return part.short === 'unavailable' ? 'unavailable' : undefined
}

/** A sparse extent, of which the header was read. */
export function* readSparse(file: Medium, header: SparseHeader): Reading<Container> {
  const found = yield* embeddedDescriptor(file, header)
  const descriptor = typeof found === 'object' ? found : undefined
  const furtherFiles = descriptor === undefined ? [] : elsewhere(header, descriptor)
  const unknownFeatures = unknownOf(header)
  const isHeaderThere = file.length === undefined || file.length >= headerBytes
  // One without a disk only carries a descriptor.
  const isWrong = isHeaderThere && header.capacityBytes > 0 && hasWrongTables(header)
  const features: ContainerFeatures = {
    ...(descriptor !== undefined && describedFeatures(descriptor, furtherFiles)),
    ...(header.isUnclean && { dirty: true }),
    ...(isWrong && { damage: ['grain tables of a size that the format does not allow'] }),
    ...(unknownFeatures.length > 0 && { unknownFeatures }),
  }
  const variant = found === 'unavailable' ? undefined : variantOf(header, descriptor, furtherFiles)
  const virtualBytes = header.capacityBytes > 0 ? sizeInBytes(header.capacityBytes) : undefined
  const isWhole = variant === 'monolithic-sparse' || variant === 'stream-optimised'
  const isKnown = unknownFeatures.length === 0 && descriptor?.isEncrypted !== true
  const isReadable = isWhole && isKnown && virtualBytes !== undefined && hasAllowedGrains(header)
  return {
    format: 'vmdk',
    variant,
    virtualBytes,
    features,
    disk: isReadable ? vmdkDisk(file, header, features.backingFile !== undefined) : undefined,
    completeness: () => completenessOf(file, header),
  }
}

/** The files that the disk lies in where it is not this one alone, whose own name, as the descriptor has it, may be an old one. */
const elsewhere = ({ capacityBytes }: SparseHeader, { extents }: VmdkDescriptor): readonly string[] => {
  const isHere = capacityBytes > 0 && extents.length <= 1 && extents.every(({ type }) => type === 'SPARSE')
  return isHere ? [] : fileNamesOf(extents)
}

const variantOf = (
  { capacityBytes, isCompressed }: SparseHeader,
  descriptor: VmdkDescriptor | undefined,
  furtherFiles: readonly string[],
): FormatVariant => {
  if (capacityBytes === 0 && descriptor !== undefined) return 'descriptor'
  if (furtherFiles.length > 0) return 'split-extent'
  if (isCompressed) return 'stream-optimised'
  return descriptor === undefined ? 'split-extent' : 'monolithic-sparse'
}

const unknownOf = ({ version, isCompressed, compression }: SparseHeader): readonly string[] => [
  ...(version > newestVersion ? [`version ${version}`] : []),
  // Some writers leave the field at zero, and compress by zlib all the same.
  ...(isCompressed && compression > zlib ? [`compression ${compression}`] : []),
]

/**
 * The furthest of the overhead, the descriptor, the grain directory, its tables and the grains. A stream-optimised extent keeps its
 * directory at the end, behind a footer: without the footer the file is cut short by an unknown amount.
 */
function* completenessOf(file: Medium, header: SparseHeader): Reading<Completeness> {
  const { overheadBytes, descriptor } = header
  const beginningEnd = furthest(headerBytes, overheadBytes, descriptor.at + descriptor.bytes)
  const place = yield* directoryPlace(file, header)
  if (place === 'unavailable') return promised(file, beginningEnd, true)
  if (place === 'missing') return { promisedBytes: beginningEnd, endMissing: true }
  if (place === 0 || !hasAllowedGrains(header)) return { promisedBytes: beginningEnd }
  // A file that ends as it should needs no look at its tables, which are far apart among the grains.
  if (header.directoryAt === 'at-end') {
    return { promisedBytes: furthest(beginningEnd, place + directoryBytes(header)), endMissing: false }
  }
  const { end, isUnread } = yield* grainsEnd(file, header, place)
  return promised(file, furthest(beginningEnd, end), isUnread)
}
