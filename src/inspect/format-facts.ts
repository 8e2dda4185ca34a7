import type { DiskFormat } from '../model/disk-format.ts'

/** What one format's reader found out; the reader of another format's bytes answers `undefined` instead. */
export interface FormatFacts {
  readonly format: DiskFormat
  readonly partitionTable?: 'mbr' | 'gpt' | undefined
  /** How large the disk is that a guest sees, in bytes. */
  readonly virtualBytes?: number | undefined
  /** The least length in bytes that the file must have according to its own headers and tables. */
  readonly promisedBytes?: number | undefined
  /** A part that every complete file has at its very end is missing, wherever that end should have been. */
  readonly endMissing?: boolean | undefined
}

/** The size of a disk sector in the formats that count in sectors, in bytes. */
export const sectorBytes = 512
