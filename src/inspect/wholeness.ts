import type { FullPass, ImageFacts } from './facts.ts'

/** What the bytes tell of the file's end, beside the lengths that are facts. */
export interface EndClues {
  /** Of each compression, the outermost first: whether its end is missing. Absent where that was not seen. */
  readonly endsMissing: readonly (boolean | undefined)[]
  /** A part that every complete image ends with is missing. */
  readonly endMissing: boolean
  /** How long the run of equal bytes is that the image in the one compression ends with, in bytes, by estimate. Absent where that was not seen. */
  readonly endingRunBytes?: number | undefined
}

/** What is known of the file's length from where it lies. */
export interface FileLength {
  /** In bytes; absent where it is not known for certain. */
  readonly bytes?: number | undefined
  readonly fullPass?: FullPass | undefined
}

type Promised = Pick<
  ImageFacts,
  'compressions' | 'format' | 'disk' | 'promisedBytes' | 'unpackedBytes' | 'unpackedBytesAre'
>

/** Whether the file is whole, as far as that can be told. */
export type Wholeness = Pick<ImageFacts, 'truncated' | 'truncationSuspected'>

/** The length of the image without its compressions, in bytes, where it is known for certain. */
export const imageLength = (
  { compressions, unpackedBytes, unpackedBytesAre }: Promised,
  { bytes, fullPass }: FileLength,
): number | undefined => {
  if (compressions.length === 0) return fullPass?.bytes ?? bytes
  const counted = compressions.length === 1 ? fullPass?.unpackedBytes : undefined
  return counted ?? (unpackedBytesAre === 'exact' ? unpackedBytes : undefined)
}

/** What a compression announces is no proof that its own end is there. */
const isEndSeen = ({ compressions }: Promised, { endsMissing }: EndClues, { fullPass }: FileLength): boolean =>
  (compressions.length === 1 && fullPass?.unpackedBytes !== undefined) ||
  endsMissing.every((missing) => missing === false)

const sectorBytes = 512
const lengthsBegin = 2 ** 32

/** How long an image of a format is: whole sectors, always or mostly. A qcow2 file can end where its last table does. */
const inSectors: ReadonlyMap<unknown, 'always' | 'mostly'> = new Map([
  ['raw', 'always'],
  ['vhd', 'always'],
  ['vhdx', 'always'],
  ['vdi', 'always'],
  ['vmdk', 'always'],
  ['qcow2', 'mostly'],
] as const)

/**
 * What the last bytes of a gzip file say is a length only where they are its end: of a file that was cut they are any number. It could also be
 * 4 GiB less than the length, which few images are behind their last table. A qcow2 file may end with that.
 */
const lengthSuspicion = (promised: Promised): string | undefined => {
  const { format, promisedBytes = 0, unpackedBytes, unpackedBytesAre } = promised
  if (unpackedBytesAre !== 'modulo' || unpackedBytes === undefined) return undefined
  if (promisedBytes < lengthsBegin && unpackedBytes < promisedBytes)
    return `gzip announces ${unpackedBytes} bytes, and the image in it should have at least ${promisedBytes}`
  const sectors = inSectors.get(format)
  if (sectors === undefined || unpackedBytes % sectorBytes === 0 || unpackedBytes === promisedBytes) return undefined
  return `gzip announces ${unpackedBytes} bytes, which is ${sectors === 'always' ? 'no' : 'an unusual'} length of a ${format} image`
}

/**
 * Where no length is announced: the last sector of a GPT disk is its second header, unless it was cut, or grown and not parted anew. Behind a
 * gzip file zeros may stand that are not in it.
 */
const endSuspicion = (
  { compressions, format, disk, unpackedBytes }: Promised,
  { endingRunBytes = 0 }: EndClues,
): string | undefined =>
  compressions.at(-1) === 'bzip2' &&
  unpackedBytes === undefined &&
  format === 'raw' &&
  disk?.partitionTable === 'gpt' &&
  endingRunBytes > 0
    ? 'the disk in it ends with equal bytes, where its partition table should have its second header: it was cut, or grown'
    : undefined

/** Whether the file is whole: by what it promises, the length that it has, and the ends that were seen. */
export const wholenessOf = (promised: Promised, clues: EndClues, length: FileLength): Wholeness => {
  const isCut = clues.endMissing || clues.endsMissing.includes(true) || length.fullPass?.damaged === true
  if (isCut) return { truncated: true }
  const bytes = imageLength(promised, length)
  const { promisedBytes } = promised
  if (promisedBytes !== undefined && bytes !== undefined) {
    if (promisedBytes > bytes) return { truncated: true }
    if (isEndSeen(promised, clues, length)) return { truncated: false }
  }
  // What was unpacked to its end was not cut.
  const suspected =
    length.fullPass?.unpackedBytes === undefined
      ? (lengthSuspicion(promised) ?? endSuspicion(promised, clues))
      : undefined
  return suspected === undefined ? {} : { truncationSuspected: suspected }
}
