import { byteReader } from '../byte-reader.ts'
import type { ContainerFeatures, FormatReader } from './container.ts'
import { furthest, promised } from './promise.ts'
import { type BlockTable, blockTable, isTooSmall, vhdxBlocksEnd, vhdxDisk, wrongSizes } from './vhdx-blocks.ts'
import type { VhdxHeader, VhdxHeaders, VhdxRegion, VhdxRegions } from './vhdx-header.ts'
import { batRegion, metadataRegion, readVhdxHeader, readVhdxRegions } from './vhdx-header.ts'
import type { VhdxMetadata } from './vhdx-metadata.ts'
import { readVhdxMetadata } from './vhdx-metadata.ts'

const headerSectionBytes = 2 ** 20
const knownVersion = 1
const mostUnknown = 64
const nothingRead = { end: 0, isUnread: true }

const unknownOf = (
  header: VhdxHeader | undefined,
  regions: readonly VhdxRegion[],
  metadata: VhdxMetadata,
): readonly string[] =>
  [
    ...(header === undefined || header.version === knownVersion ? [] : [`version ${header.version}`]),
    ...regions
      .filter(({ id, isRequired }) => isRequired && id !== batRegion && id !== metadataRegion)
      .map(({ id }) => `region ${id}`),
    ...metadata.unknownItems.map((id) => `metadata item ${id}`),
  ].slice(0, mostUnknown)

const damageOf = (
  headers: VhdxHeaders,
  tables: VhdxRegions,
  metadata: VhdxMetadata,
  table: BlockTable | undefined,
): readonly string[] => {
  const { regions } = tables
  const isTold = (id: string): boolean => regions.length === 0 || regions.some((region) => region.id === id)
  return [
    ...(headers.damage === undefined ? [] : [headers.damage]),
    ...(tables.damage === undefined ? [] : [tables.damage]),
    ...(isTold(metadataRegion) ? [] : ['a region table that knows no metadata']),
    ...(isTold(batRegion) ? [] : ['a region table that knows no block table']),
    ...metadata.missingItems.map((what) => `metadata without ${what}`),
    ...wrongSizes(metadata),
    ...(table !== undefined && isTooSmall(table) ? ['a block table that is too small for the disk'] : []),
  ]
}

/** What the format allows and QEMU does not open, in words. */
const unsupportedOf = ({ unsupported }: VhdxRegions, { logicalSectorBytes }: VhdxMetadata): readonly string[] => [
  ...(unsupported === undefined ? [] : [unsupported]),
  ...(logicalSectorBytes === 4096 ? ['sectors of 4096 bytes'] : []),
]

const noMetadata: VhdxMetadata = { missingItems: [], unknownItems: [] }

/**
 * VHDX. The promise is the furthest of the 1 MiB header section, the log, every region of the region table, and the blocks that
 * the block allocation table says are present. Check sums decide between the two copies of a header: a wrong one is no
 * absence, and where both are wrong it is damage. A disk whose log has to be replayed is not read, since what its tables say may be out of date.
 */
export const readVhdx: FormatReader = function* (file) {
  const identifier = yield* file.read(0, 8)
  if (!byteReader(identifier.bytes).has(0, 'vhdxfile')) return undefined
  const headers = yield* readVhdxHeader(file)
  const { header } = headers
  const regionTables = yield* readVhdxRegions(file)
  const { regions } = regionTables
  const place = regions.find(({ id }) => id === metadataRegion)
  const metadata = place === undefined ? noMetadata : yield* readVhdxMetadata(file, place)

  const table = blockTable(
    regions.find(({ id }) => id === batRegion),
    metadata,
  )
  const damage = damageOf(headers, regionTables, metadata, table)
  const unsupported = unsupportedOf(regionTables, metadata)
  const unknownFeatures = unknownOf(header, regions, metadata)
  const features: ContainerFeatures = {
    ...(metadata.parent !== undefined && { backingFile: metadata.parent }),
    ...(header?.needsReplay === true && { dirty: true }),
    ...(damage.length > 0 && { damage }),
    ...(unsupported.length > 0 && { unsupported }),
    ...(unknownFeatures.length > 0 && { unknownFeatures }),
  }
  const isReadable = header !== undefined && !header.needsReplay && unknownFeatures.length === 0
  return {
    format: 'vhdx',
    variant: metadata.variant,
    virtualBytes: metadata.virtualBytes,
    features,
    disk: isReadable && table !== undefined ? vhdxDisk(file, table) : undefined,
    *completeness() {
      const blocks = table === undefined ? nothingRead : yield* vhdxBlocksEnd(file, table)
      const ends = regions.map(({ at, bytes }) => at + bytes)
      const end = furthest(headerSectionBytes, header?.logEnd, blocks.end, ...ends)
      return promised(file, end, blocks.isUnread)
    },
  }
}
