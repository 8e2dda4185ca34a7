import type { Compression } from '../model/disk-format.ts'
import type { ByteReader } from './byte-reader.ts'

/** The compression around the bytes, by its magic number. What is inside is not looked into. */
export const readCompression = (reader: ByteReader): Compression | undefined => {
  if (reader.has(0, '\x1f\x8b\x08')) return 'gzip'
  if (reader.has(0, '\xfd7zXZ\x00')) return 'xz'
  if (reader.has(0, '\x28\xb5\x2f\xfd')) return 'zstd'
  // "BZh", the block size, then pi for a block or the square root of pi for an empty file.
  const isBzip2 = /^BZh[1-9]$/.test(reader.latin1(0, 4)) && (reader.has(4, '1AY&SY') || reader.has(4, '\x17rE8P\x90'))
  return isBzip2 ? 'bzip2' : undefined
}

/** The archive that the bytes are, by its magic number. An OVA is a tar archive. */
export const readArchive = (reader: ByteReader): 'tar' | 'zip' | undefined => {
  if (reader.has(0, 'PK\x03\x04') || reader.has(0, 'PK\x05\x06')) return 'zip'
  return reader.has(257, 'ustar') ? 'tar' : undefined
}

/** Whether the bytes are a web page: what a server sends instead of the file when a link needs a login or has expired. */
export const looksLikeHtml = (reader: ByteReader): boolean =>
  /^(?:\xef\xbb\xbf)?\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype\s+html|html)[\s>]/i.test(reader.latin1(0, 1024))
