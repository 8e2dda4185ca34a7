import type { ImageFacts } from './facts.ts'
import { mostBytes } from './size.ts'
import { type EndClues, type FileLength, imageLength } from './wholeness.ts'

/** How large the disk is, as far as that is told. */
export type DiskSize = Pick<ImageFacts, 'virtualBytes' | 'virtualBytesAre'>

type Seen = Pick<
  ImageFacts,
  'compressions' | 'format' | 'disk' | 'promisedBytes' | 'unpackedBytes' | 'unpackedBytesAre' | 'virtualBytes'
>

const gzipModulus = 2 ** 32
const sectorBytes = 512
/** As much as partitioning programs, and those who make images, leave unused behind the last partition of an MBR, in bytes. */
const mostSlackBytes = 16 * 2 ** 20

/** How far behind the end by the table the least of the lengths lies that gzip may mean by what it announces, in bytes. */
const slackBehind = (end: number, announced: number): number => {
  const slack = (announced - end) % gzipModulus
  return slack < 0 ? slack + gzipModulus : slack
}

const plain = (virtualBytes: number, virtualBytesAre: DiskSize['virtualBytesAre']): DiskSize => ({
  virtualBytes,
  virtualBytesAre,
})

/**
 * Of a plain disk whose length gzip announces up to a multiple of 4 GiB. A GPT's second header is the last sector: where the lengths agree,
 * and the disk ends with no run of equal bytes, that is the end. An MBR knows of no end, and a disk may end with zeros behind it. Where the
 * lengths differ the table's is the least: what is announced may be the length of the last one of several members.
 */
const announcedSize = (end: number, announced: number, isGpt: boolean, { endingRunBytes }: EndClues): DiskSize => {
  const slack = slackBehind(end, announced)
  if (isGpt) return plain(end, slack === 0 && endingRunBytes === 0 ? 'exact' : 'at-least')
  return slack <= mostSlackBytes ? plain(end + slack, 'by-table') : plain(end, 'at-least')
}

/** Of a plain disk whose length nothing announces. A run that is longer than the disk by its table stands behind what the table knows of. */
const tableSize = (end: number, isGpt: boolean, { endingRunBytes }: EndClues): DiskSize => {
  const mostRunBytes = isGpt ? 0 : end
  return plain(end, endingRunBytes !== undefined && endingRunBytes <= mostRunBytes ? 'by-table' : 'at-least')
}

/**
 * How large the disk is: by the header of its format, which is all that counts there, or by the length of a plain one. Where that is not
 * known its partition table tells the least that it can be, because a disk that was grown keeps its old table until it is started; the end
 * of the compressed file tells whether it speaks for more.
 */
export const diskSizeOf = (seen: Seen, clues: EndClues, length: FileLength): DiskSize => {
  const { format, disk, virtualBytes, unpackedBytes, unpackedBytesAre } = seen
  if (format !== 'raw')
    return virtualBytes === undefined ? {} : plain(virtualBytes, virtualBytes < mostBytes ? 'exact' : 'at-least')
  const end = disk?.endBytes ?? 0
  const known = imageLength(seen, length)
  if (known !== undefined) return plain(Math.max(known, end), 'exact')
  const isGpt = disk?.partitionTable === 'gpt'
  // Another number of bytes is no length of a disk: the file was cut, and what stands at its end announces nothing.
  return unpackedBytesAre === 'modulo' && unpackedBytes !== undefined && unpackedBytes % sectorBytes === 0
    ? announcedSize(end, unpackedBytes, isGpt, clues)
    : tableSize(end, isGpt, clues)
}
