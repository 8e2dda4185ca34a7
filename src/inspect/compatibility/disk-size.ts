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

const containers: ReadonlySet<ImageFacts['format']> = new Set(['qcow2', 'vhd', 'vhdx', 'vdi', 'vmdk', 'ploop'] as const)

/** Whether the file is as long as its disk: it is no container, whose length tells the least of its disk at the best. */
export const isDiskItself = ({ format }: ImageFacts): boolean => !containers.has(format)

/**
 * How large the disk is that the image needs, or the file without its compressions where that is more. Absent where nothing tells it.
 */
export const diskSize = (facts: ImageFacts): Amount | undefined => {
  const unpacked = unpackedLength(facts)
  const { virtualBytes, virtualBytesAre = 'exact' } = facts
  const told = virtualBytes ?? facts.disk?.endBytes
  if (told === undefined) return unpacked && { ...unpacked, atLeast: unpacked.atLeast || !isDiskItself(facts) }
  const isTold = virtualBytes !== undefined && virtualBytesAre === 'exact'
  const isCounted = isDiskItself(facts) && unpacked?.atLeast === false
  return { bytes: Math.max(told, unpacked?.bytes ?? 0), atLeast: !isTold && !isCounted }
}
