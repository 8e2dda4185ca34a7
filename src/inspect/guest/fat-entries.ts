import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { FatLayout } from './fat.ts'

const entryBytes = 32

const longName = 0x0f
const volumeLabel = 0x08
const directory = 0x10
const baseInLowerCase = 0x08
const extensionInLowerCase = 0x10

/** A file or directory, by its long name where it has one. */
export interface FatEntry {
  readonly name: string
  readonly isDirectory: boolean
  /** Its first cluster. */
  readonly cluster: number
}

const starts = (bytes: Uint8Array): readonly number[] =>
  Array.from({ length: Math.floor(bytes.length / entryBytes) }, (_, index) => index * entryBytes)

/** Whether the directory ends in these bytes: behind its last entry stands one that begins with a zero. */
export const hasEnd = (bytes: Uint8Array): boolean => starts(bytes).some((at) => bytes[at] === 0)

/** The files and directories that stand in the bytes of a directory, up to its end. */
export const entriesIn = (bytes: Uint8Array, { kind }: FatLayout): readonly FatEntry[] => {
  const reader = byteReader(bytes)
  const entries: FatEntry[] = []
  let pieces: readonly number[] = []
  for (const at of starts(bytes)) {
    const first = reader.u8(at) ?? 0
    const attributes = reader.u8(at + 11) ?? 0
    if (first === 0) break
    if (first !== 0xe5 && (attributes & 0x3f) === longName) {
      pieces = [at, ...pieces]
      continue
    }
    if (first !== 0xe5 && (attributes & volumeLabel) === 0) {
      const short = shortName(reader, at)
      if (short !== '.' && short !== '..') {
        const high = kind === 'fat32' ? (reader.u16le(at + 20) ?? 0) : 0
        const cluster = high * 65_536 + (reader.u16le(at + 26) ?? 0)
        entries.push({
          name: assembled(reader, pieces, at) ?? short,
          isDirectory: (attributes & directory) !== 0,
          cluster,
        })
      }
    }
    pieces = []
  }
  return entries
}

const shortName = (reader: ByteReader, at: number): string => {
  const flags = reader.u8(at + 12) ?? 0
  const base = reader.latin1(at, 8).trimEnd()
  const extension = reader.latin1(at + 8, 3).trimEnd()
  const spelt = (text: string, flag: number): string => ((flags & flag) === 0 ? text : text.toLowerCase())
  const name = spelt(base, baseInLowerCase)
  return extension === '' ? name : `${name}.${spelt(extension, extensionInLowerCase)}`
}

const checkSum = (reader: ByteReader, at: number): number =>
  Array.from({ length: 11 }, (_, index) => reader.u8(at + index) ?? 0).reduce(
    (sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff,
    0,
  )

/** The long name that stands before an entry, its pieces in reverse. Absent where they are not this entry's. */
const assembled = (reader: ByteReader, pieces: readonly number[], at: number): string | undefined => {
  if (pieces.length === 0) return undefined
  const sum = checkSum(reader, at)
  const fits = pieces.every(
    (piece, index) => ((reader.u8(piece) ?? 0) & 0x1f) === index + 1 && reader.u8(piece + 13) === sum,
  )
  if (!fits) return undefined
  const units = pieces.flatMap((piece) =>
    [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].map((offset) => reader.u16le(piece + offset) ?? 0),
  )
  const end = units.indexOf(0)
  return String.fromCharCode(...(end < 0 ? units : units.slice(0, end)))
}
