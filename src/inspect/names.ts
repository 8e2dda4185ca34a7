import type { ByteReader } from './byte-reader.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a disk calls something is shown in terminals.
const control = /[\u0000-\u001f\u007f-\u009f]/g

/** Without control characters, which a name on a disk may have and nobody wants in a terminal. */
export const printable = (text: string): string => text.replace(control, '\ufffd')

/** UTF-16, little-endian, up to its first NUL, `units` units at the most. */
export const utf16At = (reader: ByteReader, at: number, units: number): string => {
  const codes = Array.from({ length: units }, (_, index) => reader.u16le(at + index * 2) ?? 0)
  const end = codes.indexOf(0)
  return String.fromCharCode(...(end < 0 ? codes : codes.slice(0, end)))
}
