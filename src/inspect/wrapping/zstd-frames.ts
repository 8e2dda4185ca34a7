import type { ByteReader } from '../byte-reader.ts'

const magic = 0xfd2f_b528
const skippableMagic = 0x184d_2a50
const magicBytes = 4
const skippableHeaderBytes = 8
const blockHeaderBytes = 3
const checksumBytes = 4

/** The header of one Zstandard frame, as RFC 8878 has it. */
export interface ZstdHeader {
  /** From the frame's start to its first block, in bytes. */
  readonly headerBytes: number
  /** How far back the frame may refer, in bytes. */
  readonly windowBytes: number
  /** The length of what is packed in the frame, in bytes; absent where it is not told. */
  readonly contentBytes?: number | undefined
  readonly hasChecksum: boolean
  readonly needsDictionary: boolean
}

/** One Zstandard frame within some bytes. */
export interface ZstdFrame extends ZstdHeader {
  /** Where the frame begins, in bytes. */
  readonly at: number
  /** Behind the last block that is there wholly, or behind the frame where it ends within the bytes. */
  readonly end: number
  /** How many blocks are there wholly. */
  readonly blocks: number
  /** Whether all of it is there. */
  readonly isWhole: boolean
}

/** What stands in some bytes, frame by frame. */
export interface ZstdFrames {
  /** Without the skippable ones, which hold nothing that was packed. */
  readonly frames: readonly ZstdFrame[]
  /** `whole`: they end with a frame's end. `cut`: within a frame. `damaged`: with something that is no frame. */
  readonly ending: 'whole' | 'cut' | 'damaged'
}

/** The length in bytes of the skippable frame at an offset, which parallel compressors write; `undefined` where none stands there. */
export const skippableBytes = (reader: ByteReader, at: number): number | undefined => {
  const found = reader.u32le(at)
  // The sixteen numbers from the magic one on are skippable frames.
  if (found === undefined || found < skippableMagic || found > skippableMagic + 15) return undefined
  return skippableHeaderBytes + (reader.u32le(at + magicBytes) ?? 0)
}

/** Whether a Zstandard frame begins at an offset. */
export const hasZstdMagic = (reader: ByteReader, at: number): boolean => reader.u32le(at) === magic

const contentField = (reader: ByteReader, at: number, width: number): number | undefined => {
  if (width === 1) return reader.u8(at)
  // Two bytes count from 256 on, since less fits into one.
  if (width === 2) return (reader.u16le(at) ?? 0) + 256
  return width === 4 ? reader.u32le(at) : reader.u64le(at)
}

/** The window that a frame's window descriptor (a byte) stands for, in bytes. */
export const windowBytesOf = (descriptor: number): number => {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

const readHeader = (reader: ByteReader, at: number): ZstdHeader | undefined => {
  const descriptor = reader.u8(at + magicBytes)
  if (descriptor === undefined) return undefined
  const isSingleSegment = (descriptor & 0x20) !== 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const contentWidth = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const windowAt = at + magicBytes + 1
  const dictionaryAt = windowAt + (isSingleSegment ? 0 : 1)
  const contentAt = dictionaryAt + dictionaryBytes
  const end = contentAt + contentWidth
  if (end > reader.length) return undefined

  const content = contentWidth === 0 ? undefined : contentField(reader, contentAt, contentWidth)
  const window = isSingleSegment ? content : windowBytesOf(reader.u8(windowAt) ?? 0)
  let needsDictionary = false
  for (let place = dictionaryAt; place < contentAt; place += 1) needsDictionary ||= reader.u8(place) !== 0
  return {
    headerBytes: end - at,
    windowBytes: window ?? 0,
    contentBytes: content !== undefined && Number.isSafeInteger(content) ? content : undefined,
    hasChecksum: (descriptor & 4) !== 0,
    needsDictionary,
  }
}

/** Follows the blocks of a frame by their lengths, without unpacking them. */
const readFrame = (reader: ByteReader, at: number): ZstdFrame | 'cut' | 'damaged' => {
  const header = readHeader(reader, at)
  if (header === undefined) return 'cut'
  // Field by field, since a file may be made of 70,000 frames, and copying them as a whole takes twenty times as long.
  const { headerBytes, windowBytes, contentBytes, hasChecksum, needsDictionary } = header
  const frame = (end: number, blocks: number, isWhole: boolean): ZstdFrame => ({
    headerBytes,
    windowBytes,
    contentBytes,
    hasChecksum,
    needsDictionary,
    at,
    end,
    blocks,
    isWhole,
  })
  let end = at + headerBytes
  for (let blocks = 0; ; blocks += 1) {
    const low = reader.u16le(end)
    const high = reader.u8(end + 2)
    if (low === undefined || high === undefined) return frame(end, blocks, false)
    const block = high * 2 ** 16 + low
    const kind = (block >> 1) & 3
    if (kind === 3) return 'damaged'
    // A block that repeats one byte (1) tells how often, and holds that byte alone.
    const next = end + blockHeaderBytes + (kind === 1 ? 1 : block >> 3)
    if (next > reader.length) return frame(end, blocks, false)
    end = next
    if ((block & 1) === 0) continue
    const frameEnd = end + (hasChecksum ? checksumBytes : 0)
    const isWhole = frameEnd <= reader.length
    return frame(isWhole ? frameEnd : end, blocks + 1, isWhole)
  }
}

/** The frames in some bytes that begin with one, in time that grows with their number. */
export const zstdFrames = (reader: ByteReader): ZstdFrames => {
  const frames: ZstdFrame[] = []
  let at = 0
  while (at < reader.length) {
    const skipped = skippableBytes(reader, at)
    if (skipped !== undefined) {
      at += skipped
      continue
    }
    if (!hasZstdMagic(reader, at)) return { frames, ending: reader.length < at + magicBytes ? 'cut' : 'damaged' }
    const frame = readFrame(reader, at)
    if (typeof frame === 'string') return { frames, ending: frame }
    frames.push(frame)
    if (!frame.isWhole) return { frames, ending: 'cut' }
    at = frame.end
  }
  return { frames, ending: at > reader.length ? 'cut' : 'whole' }
}
