import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import type { Container } from './container.ts'
import { promised } from './promise.ts'
import { qcow2Completeness } from './qcow2-completeness.ts'
import { qcow2Disk } from './qcow2-disk.ts'
import { readQcow2Extensions } from './qcow2-extensions.ts'
import { hasAllowedClusters, readQcow2Features } from './qcow2-features.ts'
import { leastHeaderBytes, readQcow2Header } from './qcow2-header.ts'
import { remembered } from './remembered.ts'

/** Header and extensions stand in the first cluster, and are far shorter than that; in bytes. */
const beginningBytes = 64 * 1024

/** How much of a table is read at once, in bytes: a usual one whole, a small one with its neighbours. */
const tableStretchBytes = { least: 4096, most: 64 * 1024 }

/**
 * qcow2, versions 2 and 3, as QEMU's docs/interop/qcow2.txt describes it. Version 1 is another format, and one above 3 is known by its name
 * alone. There is no disk to read where the contents are encrypted, in another file, or kept in a way that is not known.
 */
export function* readQcow2(file: Medium): Reading<Container | undefined> {
  const beginning = yield* file.read(0, beginningBytes)
  const reader = byteReader(beginning.bytes)
  const version = reader.u32be(4) ?? 0
  if (!reader.has(0, 'QFI\xfb') || version < 2) return undefined
  if (version !== 2 && version !== 3) return ofUnknownVersion(version)

  const header = readQcow2Header(reader, version)
  const extensions = readQcow2Extensions(beginning.bytes, header)
  const isWhole = reader.length >= leastHeaderBytes[version]
  const features = isWhole ? yield* readQcow2Features(file, header, extensions) : {}
  const hasTables = isWhole && hasAllowedClusters(header)
  const tables = remembered(
    file,
    Math.max(tableStretchBytes.least, Math.min(header.clusterBytes, tableStretchBytes.most)),
  )
  const { dataFile, encryption, unknownFeatures } = features
  const isReadable = hasTables && dataFile === undefined && encryption === undefined && unknownFeatures === undefined
  return {
    format: 'qcow2',
    variant: version === 2 ? 'qcow2 v2' : 'qcow2 v3',
    virtualBytes: sizeInBytes(reader.u64be(24)),
    features,
    ...(isReadable && { disk: qcow2Disk(file, tables, header) }),
    completeness: hasTables
      ? () => qcow2Completeness(file, tables, header, extensions)
      : // biome-ignore lint/correctness/useYield: without tables there is nothing to read.
        function* () {
          return promised(file, header.headerBytes, beginning.short === 'unavailable')
        },
  }
}

const ofUnknownVersion = (version: number): Container => ({
  format: 'qcow2',
  features: { unknownFeatures: [`version ${version}`] },
  // biome-ignore lint/correctness/useYield: nothing is known that could be read.
  *completeness() {
    return {}
  },
})
