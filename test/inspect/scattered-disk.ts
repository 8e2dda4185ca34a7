/** A disk with zeros, text and noise here and there, the same for the same length: what mappings and compressions have to find again. */
export const scatteredDisk = (bytes: number): Uint8Array => {
  const disk = Buffer.alloc(bytes)
  let state = 0x9e37_79b9
  const next = (below: number): number => {
    // A generator of 32 bits by shifts, whose period is long enough for a disk.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
  for (let at = 0; at < bytes; ) {
    const length = Math.min(1 + next(150_000), bytes - at)
    const kind = next(3)
    if (kind === 1) disk.fill(`text at ${at}, again and again; `, at, at + length)
    if (kind === 2) for (let place = at; place < at + length; place += 1) disk[place] = next(256)
    at += length
  }
  return disk
}
