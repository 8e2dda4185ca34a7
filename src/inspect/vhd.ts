import type { ByteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'
import { sectorBytes } from './format-facts.ts'

const footerBytes = 512
const fixedDisk = 2
const unusedBlock = 0xffff_ffff

/**
 * VHD. A dynamic disk starts with a copy of its footer and has a block allocation table; a fixed one is the plain disk
 * followed by the footer, so that a fixed disk that was cut short cannot be told from a raw one.
 */
export const readVhd = (reader: ByteReader): FormatFacts | undefined => {
  if (reader.has(0, 'conectix')) {
    const virtualBytes = reader.u64be(48)
    return { format: 'vhd', virtualBytes, promisedBytes: dynamicEnd(reader) }
  }
  const footer = reader.length - footerBytes
  if (!reader.has(footer, 'conectix') || reader.u32be(footer + 60) !== fixedDisk) return undefined
  const virtualBytes = reader.u64be(footer + 48) ?? 0
  return { format: 'vhd', virtualBytes, promisedBytes: virtualBytes + footerBytes }
}

const dynamicEnd = (reader: ByteReader): number => {
  const header = reader.u64be(16) ?? footerBytes
  if (!reader.has(header, 'cxsparse')) return header + 1024 + footerBytes
  const table = reader.u64be(header + 16) ?? 0
  const entries = reader.u32be(header + 28) ?? 0
  const blockBytes = reader.u32be(header + 32) ?? 0
  const bitmapBytes = Math.ceil(Math.ceil(blockBytes / sectorBytes / 8) / sectorBytes) * sectorBytes

  let end = Math.max(header + 1024, table + entries * 4)
  for (let index = 0; index < entries; index += 1) {
    const sector = reader.u32be(table + index * 4)
    if (sector === undefined) break
    if (sector !== unusedBlock) end = Math.max(end, sector * sectorBytes + bitmapBytes + blockBytes)
  }
  return end + footerBytes
}
