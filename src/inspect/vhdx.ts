import type { ByteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'

const mebibyte = 2 ** 20
const kibibyte = 2 ** 10
const headerSectionBytes = mebibyte
const headerOffsets = [64 * kibibyte, 128 * kibibyte]
const regionTableOffsets = [192 * kibibyte, 256 * kibibyte]
const mostRegions = 2047
const mostMetadataItems = 2047
const sectorsPerBitmap = 2 ** 23

// GUIDs as they stand in the file: the first three groups little-endian.
const batRegion = guid('2dc27766-f623-4200-9d64-115e9bfd4a08')
const metadataRegion = guid('8b7ca206-4790-4b9a-b8fe-575f050f886e')
const fileParameters = guid('caa16737-fa36-4d43-b3b6-33f0aa44e76b')
const virtualDiskSize = guid('2fa54224-cd1b-4876-b211-5dbed83bf4b8')
const logicalSectorSize = guid('8141bf1d-a96f-4709-ba47-f233a8faab5f')

interface Region {
  readonly id: string
  readonly at: number
  readonly bytes: number
}

/**
 * VHDX. The promise is the furthest of the 1 MiB header section, the log, every region of the region table, and every
 * block that the block allocation table says is present. Check sums are not verified: a wrong one is damage, not absence.
 */
export const readVhdx = (reader: ByteReader): FormatFacts | undefined => {
  if (!reader.has(0, 'vhdxfile')) return undefined
  const regions = readRegions(reader)
  const metadata = regions.find(({ id }) => id === metadataRegion)
  const bat = regions.find(({ id }) => id === batRegion)
  const itemAt = metadata === undefined ? () => undefined : metadataItems(reader, metadata)
  const number = (at: number | undefined, read: (at: number) => number | undefined) =>
    at === undefined ? undefined : read(at)

  const virtualBytes = number(itemAt(virtualDiskSize), reader.u64le)
  const blockBytes = number(itemAt(fileParameters), reader.u32le)
  const logicalSectorBytes = number(itemAt(logicalSectorSize), reader.u32le)
  const blocks =
    bat === undefined || virtualBytes === undefined || !blockBytes || !logicalSectorBytes
      ? 0
      : blocksEnd(reader, bat, virtualBytes, blockBytes, (sectorsPerBitmap * logicalSectorBytes) / blockBytes)
  const promisedBytes = Math.max(
    headerSectionBytes,
    blocks,
    logEnd(reader),
    ...regions.map(({ at, bytes }) => at + bytes),
  )
  return { format: 'vhdx', virtualBytes, promisedBytes }
}

function guid(text: string): string {
  const [a = '', b = '', c = '', d = '', e = ''] = text.split('-')
  const pairs = (group: string) => group.match(/../g) ?? []
  const bytes = [...[a, b, c].flatMap((group) => pairs(group).reverse()), ...pairs(d), ...pairs(e)]
  return bytes.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('')
}

const readRegions = (reader: ByteReader): readonly Region[] => {
  // The second table is a copy of the first, for when the first is damaged.
  const table = regionTableOffsets.find((at) => reader.has(at, 'regi'))
  if (table === undefined) return []
  const count = Math.min(reader.u32le(table + 8) ?? 0, mostRegions)
  return Array.from({ length: count }, (_, index) => table + 16 + index * 32).flatMap((entry) => {
    const at = reader.u64le(entry + 16)
    const bytes = reader.u32le(entry + 24)
    return at === undefined || bytes === undefined ? [] : [{ id: reader.latin1(entry, 16), at, bytes }]
  })
}

const metadataItems = (reader: ByteReader, region: Region) => {
  const count = reader.has(region.at, 'metadata') ? Math.min(reader.u16le(region.at + 10) ?? 0, mostMetadataItems) : 0
  const items = new Map<string, number>()
  for (let index = 0; index < count; index += 1) {
    const entry = region.at + 32 + index * 32
    const offset = reader.u32le(entry + 16)
    if (offset === undefined) break
    items.set(reader.latin1(entry, 16), region.at + offset)
  }
  return (id: string): number | undefined => items.get(id)
}

const logEnd = (reader: ByteReader): number =>
  Math.max(
    0,
    ...headerOffsets
      .filter((at) => reader.has(at, 'head'))
      .map((at) => (reader.u64le(at + 72) ?? 0) + (reader.u32le(at + 68) ?? 0)),
  )

/** Payload blocks come in chunks, each followed by one entry for a bitmap that only differencing disks use. */
const blocksEnd = (
  reader: ByteReader,
  bat: Region,
  virtualBytes: number,
  blockBytes: number,
  blocksPerChunk: number,
): number => {
  const chunk = Math.max(1, Math.floor(blocksPerChunk))
  const blocks = Math.ceil(virtualBytes / blockBytes)
  const entries = Math.min(blocks + Math.floor(Math.max(0, blocks - 1) / chunk), Math.floor(bat.bytes / 8))
  let end = 0
  for (let index = 0; index < entries; index += 1) {
    const low = reader.u32le(bat.at + index * 8)
    const high = reader.u32le(bat.at + index * 8 + 4)
    if (low === undefined || high === undefined) break
    const isPresent = (low & 7) === 6 || (low & 7) === 7
    if (!isPresent) continue
    const offset = high * 2 ** 32 + Math.floor(low / mebibyte) * mebibyte
    const isBitmap = index % (chunk + 1) === chunk
    const guestByte = (index - Math.floor(index / (chunk + 1))) * blockBytes
    end = Math.max(end, offset + (isBitmap ? mebibyte : Math.max(1, Math.min(blockBytes, virtualBytes - guestByte))))
  }
  return end
}
