import type { Compression, DiskFormat } from '../model/disk-format.ts'
import type { ByteReader } from './byte-reader.ts'
import { byteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'
import { readIso } from './iso.ts'
import { readQcow2 } from './qcow2.ts'
import { readRawDisk } from './raw-disk.ts'
import { readVdi } from './vdi.ts'
import { readVhd } from './vhd.ts'
import { readVhdx } from './vhdx.ts'
import { readVmdk } from './vmdk.ts'
import { looksLikeHtml, readArchive, readCompression } from './wrapping.ts'

/** What the bytes of a file say about it. What they do not say is absent. */
export interface DiskImageFacts {
  /** The disk format; absent for anything that is not a disk image, and while it is compressed or in an archive. */
  readonly format?: DiskFormat
  /** The compression around the whole file. */
  readonly compression?: Compression
  /** The archive that the file is (an OVA is a tar archive). */
  readonly archive?: 'tar' | 'zip'
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

/** Parallels' disk, which OpenVZ calls ploop, by its magic number alone. */
const readPloop = (reader: ByteReader): FormatFacts | undefined =>
  reader.has(0, 'WithoutFreeSpace') || reader.has(0, 'WithouFreSpacExt') ? { format: 'ploop' } : undefined

// The plain disk comes last: a fixed VHD and a bootable ISO have a partition table too.
const readers = [readQcow2, readVhdx, readVmdk, readVdi, readVhd, readPloop, readIso, readRawDisk]

/**
 * What a file is, by its bytes and never by its name: disk format, compression, archive or web page, and whether it was cut
 * short. Pure and total: any bytes give an answer, in time that grows with their number and in little memory.
 */
export const readDiskImage = (bytes: Uint8Array): DiskImageFacts => {
  const reader = byteReader(bytes)
  const compression = readCompression(reader)
  if (compression !== undefined) return { compression, truncated: false }
  const archive = readArchive(reader)
  if (archive !== undefined) return { archive, truncated: false }
  if (looksLikeHtml(reader)) return { html: true, truncated: false }

  for (const read of readers) {
    const facts = read(reader)
    if (facts !== undefined) return asFacts(facts, bytes.length)
  }
  return { truncated: false }
}

const asFacts = (facts: FormatFacts, length: number): DiskImageFacts => {
  const { format, partitionTable, virtualBytes, promisedBytes, endMissing = false } = facts
  return {
    format,
    ...(partitionTable !== undefined && { partitionTable }),
    ...(virtualBytes !== undefined && { virtualBytes }),
    ...(promisedBytes !== undefined && { promisedBytes }),
    truncated: endMissing || (promisedBytes !== undefined && promisedBytes > length),
  }
}
