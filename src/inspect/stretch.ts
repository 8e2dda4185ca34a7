import { type Medium, noPart } from './reading.ts'

/**
 * A stretch of a disk as a medium by itself, such as one partition: `at` and `length` in bytes. Where the disk ends before the stretch
 * does, what is missing is `damaged`: the table that tells of it leads out of the disk. What the disk itself cannot give
 * keeps its reason.
 */
export const stretchOf = (disk: Medium, at: number, length: number): Medium => ({
  length,
  *read(from, wanted) {
    if (!Number.isSafeInteger(from) || from < 0 || from >= length || wanted < 0) return noPart('end')
    const part = yield* disk.read(at + from, Math.min(wanted, length - from))
    if (part.short === 'end') return { bytes: part.bytes, short: 'damaged' }
    return part.short === undefined && from + wanted > length ? { bytes: part.bytes, short: 'end' } : part
  },
})
