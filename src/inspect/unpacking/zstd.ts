import { Decompress } from 'fzstd'
import { byteReader } from '../byte-reader.ts'
import type { Part, Shortage } from '../reading.ts'
import { windowBytesOf, type ZstdFrame, zstdFrames } from '../wrapping/zstd-frames.ts'
import type { Meter } from './meter.ts'
import { type Pieces, piecesUpTo } from './pieces.ts'
import { withinTime } from './within-time.ts'

const magic = [0x28, 0xb5, 0x2f, 0xfd]
const checksumFlag = 4
const mostBlockBytes = 2 ** 17
/** With each block the library moves the whole window: from here on that takes longer than it is worth. */
const mostWindowBytes = 16 * 2 ** 20
const descriptors = Array.from({ length: 256 }, (_, descriptor) => descriptor)

/** How far back these blocks can refer, in bytes, whatever the header announces. */
const usedWindowBytes = ({ windowBytes, blocks }: ZstdFrame): number => Math.min(windowBytes, blocks * mostBlockBytes)

/**
 * The frame with another header, that announces no larger window than these blocks and this many bytes can need: the library sets
 * aside as much as is announced, which may be 2 GiB for a few bytes.
 */
const withSmallWindow = (packed: Uint8Array, frame: ZstdFrame, most: number): Uint8Array => {
  const needed = Math.min(usedWindowBytes(frame), most + mostBlockBytes)
  const window = descriptors.find((descriptor) => windowBytesOf(descriptor) >= needed) ?? 0xff
  const header = [...magic, frame.hasChecksum ? checksumFlag : 0, window]
  return Buffer.concat([Uint8Array.from(header), packed.subarray(frame.at + frame.headerBytes, frame.end)])
}

const enough = Symbol('enough')

const unpackFrame = (packed: Uint8Array, frame: ZstdFrame, most: number, pieces: Pieces): void => {
  const stream = new Decompress((piece) => {
    pieces.add(piece)
    // Thrown through the library, which would go on to the end otherwise.
    if (pieces.isFull()) throw enough
  })
  stream.push(withSmallWindow(packed, frame, most), frame.isWhole)
}

const endings: Readonly<Record<ReturnType<typeof zstdFrames>['ending'], Shortage>> = {
  whole: 'end',
  cut: 'unavailable',
  damaged: 'damaged',
}

/**
 * Unpacks Zstandard frames, at most so many bytes of them, at most 16 MiB where they refer back further than that, and as long as there
 * is time. What was packed with a dictionary is `unavailable`.
 */
export const unpackZstd = (packed: Uint8Array, wanted: number, meter: Meter): Part => {
  const { frames, ending } = zstdFrames(byteReader(packed))
  const foreign = frames.findIndex(({ needsDictionary }) => needsDictionary)
  const ours = foreign < 0 ? frames : frames.slice(0, foreign)
  const most = ours.some((frame) => usedWindowBytes(frame) > mostWindowBytes)
    ? Math.min(wanted, mostWindowBytes)
    : wanted
  const pieces = piecesUpTo(most)
  const unpackAll = (): Part => {
    const outcome = withinTime(meter, () => {
      for (const frame of ours) unpackFrame(packed, frame, most, pieces)
    })
    if (outcome === 'broken-off') return pieces.part('unavailable')
    return foreign >= 0 ? pieces.part('unavailable', 'zstd with a dictionary') : pieces.part(endings[ending])
  }
  try {
    return unpackAll()
  } catch {
    if (!pieces.isFull()) return pieces.part('damaged')
    const { bytes } = pieces.part('unavailable')
    return most < wanted ? { bytes, short: 'unavailable' } : { bytes }
  }
}
