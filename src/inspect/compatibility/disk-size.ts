import type { ImageFacts } from '../facts.ts'

/** How large something is, in bytes. */
export interface Amount {
  readonly bytes: number
  /** It may be larger by any number of bytes. */
  readonly atLeast: boolean
}

/** The length of the file without its compressions; absent where nothing tells it. */
export const unpackedLength = ({
  compressions,
  bytes,
  unpackedBytes,
  unpackedBytesAre,
  fullPass,
}: ImageFacts): Amount | undefined => {
  const counted = compressions.length === 0 ? (fullPass?.bytes ?? bytes) : fullPass?.unpackedBytes
  if (counted !== undefined) return { bytes: counted, atLeast: false }
  return compressions.length === 0 || unpackedBytes === undefined
    ? undefined
    : { bytes: unpackedBytes, atLeast: unpackedBytesAre !== 'exact' }
}

const gzipModulus = 2 ** 32

/** The least length that gzip may mean by what it announces, of those that hold so many bytes. */
const leastMeant = (announced: number, held: number): number =>
  announced + Math.max(0, Math.ceil((held - announced) / gzipModulus)) * gzipModulus

const withPartitions = (
  unpacked: Amount | undefined,
  { disk, format, unpackedBytesAre }: ImageFacts,
): Amount | undefined => {
  const end = disk?.endBytes ?? 0
  if (end === 0) return unpacked
  if (unpacked === undefined) return { bytes: end, atLeast: true }
  // Of another format the file has another length than its disk.
  const isDiskItself = format === undefined || format === 'raw'
  return isDiskItself && unpacked.atLeast && unpackedBytesAre === 'modulo'
    ? { bytes: leastMeant(unpacked.bytes, end), atLeast: true }
    : { bytes: Math.max(unpacked.bytes, end), atLeast: unpacked.atLeast }
}

/**
 * How large the disk is that the image needs: by its own header, or by the length of what is unpacked, whichever is more. Where no header
 * tells it, the disk is at least as long as its partition table says: of the lengths that gzip may mean, which keeps them up to 4 GiB only,
 * the least one from there on counts.
 */
export const diskSize = (facts: ImageFacts): Amount | undefined => {
  const unpacked = unpackedLength(facts)
  const { virtualBytes } = facts
  if (virtualBytes === undefined) return withPartitions(unpacked, facts)
  return { bytes: Math.max(virtualBytes, unpacked?.bytes ?? 0), atLeast: false }
}
