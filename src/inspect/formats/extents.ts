import { type Medium, noPart, type Packing, type Part, type Reading, type Shortage, unpacked } from '../reading.ts'

/** A stretch of a guest's disk, `length` bytes of it, and where its contents are. */
export type Extent =
  | { readonly kind: 'zeros'; readonly length: number }
  | { readonly kind: 'stored' /** In bytes from the file's start. */; readonly at: number; readonly length: number }
  | {
      readonly kind: 'packed'
      readonly packing: Packing
      /** In bytes from the file's start. */
      readonly at: number
      /** How long the packed bytes are at the most; what follows them may stand in the rest. */
      readonly packedBytes: number
      /** Where the stretch begins, in bytes from the start of what is unpacked. */
      readonly skip: number
      readonly length: number
    }
  | { readonly kind: 'missing'; readonly short: Shortage; readonly length: number }

/** Tells where the guest's bytes from a place on are: at least one byte and `most` at the most, as far as they have one place. */
export type ExtentAt = (at: number, most: number) => Reading<Extent>

/** How much of a disk can be read at once, in bytes: what a hostile table makes of one read stays bounded. */
const mostBytesAtOnce = 256 * 1024
/** Enough for a whole cluster of the usual 64 KiB, wherever in a sector it begins; in bytes. */
const firstPackedBytes = 65 * 1024
const mostPackedBytesAtOnce = 256 * 1024

/**
 * A disk that lies in a file as extents. At most 256 KiB can be read at once; the rest is `unavailable`. Where a table leads out of
 * the file, the part is `damaged`.
 */
export const diskOfExtents = (file: Medium, virtualBytes: number, extentAt: ExtentAt): Medium => ({
  length: virtualBytes,
  *read(at, length) {
    const isPlace = Number.isSafeInteger(at) && Number.isSafeInteger(length) && at >= 0 && length >= 0
    if (!isPlace || at >= virtualBytes) return noPart('end')
    const most = Math.min(length, mostBytesAtOnce, virtualBytes - at)
    const extents = yield* extentsFrom(extentAt, at, most)
    const bytes = new Uint8Array(most)
    let done = 0
    for (const extent of extents) {
      const part = yield* readExtent(file, extent)
      bytes.set(part.bytes, done)
      done += part.bytes.length
      if (part.short !== undefined) return { bytes: bytes.subarray(0, done), short: part.short }
    }
    if (most === length) return { bytes }
    return { bytes, short: at + most === virtualBytes ? 'end' : 'unavailable' }
  },
})

/** Neighbours in the file become one extent, so that they are read at once. */
function* extentsFrom(extentAt: ExtentAt, at: number, length: number): Reading<readonly Extent[]> {
  const extents: Extent[] = []
  for (let done = 0; done < length; ) {
    const extent = yield* extentAt(at + done, length - done)
    const last = extents.at(-1)
    const both = last === undefined ? undefined : merged(last, extent)
    if (both === undefined) extents.push(extent)
    else extents[extents.length - 1] = both
    if (extent.kind === 'missing') break
    done += extent.length
  }
  return extents
}

const merged = (first: Extent, second: Extent): Extent | undefined => {
  const length = first.length + second.length
  if (first.kind === 'zeros' && second.kind === 'zeros') return { kind: 'zeros', length }
  return first.kind === 'stored' && second.kind === 'stored' && first.at + first.length === second.at
    ? { ...first, length }
    : undefined
}

function* readExtent(file: Medium, extent: Extent): Reading<Part> {
  switch (extent.kind) {
    case 'zeros':
      return { bytes: new Uint8Array(extent.length) }
    case 'stored': {
      const part = yield* file.read(extent.at, extent.length)
      return part.short === 'end' ? { ...part, short: 'damaged' } : part
    }
    case 'packed':
      return yield* readPacked(file, extent)
    case 'missing':
      return noPart(extent.short)
  }
}

/** Reads of what is packed no more than the stretch needs: a little at first, and then as much again as is there. */
function* readPacked(file: Medium, extent: Extract<Extent, { kind: 'packed' }>): Reading<Part> {
  const most = extent.skip + extent.length
  let packed: Uint8Array = new Uint8Array()
  while (true) {
    const wanted = Math.min(
      packed.length || firstPackedBytes,
      mostPackedBytesAtOnce,
      extent.packedBytes - packed.length,
    )
    const part = yield* file.read(extent.at + packed.length, wanted)
    packed = joined(packed, part.bytes)
    if (packed.length === 0) return noPart(part.short === 'unavailable' ? 'unavailable' : 'damaged')
    const inside = yield* unpacked(extent.packing, packed, most)
    if (inside.bytes.length >= most) return { bytes: inside.bytes.subarray(extent.skip, most) }
    const isAll = part.bytes.length < wanted || packed.length >= extent.packedBytes
    if (isAll || inside.short !== 'unavailable') {
      const isUnknown = part.short === 'unavailable' || inside.short === 'unavailable'
      // What ends before its cluster is full contradicts the table.
      return { bytes: inside.bytes.subarray(extent.skip), short: isUnknown ? 'unavailable' : 'damaged' }
    }
  }
}

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
