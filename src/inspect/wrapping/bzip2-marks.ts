/** One of the two marks of a bzip2 stream: 48 bits, which may begin at any bit of a byte. */
export interface Mark {
  /** `block`: a block begins. `end`: the stream ends, behind its blocks and before its check sum. */
  readonly kind: 'block' | 'end'
  /** Where it begins, in bits from the start of the bytes. */
  readonly bit: number
}

const halfBits = 24
const half = 2 ** halfBits - 1

/** The digits of pi begin a block, those of its square root an end: here in two halves. */
const markOf = (high: number, low: number): Mark['kind'] | undefined => {
  if (low === 0x26_5359 && high === 0x31_4159) return 'block'
  return low === 0x38_5090 && high === 0x17_7245 ? 'end' : undefined
}

/** The marks in some bytes, the first first. */
export const bzip2Marks = (bytes: Uint8Array): readonly Mark[] => {
  const found: Mark[] = []
  let high = 0
  let low = 0
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const next = ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1
    high = ((high << 1) | (low >>> (halfBits - 1))) & half
    low = ((low << 1) | next) & half
    const kind = markOf(high, low)
    if (kind !== undefined) found.push({ kind, bit: bit + 1 - 2 * halfBits })
  }
  return found
}
