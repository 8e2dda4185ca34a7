import { noPart, type Packing, type Part } from './reading.ts'

/** No more than this is unpacked at once, in bytes. */
const mostUnpackedBytes = 64 * 2 ** 20

/**
 * The beginning of what is packed in some bytes, `most` bytes of it at the most, and 64 MiB in no case. `short` tells why there are
 * fewer: `end` is the end of what is packed in these bytes, `unavailable` that they end before, or are packed in a way that
 * cannot be undone here, `damaged` that they are not packed that way at all. Never rejects, whatever the bytes; in memory and time bounded by `most`
 * and the length of the bytes. What undoes a packing is loaded when it is first met.
 */
export const unpack = async (packing: Packing, packed: Uint8Array, most: number): Promise<Part> => {
  const wanted = Math.min(most, mostUnpackedBytes)
  if (packed.length === 0 || !(wanted > 0)) return noPart('unavailable')
  if (packing === 'bzip2') return (await import('./unpacking/bzip2.ts')).unpackBzip2(packed, wanted)
  if (packing === 'xz') return (await import('./unpacking/xz.ts')).unpackXz(packed, wanted)
  if (packing === 'zstd') return (await import('./unpacking/zstd.ts')).unpackZstd(packed, wanted)
  return (await import('./unpacking/zlib.ts')).unpackDeflated(packing, packed, wanted)
}
