import { byteReader } from '../byte-reader.ts'
import type { Shortage } from '../reading.ts'
import { windowBytesOf, type ZstdFrame, zstdFrames } from '../wrapping/zstd-frames.ts'
import type { Explained, Outcome, Task } from './task.ts'

const magic = 0xfd2f_b528
const checksumFlag = 4
const headerBytes = 6
const mostBlockBytes = 2 ** 17
/** With each block the library moves the whole window: from here on that takes longer than it is worth. */
const mostWindowBytes = 16 * 2 ** 20
/** What each window descriptor stands for, in bytes. */
const windows = Array.from({ length: 256 }, (_, descriptor) => windowBytesOf(descriptor))

/** How far back these blocks can refer, in bytes, whatever the header announces. */
const usedWindowBytes = ({ windowBytes, blocks }: ZstdFrame): number => Math.min(windowBytes, blocks * mostBlockBytes)

/**
 * Writes a header for the frame that announces no larger window than these blocks and this many bytes can need: the library sets aside as
 * much as is announced, which may be 2 GiB for a few bytes.
 */
const writeHeader = (to: DataView, at: number, frame: ZstdFrame, most: number): void => {
  const needed = Math.min(usedWindowBytes(frame), most + mostBlockBytes)
  const window = windows.findIndex((bytes) => bytes >= needed)
  to.setUint32(at, magic, true)
  to.setUint8(at + 4, frame.hasChecksum ? checksumFlag : 0)
  to.setUint8(at + 5, window < 0 ? 0xff : window)
}

const endings: Readonly<Record<ReturnType<typeof zstdFrames>['ending'], Shortage>> = {
  whole: 'end',
  cut: 'unavailable',
  damaged: 'damaged',
}

/** The frames under other headers. No header is shorter than these, so that there is room in as many bytes. */
const taskOf = (packed: Uint8Array, frames: readonly ZstdFrame[], most: number): Task => {
  const joined = new Uint8Array(packed.length)
  const view = new DataView(joined.buffer)
  const ends = new Uint32Array(frames.length)
  let end = 0
  for (const [index, frame] of frames.entries()) {
    writeHeader(view, end, frame, most)
    const body = packed.subarray(frame.at + frame.headerBytes, frame.end)
    joined.set(body, end + headerBytes)
    end += headerBytes + body.length
    ends[index] = end
  }
  return { packing: 'zstd', packed: joined.subarray(0, end), ends, isCut: frames.at(-1)?.isWhole === false, most }
}

/**
 * How Zstandard frames are unpacked, at most so many bytes of them, and at most 16 MiB where they refer back further than that. What was
 * packed with a dictionary is `unavailable`.
 */
export const zstdTask = (
  packed: Uint8Array,
  wanted: number,
): { readonly task: Task; readonly explain: (outcome: Outcome) => Explained } => {
  const { frames, ending } = zstdFrames(byteReader(packed))
  const foreign = frames.findIndex(({ needsDictionary }) => needsDictionary)
  const ours = foreign < 0 ? frames : frames.slice(0, foreign)
  const isWide = ours.some((frame) => usedWindowBytes(frame) > mostWindowBytes)
  const most = isWide ? Math.min(wanted, mostWindowBytes) : wanted
  const atTheEnd: Explained =
    foreign < 0 ? { short: endings[ending] } : { short: 'unavailable', reason: 'zstd with a dictionary' }
  return {
    task: taskOf(packed, ours, most),
    explain: (outcome) => (outcome.ending === 'end' ? atTheEnd : { short: outcome.ending }),
  }
}
