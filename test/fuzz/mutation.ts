import fc from 'fast-check'

/** A change of a few bytes at one place. */
export interface Edit {
  /** Picks the place among those that are read of the file. */
  readonly place: number
  readonly width: 1 | 2 | 4 | 8
  readonly bigEndian: boolean
  readonly value: bigint
}

/** What is done to a file before it is looked at. */
export interface Mutation {
  /** Picks the file. */
  readonly sample: number
  readonly edits: readonly Edit[]
  /** What is left of the file, where it is cut: picks the length. */
  readonly cut: number | undefined
}

/** The numbers that readers stumble over: ends of ranges, sizes of everything, signs. */
const telling: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  8n,
  9n,
  12n,
  16n,
  31n,
  32n,
  63n,
  64n,
  127n,
  128n,
  255n,
  256n,
  511n,
  512n,
  513n,
  1023n,
  1024n,
  4095n,
  4096n,
  32767n,
  32768n,
  65535n,
  65536n,
  2n ** 20n,
  2n ** 24n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n,
  2n ** 55n,
  2n ** 62n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  2n ** 64n - 512n,
]

const anyNumber = fc.nat({ max: 2 ** 31 - 1 })

const edit: fc.Arbitrary<Edit> = fc.record({
  place: anyNumber,
  width: fc.constantFrom(1, 2, 4, 8),
  bigEndian: fc.boolean(),
  value: fc.oneof(
    fc.constantFrom(...telling),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 0n, max: 300n }),
  ),
})

/** Any mutation: one edit mostly, several at times, and a cut now and then. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  sample: anyNumber,
  edits: fc.oneof(
    { weight: 3, arbitrary: fc.array(edit, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(edit, { minLength: 2, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  cut: fc.option(anyNumber, { freq: 8, nil: undefined }),
})

/** Where in a file something was read: stretches of it, in bytes. */
export interface Stretch {
  readonly at: number
  readonly length: number
}

const placeIn = (stretches: readonly Stretch[], pick: number): number => {
  const total = stretches.reduce((sum, { length }) => sum + length, 0)
  let left = total === 0 ? 0 : pick % total
  for (const { at, length } of stretches) {
    if (left < length) return at + left
    left -= length
  }
  return 0
}

/** How far around what was written a mutation falls, in bytes: fields that are zero tell something too. */
const marginBytes = 8

/** Where in some stretches of a file something was written, with a margin around it: mostly zeros are read, and what decides stands between them. */
export const written = (bytes: Uint8Array, read: readonly Stretch[]): readonly Stretch[] => {
  const found: { at: number; end: number }[] = []
  for (const { at, length } of read) {
    let last: { at: number; end: number } | undefined
    for (let index = at; index < at + length; index += 1) {
      if (bytes[index] === 0) continue
      const end = Math.min(index + marginBytes, at + length)
      const begin = Math.max(at, index - marginBytes)
      if (last !== undefined && begin <= last.end) {
        last.end = end
        continue
      }
      last = { at: begin, end }
      found.push(last)
    }
  }
  return found.map(({ at, end }) => ({ at, length: end - at }))
}

const headerBytes = 64

/** The beginning of each stretch: what is asked for by itself is a header mostly, and would be rare among the data. */
export const beginnings = (read: readonly Stretch[]): readonly Stretch[] =>
  read.map(({ at, length }) => ({ at, length: Math.min(length, headerBytes) }))

const write = (bytes: Buffer, at: number, { width, value, bigEndian }: Edit): void => {
  const word = Buffer.alloc(8)
  const cut = BigInt.asUintN(width * 8, value)
  if (bigEndian) word.writeBigUInt64BE(cut << BigInt(64 - width * 8))
  else word.writeBigUInt64LE(cut)
  word.copy(bytes, at, 0, width)
}

/**
 * Does to the bytes what the mutation says, hands them on, and puts them right again afterwards: copying a file for each of a million
 * mutations would take longer than all reading. Each edit falls into one of the places, as often into one as into another.
 */
export const withMutated = async <A>(
  bytes: Buffer,
  places: readonly (readonly Stretch[])[],
  { edits, cut }: Mutation,
  work: (mutated: Buffer) => Promise<A>,
): Promise<A> => {
  const length = cut === undefined ? bytes.length : cut % (bytes.length + 1)
  const undo: (() => void)[] = []
  for (const one of edits) {
    const at = placeIn(places[one.place % places.length] ?? [], Math.floor(one.place / places.length))
    const before = Buffer.from(bytes.subarray(at, at + one.width))
    write(bytes, at, one)
    undo.unshift(() => before.copy(bytes, at))
  }
  try {
    return await work(bytes.subarray(0, length))
  } finally {
    for (const step of undo) step()
  }
}
