import type { ByteReader } from '../byte-reader.ts'
import { printable, utf16At } from '../names.ts'

const mostPairs = 64
const mostUnits = 1024

// In the order in which a name helps: as it was given, whole, and by volume; then what only identifies the parent.
const keys = ['relative_path', 'absolute_win32_path', 'volume_path', 'parent_linkage']

/** The parent's name from the parent locator, a list of keys and values in UTF-16; empty where it tells none. */
export const readParentName = (locator: ByteReader): string => {
  const count = Math.min(locator.u16le(18) ?? 0, mostPairs)
  const pairs = Array.from({ length: count }, (_, index) => {
    const entry = 20 + index * 12
    const text = (offset: number, bytes: number): string =>
      utf16At(locator, locator.u32le(entry + offset) ?? 0, Math.min((locator.u16le(entry + bytes) ?? 0) / 2, mostUnits))
    return { key: text(0, 8), value: text(4, 10) }
  })
  const values = keys.map((key) => pairs.find((pair) => pair.key === key)?.value ?? '')
  return printable(values.find((value) => value !== '') ?? '')
}
