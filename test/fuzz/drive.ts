import { look, type Seen } from '../../src/inspect/look.ts'
import { perform } from '../../src/inspect/perform.ts'
import { type Part, wholeFile } from '../../src/inspect/reading.ts'
import { unpacker } from '../../src/inspect/unpack.ts'
import type { Stretch } from './mutation.ts'

/** What a look must never go beyond, whatever stands in a file. */
export const bounds = {
  /** Wishes of one look, for bytes and for unpacking. */
  wishes: 2_000,
  /** Bytes that one wish is for. A block of bzip2 can only be unpacked whole. */
  wishBytes: 2 ** 20,
  /** Bytes that one look is granted in all. */
  bytes: 16 * 2 ** 20,
  /** Unpacked bytes that one wish is for. */
  unpackedBytes: 64 * 2 ** 20,
}

/** What came of a look. */
export interface Driven {
  readonly seen: Seen
  /** What was read of the file. */
  readonly read: readonly Stretch[]
}

class OutOfBounds extends Error {}

const mustBe = (holds: boolean, what: string): void => {
  if (!holds) throw new OutOfBounds(what)
}

/** Looks at bytes in memory, and throws as soon as the look asks for more than it may. */
export const drive = async (bytes: Uint8Array, isLengthKnown = true): Promise<Driven> => {
  const read: Stretch[] = []
  let wishes = 0
  let granted = 0
  const count = () => {
    wishes += 1
    mustBe(wishes <= bounds.wishes, `more than ${bounds.wishes} wishes`)
  }
  const { unpack } = unpacker()
  const seen = await perform(look(wholeFile(isLengthKnown ? bytes.length : undefined)), {
    read: async (at, length): Promise<Part> => {
      count()
      mustBe(Number.isSafeInteger(at) && at >= 0, `a wish at ${at}`)
      mustBe(Number.isSafeInteger(length) && length > 0 && length <= bounds.wishBytes, `a wish for ${length} bytes`)
      const part = bytes.subarray(at, at + length)
      granted += part.length
      mustBe(granted <= bounds.bytes, `more than ${bounds.bytes} bytes`)
      read.push({ at, length: part.length })
      return part.length < length ? { bytes: part, short: 'end' } : { bytes: part }
    },
    unpack: async (packing, packed, most) => {
      count()
      mustBe(Number.isSafeInteger(most) && most > 0 && most <= bounds.unpackedBytes, `a wish to unpack ${most} bytes`)
      const part = await unpack(packing, packed, most)
      mustBe(part.bytes.length <= most, `${part.bytes.length} bytes unpacked where ${most} were wanted`)
      return part
    },
  })
  // What was found out is plain data: it survives being written down.
  mustBe(JSON.stringify(JSON.parse(JSON.stringify(seen))) === JSON.stringify(seen), 'facts that are no plain data')
  return { seen, read }
}
