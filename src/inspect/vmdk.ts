import type { ByteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'
import { sectorBytes } from './format-facts.ts'

const headerBytes = 512
const footerBytes = 1024
const directoryAtEnd = 2 ** 64
const compressedGrains = 1 << 16
const grainHeaderBytes = 12

/**
 * A VMware sparse extent (`KDMV`), hosted or stream-optimised. The promise is the furthest of the overhead, the
 * descriptor, the grain directory, its tables and the grains. A stream-optimised extent keeps its directory at the end, behind
 * a footer: without the footer the file is cut short by an unknown amount.
 */
export const readVmdk = (reader: ByteReader): FormatFacts | undefined => {
  if (!reader.has(0, 'KDMV')) return undefined
  const sectors = (at: number): number => (reader.u64le(at) ?? 0) * sectorBytes
  const virtualBytes = reader.u64le(12) === undefined ? undefined : sectors(12)
  const endsWithDirectory = reader.u64le(56) === directoryAtEnd
  const footer = reader.length - footerBytes
  const endMissing = endsWithDirectory && !(footer > 0 && reader.has(footer, 'KDMV'))
  const directory = endsWithDirectory ? (endMissing ? 0 : sectors(footer + 56)) : sectors(56)
  const promisedBytes = Math.max(headerBytes, sectors(64), sectors(28) + sectors(36), grainsEnd(reader, directory))
  return { format: 'vmdk', virtualBytes, promisedBytes, endMissing }
}

const grainsEnd = (reader: ByteReader, directory: number): number => {
  const capacity = reader.u64le(12) ?? 0
  const grain = reader.u64le(20) ?? 0
  const entriesPerTable = reader.u32le(44) ?? 0
  const isCompressed = ((reader.u32le(8) ?? 0) & compressedGrains) !== 0
  // A grain is at most a few MiB and a table has 512 entries; other values say nothing that could be trusted.
  if (directory === 0 || grain < 1 || grain > 2 ** 16 || entriesPerTable < 1 || entriesPerTable > 512) return 0
  const tables = Math.ceil(capacity / (grain * entriesPerTable))
  const walked = new Set<number>()
  let end = directory + tables * 4

  for (let index = 0; index < tables; index += 1) {
    const tableSector = reader.u32le(directory + index * 4)
    if (tableSector === undefined) break
    if (tableSector === 0 || walked.has(tableSector)) continue
    walked.add(tableSector)
    const table = tableSector * sectorBytes
    end = Math.max(end, table + entriesPerTable * 4)
    for (let entry = 0; entry < entriesPerTable; entry += 1) {
      const sector = reader.u32le(table + entry * 4)
      if (sector === undefined) break
      // 0 is a hole and 1 is a grain of zeros.
      if (sector < 2) continue
      const at = sector * sectorBytes
      const grainBytes = isCompressed ? grainHeaderBytes + (reader.u32le(at + 8) ?? 0) : grain * sectorBytes
      end = Math.max(end, at + grainBytes)
    }
  }
  return end
}
