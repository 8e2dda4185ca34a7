import type { Medium, Part } from '../reading.ts'

/** How much of a file's end is read at once, in bytes: a request costs as much as this does. */
export const tailBytes = 48 * 2 ** 10

/** The file, of whose last 48 KiB all are read with the first of them, and kept: several things are told there. */
export const keptTail = (file: Medium): Medium => {
  const { length } = file
  if (length === undefined) return file
  const tailAt = Math.max(0, length - tailBytes)
  let tail: Part | undefined
  return {
    length,
    *read(at, wanted) {
      if (at < tailAt || at >= length) return yield* file.read(at, wanted)
      tail ??= yield* file.read(tailAt, length - tailAt)
      const bytes = tail.bytes.subarray(at - tailAt, at - tailAt + wanted)
      return bytes.length < wanted ? { ...tail, bytes, short: tail.short ?? 'end' } : { bytes }
    },
  }
}
