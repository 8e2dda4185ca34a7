import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { firstLookBytes } from './beginning.ts'
import { entryName, mostEntries, mostNameBytes } from './entry-name.ts'

const endRecordBytes = 22
const mostCommentBytes = 0xffff
const centralHeaderBytes = 46
const localHeaderBytes = 30
/** Of the list of files, in bytes: 20 of them with names of an ordinary length. */
const mostListBytes = 16 * 2 ** 10
const unknownSize = 0xffff_ffff
const sizeFollows = 8

const isFolder = (name: string): boolean => name.endsWith('/')

/** Where the record stands that a zip archive ends with, from its last place backwards; only a comment may follow it. */
const findEndRecord = (reader: ByteReader): number | undefined => {
  for (let at = reader.length - endRecordBytes; at >= 0; at -= 1) {
    if (reader.has(at, 'PK\x05\x06') && at + endRecordBytes + (reader.u16le(at + 20) ?? 0) === reader.length) return at
  }
  return undefined
}

const listedNames = (reader: ByteReader): readonly string[] => {
  const names: string[] = []
  let at = 0
  while (names.length < mostEntries && reader.has(at, 'PK\x01\x02')) {
    const nameBytes = reader.u16le(at + 28) ?? 0
    const nameEnd = at + centralHeaderBytes + nameBytes
    if (nameEnd > reader.length) break
    const name = reader.latin1(at + centralHeaderBytes, Math.min(nameBytes, mostNameBytes))
    if (!isFolder(name)) names.push(entryName(name))
    at = nameEnd + (reader.u16le(at + 30) ?? 0) + (reader.u16le(at + 32) ?? 0)
  }
  return names
}

/** The names in the list of files before the archive's end. */
function* entriesByList(file: Medium, length: number): Reading<readonly string[]> {
  const tailAt = Math.max(0, length - endRecordBytes - mostCommentBytes)
  const tail = (yield* file.read(tailAt, length - tailAt)).bytes
  const reader = byteReader(tail)
  const endRecord = findEndRecord(reader)
  if (endRecord === undefined) return []
  // Counted back from the end, because the place that is told is wrong where something was put before the archive.
  const listBytes = reader.u32le(endRecord + 12) ?? 0
  const listAt = tailAt + endRecord - listBytes
  if (listAt >= tailAt) return listedNames(byteReader(tail.subarray(listAt - tailAt, endRecord)))
  if (listAt < 0) return []
  const list = yield* file.read(listAt, Math.min(listBytes, mostListBytes))
  return listedNames(byteReader(list.bytes))
}

/** The names before the files themselves, as far as their headers stand in the first 320 KiB, each where the one before tells. */
function* entriesByHeaders(file: Medium): Reading<readonly string[]> {
  const names: string[] = []
  let at = 0
  for (let headers = 0; headers < mostEntries && at + localHeaderBytes <= firstLookBytes; headers += 1) {
    const reader = byteReader(
      (yield* file.read(at, Math.min(localHeaderBytes + mostNameBytes, firstLookBytes - at))).bytes,
    )
    if (!reader.has(0, 'PK\x03\x04')) break
    const nameBytes = reader.u16le(26) ?? 0
    const name = reader.latin1(localHeaderBytes, Math.min(nameBytes, mostNameBytes))
    if (name !== '' && !isFolder(name)) names.push(entryName(name))
    const size = reader.u32le(18) ?? unknownSize
    if (size === unknownSize || ((reader.u16le(6) ?? 0) & sizeFollows) !== 0) break
    at += localHeaderBytes + nameBytes + (reader.u16le(28) ?? 0) + size
  }
  return names
}

/** The names of the files in a zip archive: by the list at its end, or where that cannot be had by what stands at its beginning. */
export function* zipEntries(file: Medium): Reading<readonly string[]> {
  const listed = file.length === undefined ? [] : yield* entriesByList(file, file.length)
  return listed.length > 0 ? listed : yield* entriesByHeaders(file)
}
