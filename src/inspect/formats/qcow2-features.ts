import { type Medium, noPart, type Reading } from '../reading.ts'
import type { ContainerFeatures } from './container.ts'
import { qcow2Damage, qcow2Unsupported } from './qcow2-damage.ts'
import { mostNameBytes, nameIn, type Qcow2Extensions } from './qcow2-extensions.ts'
import { incompatibleBit, type Qcow2Header } from './qcow2-header.ts'

const encryptions: readonly (string | undefined)[] = [undefined, 'aes', 'luks']
const compressionTypes: readonly string[] = ['zlib', 'zstd']
const knownBits: readonly number[] = Object.values(incompatibleBit)
const leastClusterBits = 9
const leastClusterBitsOfExtendedL2 = 14
const mostClusterBits = 21
const mostRefcountOrder = 6

/** What a qcow2 file holds beside a plain disk. The name of the backing file is read where the header says that it stands. */
export function* readQcow2Features(
  file: Medium,
  header: Qcow2Header,
  extensions: Qcow2Extensions,
): Reading<ContainerFeatures> {
  const { backingName, encryption, incompatible, snapshots } = header
  const has = (bit: number): boolean => incompatible.includes(bit)
  const nameBytes = backingName.at === 0 ? 0 : Math.min(backingName.length, mostNameBytes)
  const name = nameBytes === 0 ? noPart('end') : yield* file.read(backingName.at, nameBytes)
  const unknownFeatures = unknownIn(header, extensions)
  const hasTables = hasAllowedClusters(header)
  const damage = hasTables ? qcow2Damage(header, extensions) : []
  const unsupported = hasTables ? qcow2Unsupported(header) : []
  return {
    ...(backingName.at !== 0 && { backingFile: nameIn(name.bytes) }),
    ...(has(incompatibleBit.externalData) && { dataFile: extensions.dataFile ?? '' }),
    ...(encryption !== 0 && { encryption: encryptions[encryption] ?? `method ${encryption}` }),
    ...(snapshots.count !== 0 && { snapshots: snapshots.count }),
    ...(has(incompatibleBit.dirty) && { dirty: true }),
    ...(has(incompatibleBit.corrupt) && { corrupt: true }),
    ...(damage.length > 0 && { damage }),
    ...(unsupported.length > 0 && { unsupported }),
    ...(unknownFeatures.length > 0 && { unknownFeatures }),
  }
}

/** Whether the clusters have a size that the format allows, without which nothing follows from its tables. */
export const hasAllowedClusters = ({ clusterBits, l2EntryBytes }: Qcow2Header): boolean =>
  clusterBits <= mostClusterBits &&
  clusterBits >= (l2EntryBytes === 8 ? leastClusterBits : leastClusterBitsOfExtendedL2)

const unknownIn = (header: Qcow2Header, { featureNames }: Qcow2Extensions): readonly string[] => {
  const { clusterBits, clusterBytes, compressionType, headerBytes, incompatible, refcountOrder } = header
  // The bit says that the type is another one than deflate, and a reader has to refuse what contradicts it.
  const isKnownCompression =
    compressionType < compressionTypes.length &&
    (compressionType !== 0) === incompatible.includes(incompatibleBit.compressionType)
  return [
    ...incompatible.filter((bit) => !knownBits.includes(bit)).map((bit) => featureNames.get(bit) ?? `bit ${bit}`),
    ...(isKnownCompression ? [] : [`compression type ${compressionType}`]),
    ...(hasAllowedClusters(header) ? [] : [`clusters of 2^${clusterBits} bytes`]),
    ...(headerBytes > clusterBytes ? [`header of ${headerBytes} bytes`] : []),
    ...(refcountOrder > mostRefcountOrder ? [`reference counts of 2^${refcountOrder} bits`] : []),
  ]
}
