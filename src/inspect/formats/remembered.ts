import type { Medium, Part } from '../reading.ts'

const mostStretches = 16

/**
 * The same medium, read in aligned stretches of so many bytes, of which the last 16 are kept: for tables, of which a mapping wants
 * an entry here and there. What crosses from one stretch to the next is read as it is asked for, and the stretches that it covers are
 * kept likewise. What could not be had is asked for again.
 */
export const remembered = (medium: Medium, stretchBytes: number): Medium => {
  const stretches = new Map<number, Part>()
  const keep = (start: number, stretch: Part): void => {
    stretches.set(start, stretch)
    const [oldest] = stretches.keys()
    if (stretches.size > mostStretches && oldest !== undefined) stretches.delete(oldest)
  }
  const keepCovered = (at: number, { bytes }: Part): void => {
    const end = at + bytes.length
    for (let start = Math.ceil(at / stretchBytes) * stretchBytes; start + stretchBytes <= end; start += stretchBytes) {
      keep(start, { bytes: bytes.subarray(start - at, start - at + stretchBytes) })
    }
  }

  return {
    length: medium.length,
    *read(at, length) {
      const start = Math.floor(at / stretchBytes) * stretchBytes
      if (at + length > start + stretchBytes) {
        const part = yield* medium.read(at, length)
        keepCovered(at, part)
        return part
      }
      const stretch = stretches.get(start) ?? (yield* medium.read(start, stretchBytes))
      if (stretch.short !== 'unavailable') keep(start, stretch)
      const bytes = stretch.bytes.subarray(at - start, at - start + length)
      return bytes.length < length ? { bytes, short: stretch.short ?? 'end' } : { bytes }
    },
  }
}
