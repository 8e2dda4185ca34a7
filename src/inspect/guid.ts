import type { ByteReader } from './byte-reader.ts'

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** A GUID as text in lower case: its first three groups stand little-endian. Absent where not all of its 16 bytes are there. */
export const guidAt = (reader: ByteReader, at: number): string | undefined => {
  const groups = [
    reader.u32le(at),
    reader.u16le(at + 4),
    reader.u16le(at + 6),
    reader.u32be(at + 8),
    reader.u32be(at + 12),
  ]
  if (!groups.every((group) => group !== undefined)) return undefined
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = groups
  const tail = `${hex(fourth, 8)}${hex(fifth, 8)}`
  return `${hex(first, 8)}-${hex(second, 4)}-${hex(third, 4)}-${tail.slice(0, 4)}-${tail.slice(4)}`
}
