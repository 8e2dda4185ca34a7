import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'

/** An entry of a table, `bytes` long, or why it cannot be had: a table that ends with the file leads out of it. */
export function* readEntry(tables: Medium, at: number, bytes: number): Reading<ByteReader | 'unavailable' | 'damaged'> {
  const entry = yield* tables.read(at, bytes)
  if (entry.bytes.length === bytes) return byteReader(entry.bytes)
  return entry.short === 'unavailable' ? 'unavailable' : 'damaged'
}
