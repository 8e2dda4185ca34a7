import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'

/** A part of a table that was read. */
export interface TablePart {
  /** Where it begins, in bytes from the table's start. */
  readonly from: number
  readonly reader: ByteReader
}

/** What was read of a table. */
export interface TableParts {
  readonly parts: readonly TablePart[]
  /** Some of it could not be had; what lies beyond the end of the file does not count. */
  readonly isUnread: boolean
}

/** Where a table stands in the file, in bytes. */
export interface Table {
  readonly at: number
  readonly length: number
}

/** Reads a table, or its beginning and its end where it is longer than `most` bytes. */
export function* readTableEnds(file: Medium, { at, length }: Table, most: number): Reading<TableParts> {
  if (length <= most) return yield* readParts(file, at, [{ from: 0, length }])
  const half = most / 2
  return yield* readParts(file, at, [
    { from: 0, length: half },
    { from: length - half, length: half },
  ])
}

/** Reads a table, or `most` bytes around a place in it where it is longer. The place is in bytes from its start. */
export function* readTableAround(
  file: Medium,
  { at, length }: Table,
  place: number,
  most: number,
): Reading<TableParts> {
  const from = Math.max(0, Math.min(place - most / 2, length - most))
  return yield* readParts(file, at, [{ from: from - (from % 8), length: Math.min(most, length) }])
}

function* readParts(
  file: Medium,
  at: number,
  stretches: readonly { readonly from: number; readonly length: number }[],
): Reading<TableParts> {
  const parts: TablePart[] = []
  let isUnread = false
  for (const { from, length } of stretches) {
    if (length === 0) continue
    const part = yield* file.read(at + from, length)
    parts.push({ from, reader: byteReader(part.bytes) })
    isUnread ||= part.short === 'unavailable'
  }
  return { parts, isUnread }
}
