import { readPartitionTable } from '../guest/partition-table.ts'
import type { FormatReader } from './container.ts'

/**
 * A plain disk, known by its partition table. Its promise is the end of the last partition, or of the GPT's second header, which is
 * the last sector. A disk that begins with a file system has no format that could be told by its bytes; `readDisk` tells the file system.
 */
export const readRawDisk: FormatReader = function* (file) {
  const { partitionTable, endBytes } = yield* readPartitionTable(file)
  if (partitionTable === undefined || partitionTable === 'none') return undefined
  return {
    format: 'raw',
    // A partition table tells how long the disk is at the least: one that was grown keeps its old table until it is started.
    ...(file.length !== undefined && { virtualBytes: Math.max(file.length, endBytes ?? 0) }),
    features: {},
    disk: file,
    // biome-ignore lint/correctness/useYield: the table has told it already.
    *completeness() {
      return endBytes === undefined ? {} : { promisedBytes: endBytes }
    },
  }
}
