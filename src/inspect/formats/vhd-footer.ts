import type { ByteReader } from '../byte-reader.ts'
import { sizeInBytes } from '../size.ts'

/** The size of a VHD's footer, in bytes. */
export const footerBytes = 512

const versionOf2004 = 0x0005_0000
const sectorBytes = 512
const largestGeometry = 65_535 * 16 * 255
// Who made a file tells which of its two sizes counts; the last one is Azure.
const creatorsBySize: ReadonlySet<string> = new Set(['win ', 'qem2', 'd2v ', 'CTXS', 'tap\0', 'wa\0\0'])

/** What the footer, or its copy at the start, says. */
export interface VhdFooter {
  /** 2 fixed, 3 dynamic, 4 differencing. */
  readonly type: number
  /** How long it is, in bytes: those of Virtual PC before 2004 lack the last byte. */
  readonly bytes: 512 | 511
  /** Where the header of a dynamic disk stands, in bytes from the file's start. */
  readonly headerAt: number
  /** The size as the footer has it, in bytes. */
  readonly currentBytes: number
  /** Its check sum is another than it says. */
  readonly isWrong: boolean
  /** The size that a guest sees, in bytes. */
  readonly virtualBytes?: number | undefined
}

/**
 * There are two sizes: one by the old cylinders, heads and sectors, which Virtual PC goes by, and the exact one. QEMU takes the first
 * unless the geometry is at its limit, or the file was made by a program that is known to go by the second; so does this, and also takes
 * the second for a file of Azure, as QEMU does since version 10, and where there is no geometry.
 */
const virtualBytesOf = (reader: ByteReader, at: number, currentBytes: number): number => {
  const [cylinders = 0, heads = 0, sectors = 0] = [
    (reader.u8(at + 56) ?? 0) * 256 + (reader.u8(at + 57) ?? 0),
    reader.u8(at + 58),
    reader.u8(at + 59),
  ]
  const geometry = cylinders * heads * sectors
  const isBySize = geometry === 0 || geometry === largestGeometry || creatorsBySize.has(reader.latin1(at + 28, 4))
  return isBySize ? currentBytes - (currentBytes % sectorBytes) : geometry * sectorBytes
}

const isOld = (reader: ByteReader, at: number): boolean =>
  reader.has(at + 28, 'vpc ') && (reader.u32be(at + 32) ?? versionOf2004) < versionOf2004

const checksumAt = 64

/** The sum of its bytes without the check sum itself, all bits turned over. */
const checksumOf = (reader: ByteReader, at: number, bytes: number): number => {
  let sum = 0
  for (let index = 0; index < bytes; index += 1)
    sum += index >= checksumAt && index < checksumAt + 4 ? 0 : (reader.u8(at + index) ?? 0)
  return ~sum >>> 0
}

/** The footer at a place (in bytes); absent where none stands there. */
export const footerAt = (reader: ByteReader, at: number): VhdFooter | undefined => {
  const currentBytes = reader.u64be(at + 48)
  const type = reader.u32be(at + 60)
  if (!reader.has(at, 'conectix') || currentBytes === undefined || type === undefined) return undefined
  const bytes = isOld(reader, at) ? 511 : footerBytes
  return {
    type,
    bytes,
    isWrong: at + bytes <= reader.length && reader.u32be(at + checksumAt) !== checksumOf(reader, at, bytes),
    headerAt: reader.u64be(at + 16) ?? 0,
    currentBytes,
    virtualBytes: sizeInBytes(virtualBytesOf(reader, at, currentBytes)),
  }
}
