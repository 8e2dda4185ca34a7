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

/**
 * How large the disk is that the image needs: by its own header or partition table, or by the length of what is unpacked, whichever is
 * more. A length that gzip keeps only up to 4 GiB counts as the least one, unless the disk itself tells more.
 */
export const diskSize = (facts: ImageFacts): Amount | undefined => {
  const unpacked = unpackedLength(facts)
  const { virtualBytes } = facts
  if (virtualBytes === undefined) return unpacked
  return { bytes: Math.max(virtualBytes, unpacked?.bytes ?? 0), atLeast: false }
}
