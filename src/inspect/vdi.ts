import type { ByteReader } from './byte-reader.ts'
import type { FormatFacts } from './format-facts.ts'

const signature = 0xbeda_107f
const headerBytes = 400

/** VirtualBox's VDI, version 1.1: the promise is the block map and as many blocks as the header says are allocated. */
export const readVdi = (reader: ByteReader): FormatFacts | undefined => {
  if (reader.u32le(64) !== signature) return undefined
  const mapAt = reader.u32le(340)
  const dataAt = reader.u32le(344)
  const virtualBytes = reader.u64le(368)
  const blockBytes = reader.u32le(376)
  const extraBytes = reader.u32le(380)
  const blocks = reader.u32le(384)
  const allocated = reader.u32le(388)
  if (
    mapAt === undefined ||
    dataAt === undefined ||
    blockBytes === undefined ||
    extraBytes === undefined ||
    blocks === undefined ||
    allocated === undefined
  ) {
    return { format: 'vdi', virtualBytes, promisedBytes: headerBytes }
  }
  const promisedBytes = Math.max(headerBytes, mapAt + blocks * 4, dataAt + allocated * (blockBytes + extraBytes))
  return { format: 'vdi', virtualBytes, promisedBytes }
}
