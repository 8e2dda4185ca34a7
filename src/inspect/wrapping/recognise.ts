import type { Compression } from '../../model/disk-format.ts'
import type { ByteReader } from '../byte-reader.ts'
import type { Archive } from './layer.ts'
import { hasZstdMagic, skippableBytes } from './zstd-frames.ts'

/** How many bytes from a file's start are enough for everything that is told here. */
export const telltaleBytes = 1100

/** Zstandard's skippable frames, which parallel compressors put first, look like those of LZ4: what follows them decides. */
const isZstd = (reader: ByteReader): boolean => {
  let at = 0
  for (let skipped = skippableBytes(reader, at); skipped !== undefined; skipped = skippableBytes(reader, at))
    at += skipped
  return hasZstdMagic(reader, at)
}

/** The compression around the bytes, by its magic number. What is inside is not looked into. */
export const readCompression = (reader: ByteReader): Compression | undefined => {
  if (reader.has(0, '\x1f\x8b\x08')) return 'gzip'
  if (reader.has(0, '\xfd7zXZ\x00')) return 'xz'
  if (isZstd(reader)) return 'zstd'
  // "BZh", the block size, then pi for a block or the square root of pi for an empty file.
  const isBzip2 = /^BZh[1-9]$/.test(reader.latin1(0, 4)) && (reader.has(4, '1AY&SY') || reader.has(4, '\x17rE8P\x90'))
  return isBzip2 ? 'bzip2' : undefined
}

const tarHeaderBytes = 512
const checksumAt = 148
const checksumBytes = 8

/** Whether a tar header stands at the offset whose check sum is right: the sum of its bytes, the check sum itself as blanks. */
export const hasTarHeader = (reader: ByteReader, at: number): boolean => {
  const digits = /^[ \0]*([0-7]+)[ \0]*$/.exec(reader.latin1(at + checksumAt, checksumBytes))?.[1]
  if (digits === undefined || reader.length < at + tarHeaderBytes) return false
  let sum = checksumBytes * 0x20
  for (let index = 0; index < tarHeaderBytes; index += 1) {
    const isChecksum = index >= checksumAt && index < checksumAt + checksumBytes
    sum += isChecksum ? 0 : (reader.u8(at + index) ?? 0)
  }
  return sum === Number.parseInt(digits, 8)
}

/**
 * The archive that the bytes are, by its magic number, or by the check sum of its first header: tar had no magic number before 1988.
 * An OVA is a tar archive.
 */
export const readArchive = (reader: ByteReader): Archive['archive'] | undefined => {
  if (reader.has(0, 'PK\x03\x04') || reader.has(0, 'PK\x05\x06') || reader.has(0, 'PK\x07\x08PK\x03\x04')) return 'zip'
  if (reader.has(0, '7z\xbc\xaf\x27\x1c')) return '7z'
  if (reader.has(0, 'Rar!\x1a\x07\x00') || reader.has(0, 'Rar!\x1a\x07\x01\x00')) return 'rar'
  return reader.has(257, 'ustar') || hasTarHeader(reader, 0) ? 'tar' : undefined
}
