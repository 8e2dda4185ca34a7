import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'

const sectorBytes = 512
const metadataMagic = '\x20LVM2\x20x[5A%r0N*>'
const mostTextBytes = 16_384
const metadataHeaderBytes = 512
const mostAreas = 16

/** Where the label of an LVM physical volume lies, in bytes: in one of the first four sectors. */
export const lvmLabelAt = (reader: ByteReader): number | undefined =>
  [0, 1, 2, 3]
    .map((sector) => sector * sectorBytes)
    .find((at) => reader.has(at, 'LABELONE') && reader.has(at + 24, 'LVM2 001'))

/** The places of the metadata areas, in bytes: behind those of the data areas, both lists ending with a zero. */
const metadataAreaAt = (reader: ByteReader, label: number): number | undefined => {
  const list = label + (reader.u32le(label + 20) ?? 0) + 40
  const areas = Array.from({ length: mostAreas }, (_, index) => reader.u64le(list + index * 16))
  const end = areas.indexOf(0)
  return end < 0 ? undefined : areas[end + 1]
}

/**
 * How many physical volumes the group has to which this one belongs, from the text of its metadata: one or two wishes, near the volume's
 * beginning. Absent where it is in no group, or the text cannot be read.
 */
export function* readLvmMembers(volume: Medium, beginning: ByteReader): Reading<number | undefined> {
  const label = lvmLabelAt(beginning)
  const area = label === undefined ? undefined : metadataAreaAt(beginning, label)
  if (area === undefined || area === 0) return undefined
  const header = byteReader((yield* volume.read(area, metadataHeaderBytes)).bytes)
  const at = header.u64le(40)
  const length = header.u64le(48)
  if (!header.has(4, metadataMagic) || at === undefined || length === undefined || at === 0) return undefined
  const part = yield* volume.read(area + at, Math.min(length, mostTextBytes))
  return volumesIn(byteReader(part.bytes).latin1(0, mostTextBytes))
}

// Braces in quotation marks are text. A string that is not closed goes to the end, so that nothing is looked at twice.
const tokens = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}]|physical_volumes/gs

/** The metadata lists each volume as a section within this one. A text that ends before the section does tells nothing. */
const volumesIn = (text: string): number | undefined => {
  const found: readonly string[] = text.match(tokens) ?? []
  const title = found.indexOf('physical_volumes')
  if (title < 0 || found[title + 1] !== '{') return undefined
  let depth = 1
  let volumes = 0
  for (const token of found.slice(title + 2)) {
    if (token === '{') depth += 1
    if (token === '}') depth -= 1
    if (token === '{' && depth === 2) volumes += 1
    if (depth === 0) return volumes === 0 ? undefined : volumes
  }
  return undefined
}
