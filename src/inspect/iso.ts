import type { ByteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'

const primaryDescriptor = 0x8000

/** ISO 9660: the promise is the volume's number of blocks in its primary descriptor. */
export const readIso = (reader: ByteReader): FormatFacts | undefined => {
  if (!reader.has(primaryDescriptor + 1, 'CD001')) return undefined
  const blocks = reader.u32le(primaryDescriptor + 80)
  const blockBytes = reader.u16le(primaryDescriptor + 128)
  if (reader.u8(primaryDescriptor) !== 1 || blocks === undefined || blockBytes === undefined) {
    return { format: 'iso', promisedBytes: primaryDescriptor + 2048 }
  }
  const volumeBytes = blocks * blockBytes
  return { format: 'iso', virtualBytes: volumeBytes, promisedBytes: Math.max(volumeBytes, primaryDescriptor + 2048) }
}
