/**
 * Numbers and text out of a byte array, never past its end: whatever lies wholly or partly outside is `undefined`.
 * All offsets and lengths are in bytes.
 */
export interface ByteReader {
  /** How many bytes there are. */
  readonly length: number
  readonly u8: (at: number) => number | undefined
  readonly u16le: (at: number) => number | undefined
  readonly u32le: (at: number) => number | undefined
  readonly u32be: (at: number) => number | undefined
  /** 64 bits, unsigned, as the nearest number: above 2^53 it is rounded, which is far beyond any file. */
  readonly u64le: (at: number) => number | undefined
  readonly u64be: (at: number) => number | undefined
  /** Whether these bytes, given as a Latin-1 string, stand at the offset. */
  readonly has: (at: number, expected: string) => boolean
  /** One character a byte, as many as there are up to the length asked for. */
  readonly latin1: (at: number, length: number) => string
}

/** A {@link ByteReader} over these bytes, which are not copied. */
export const byteReader = (bytes: Uint8Array): ByteReader => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const within =
    (width: number, read: (at: number) => number) =>
    (at: number): number | undefined =>
      Number.isSafeInteger(at) && at >= 0 && at + width <= bytes.length ? read(at) : undefined
  const latin1 = (at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length))

  return {
    length: bytes.length,
    u8: within(1, (at) => view.getUint8(at)),
    u16le: within(2, (at) => view.getUint16(at, true)),
    u32le: within(4, (at) => view.getUint32(at, true)),
    u32be: within(4, (at) => view.getUint32(at, false)),
    u64le: within(8, (at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)),
    u64be: within(8, (at) => view.getUint32(at, false) * 2 ** 32 + view.getUint32(at + 4, false)),
    has: (at, expected) => latin1(at, expected.length) === expected,
    latin1,
  }
}
