import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Part, Reading } from '../reading.ts'
import { firstLookBytes } from './beginning.ts'
import { entryName, mostEntries, mostNameBytes } from './entry-name.ts'
import { hasTarHeader } from './recognise.ts'

const blockBytes = 512
const nameBytes = 100
const sizeAt = 124
const sizeBytes = 12
const typeAt = 156
const prefixAt = 345
const prefixBytes = 155

/** What holds something for the headers that follow: GNU tar's long name or link name, and what POSIX calls extended headers. */
const forOthers = ['L', 'K', 'x', 'g']
const folder = '5'

/** What headers before an entry's own say of it. */
interface Told {
  readonly name?: string | undefined
  /** In bytes. */
  readonly size?: number | undefined
}

const untilZero = (text: string): string => text.split('\0', 1)[0] ?? ''

/** The size of what follows a header, in bytes: octal digits, or where those are too few, a binary number behind a byte of 0x80. */
const sizeOf = (reader: ByteReader): number | undefined => {
  if (reader.u8(sizeAt) === 0x80) return reader.u64be(sizeAt + 4)
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(reader.latin1(sizeAt, sizeBytes))?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits || '0', 8)
}

const nameOf = (reader: ByteReader): string => {
  const name = untilZero(reader.latin1(0, nameBytes))
  // GNU tar has other fields where POSIX has a prefix to the name.
  const prefix = reader.has(257, 'ustar\x00') ? untilZero(reader.latin1(prefixAt, prefixBytes)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** The records of a pax header: each is its length in decimal digits, a blank, a key, `=`, a value and a line feed. */
const paxRecords = (text: string): Told => {
  const record = (key: string, value: string): string | undefined =>
    new RegExp(`^\\d+ ${key}=(${value})$`, 'm').exec(text)?.[1]
  const size = record('size', '\\d+')
  return { name: record('path', '.*'), size: size === undefined ? undefined : Number.parseInt(size, 10) }
}

const told = (type: string, { bytes }: Part, before: Told): Told => {
  const text = byteReader(bytes).latin1(0, bytes.length)
  if (type === 'L') return { ...before, name: untilZero(text) }
  if (type !== 'x') return before
  const { name = before.name, size = before.size } = paxRecords(text)
  return { name, size }
}

/** The names of the files in a tar archive, as far as their headers stand in its first 320 KiB. */
export function* tarEntries(file: Medium): Reading<readonly string[]> {
  const entries: string[] = []
  let before: Told = {}
  let at = 0
  while (entries.length < mostEntries && at + blockBytes <= firstLookBytes) {
    const reader = byteReader((yield* file.read(at, blockBytes)).bytes)
    const size = sizeOf(reader)
    // An archive's first header may lack a check sum that is right; what follows is a header only if it has one.
    if (reader.length < blockBytes || size === undefined || (at > 0 && !hasTarHeader(reader, 0))) break
    const type = reader.latin1(typeAt, 1)
    const contentAt = at + blockBytes
    if (forOthers.includes(type)) {
      const bytes = Math.min(size, mostNameBytes, firstLookBytes - contentAt)
      before = told(type, yield* file.read(contentAt, bytes), before)
      at = contentAt + Math.ceil(size / blockBytes) * blockBytes
      continue
    }
    if (type !== folder) entries.push(entryName(before.name ?? nameOf(reader)))
    at = contentAt + Math.ceil((before.size ?? size) / blockBytes) * blockBytes
    before = {}
  }
  return entries
}
