import { constants, inflateRawSync, inflateSync } from 'node:zlib'
import { Decompress } from 'fzstd'
import type { UnpackNow } from '../../src/inspect/in-memory.ts'
import { noPart, type Part } from '../../src/inspect/reading.ts'

const part = (bytes: Uint8Array, most: number): Part =>
  bytes.length < most ? { bytes, short: 'unavailable' } : { bytes: bytes.subarray(0, most) }

const partial = { finishFlush: constants.Z_SYNC_FLUSH }

const zstandard = (packed: Uint8Array, most: number): Part => {
  const chunks: Uint8Array[] = []
  try {
    new Decompress((chunk) => chunks.push(chunk)).push(packed)
  } catch {
    // What follows the frame in its last sector is none.
  }
  return part(Buffer.concat(chunks), most)
}

/** Unpacks what single clusters and grains are packed by, at once. */
export const unpackInMemory: UnpackNow = ({ packing, packed, most }) => {
  if (packed.length === 0) return noPart('unavailable')
  try {
    if (packing === 'deflate') return part(inflateRawSync(packed, partial), most)
    if (packing === 'zlib') return part(inflateSync(packed, partial), most)
    if (packing === 'zstd') return zstandard(packed, most)
  } catch {
    return noPart('damaged')
  }
  return noPart('unavailable')
}
