import type { Compression } from '../../model/disk-format.ts'
import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import { bzip2Marks, type Mark } from './bzip2-marks.ts'
import { tailBytes } from './kept-tail.ts'
import type { Layer } from './layer.ts'

type PackedEnd = Pick<Layer, 'unpackedBytesAtMost' | 'endingRunBytes'>

/** No deflated byte stands for more. */
export const mostDeflated = 1032

const gzipTrailerBytes = 8
const gzipTailBytes = 64
/** A run is packed as the same few bits over and over, which come to the same bytes again after so many. */
const longestPeriod = 16

/** Whether at least half of the bytes repeat those before them. Between two blocks of a run stand up to twenty others. */
const isRepeated = (bytes: Uint8Array): boolean =>
  Array.from({ length: longestPeriod }, (_, index) => index + 1).some(
    (period) => bytes.filter((byte, at) => at >= period && byte === bytes[at - period]).length * 2 >= bytes.length,
  )

function* endOfGzip(file: Medium, length: number): Reading<PackedEnd> {
  const unpackedBytesAtMost = sizeInBytes(length * mostDeflated)
  const wanted = gzipTailBytes + gzipTrailerBytes
  if (length < wanted) return { unpackedBytesAtMost }
  const { bytes } = yield* file.read(length - wanted, wanted)
  if (bytes.length < wanted) return { unpackedBytesAtMost }
  const isRun = isRepeated(bytes.subarray(0, gzipTailBytes))
  return { unpackedBytesAtMost, endingRunBytes: isRun ? gzipTailBytes * mostDeflated : 0 }
}

/** What a block holds before its first, simple packing of runs, in bytes, for each step of the digit in the header. */
const bzip2StepBytes = 100_000
/** Five bytes stand for a run of 255, as bzip2 writes them. */
const mostOfRun = 255 / 5
/** No block holds more, as far as they can be read, of which five bytes may stand for a run of 259; in bytes. */
const mostInBlock = (9 * bzip2StepBytes * 259) / 5
/** No block takes less, whatever is in it; in bytes. */
const leastBlockBytes = 22
/** A block that holds nothing but a run takes about 40 bytes, one with a GPT in it more than a hundred. */
const mostRunBlockBits = 64 * 8

/**
 * What is in the blocks at the end, as far back as none holds more than a run. The last one of a stream need not be full: programs that pack on
 * several processors at once make a stream of every block, and do not wait until runs have filled it.
 */
const bzip2Run = (marks: readonly Mark[], blockBytes: number): number | undefined => {
  if (marks.at(-1)?.kind !== 'end') return undefined
  let run = 0
  for (let index = marks.length - 2; index >= 0; index -= 1) {
    const [mark, next] = [marks[index], marks[index + 1]]
    if (mark === undefined || next === undefined || mark.kind === 'end') continue
    if (next.bit - mark.bit > mostRunBlockBits) break
    run += next.kind === 'end' ? blockBytes : blockBytes * mostOfRun
  }
  return run
}

function* endOfBzip2(file: Medium, length: number): Reading<PackedEnd> {
  const { bytes: header } = yield* file.read(0, 4)
  const blockBytes = Number(byteReader(header).latin1(3, 1)) * bzip2StepBytes
  const unpackedBytesAtMost = sizeInBytes(Math.ceil((length / leastBlockBytes) * mostInBlock))
  const wanted = Math.min(length, tailBytes)
  const { bytes } = yield* file.read(length - wanted, wanted)
  const endingRunBytes = bytes.length < wanted ? undefined : bzip2Run(bzip2Marks(bytes), blockBytes)
  return { unpackedBytesAtMost, ...(endingRunBytes !== undefined && { endingRunBytes }) }
}

/**
 * How much can be in a compressed file at the most, and whether it ends with a run of equal bytes, as a disk does that was made larger than
 * its contents. Of gzip and bzip2 only: others tell their lengths, or are taken nowhere.
 */
export function* packedEnd(compression: Compression, file: Medium): Reading<PackedEnd> {
  const { length } = file
  if (length === undefined) return {}
  if (compression === 'gzip') return yield* endOfGzip(file, length)
  return compression === 'bzip2' ? yield* endOfBzip2(file, length) : {}
}
