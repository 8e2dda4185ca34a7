import type { Compression, DiskFormat } from '../model/disk-format.ts'
import { byteReader } from './byte-reader.ts'
import type { Container } from './formats/container.ts'
import { recognise } from './formats/recognise.ts'
import { readPartitionTable } from './guest/partition-table.ts'
import { readInMemory } from './in-memory.ts'
import { type Medium, type Reading, wholeFile } from './reading.ts'
import type { Archive } from './wrapping/layer.ts'
import { readArchive, readCompression, telltaleBytes } from './wrapping/recognise.ts'
import { textKind } from './wrapping/text.ts'

/** What the bytes of a file say about it. What they do not say is absent. */
export interface DiskImageFacts {
  /** The disk format; absent for anything that is not a disk image, and while it is compressed or in an archive. */
  readonly format?: DiskFormat
  /** The compression around the whole file. */
  readonly compression?: Compression
  /** The archive that the file is (an OVA is a tar archive). */
  readonly archive?: Archive['archive']
  /** The file is a web page; `true` or absent. */
  readonly html?: boolean
  /** Of a raw disk only. */
  readonly partitionTable?: 'mbr' | 'gpt'
  /** How large the disk is that a guest sees, in bytes. */
  readonly virtualBytes?: number
  /** The least length that the file must have according to its own headers and tables, in bytes. */
  readonly promisedBytes?: number
  /** Whether the file is shorter than it promises, or lacks a part that a complete one ends with. */
  readonly truncated: boolean
}

/**
 * What a file is, by its bytes and never by its name: disk format, compression, archive or web page, and whether it was cut
 * short. Pure and total: any bytes give an answer, in bounded time and in little memory.
 */
export const readDiskImage = (bytes: Uint8Array): DiskImageFacts => {
  const beginning = byteReader(bytes.subarray(0, telltaleBytes))
  const compression = readCompression(beginning)
  if (compression !== undefined) return { compression, truncated: false }
  const archive = readArchive(beginning)
  if (archive !== undefined) return { archive, truncated: false }
  if (textKind(beginning) === 'html') return { html: true, truncated: false }
  return readInMemory(factsOf(wholeFile(bytes.length), bytes.length), bytes)
}

function* factsOf(file: Medium, length: number): Reading<DiskImageFacts> {
  const container = yield* recognise(file)
  if (container === undefined) return { truncated: false }
  const { format, virtualBytes } = container
  const { promisedBytes, endMissing = false } = yield* container.completeness()
  const partitionTable = yield* partitionTableOf(container, file)
  return {
    format,
    ...(partitionTable !== undefined && { partitionTable }),
    ...(virtualBytes !== undefined && { virtualBytes }),
    ...(promisedBytes !== undefined && { promisedBytes }),
    truncated: endMissing || (promisedBytes !== undefined && promisedBytes > length),
  }
}

function* partitionTableOf({ format }: Container, file: Medium): Reading<'mbr' | 'gpt' | undefined> {
  if (format !== 'raw') return undefined
  const { partitionTable } = yield* readPartitionTable(file)
  return partitionTable === 'none' ? undefined : partitionTable
}
