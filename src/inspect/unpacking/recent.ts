import type { Packing, Part } from '../reading.ts'

/** Of what is packed and unpacked, in bytes: a block of bzip2 with zeros is 45 MB unpacked, which takes half a second each time. */
const mostKeptBytes = 65 * 2 ** 20

/** What was unpacked, and from what. */
interface Unpacked {
  readonly packing: Packing
  readonly packed: Uint8Array
  readonly most: number
  readonly part: Part
}

/** What was unpacked last. */
export interface Recent {
  /** What the same bytes gave, where as much was wanted or all of it came. */
  readonly find: (packing: Packing, packed: Uint8Array, most: number) => Part | undefined
  /** Keeps it, and of what came before as much as 65 MiB hold. */
  readonly keep: (unpacked: Unpacked) => void
}

const sizeOf = ({ packed, part }: Unpacked): number => packed.length + part.bytes.length

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a === b || (a.length === b.length && Buffer.compare(a, b) === 0)

/** Of what was unpacked, as much as is wanted. */
export const beginningOf = (part: Part, most: number): Part =>
  part.bytes.length < most ? part : { bytes: part.bytes.subarray(0, most) }

/** Nothing unpacked yet. */
export const nothingRecent = (): Recent => {
  let kept: readonly Unpacked[] = []
  return {
    find: (packing, packed, most) => {
      const found = kept.find(
        (one) =>
          one.packing === packing && (most <= one.most || one.part.short !== undefined) && isSame(one.packed, packed),
      )
      return found === undefined ? undefined : beginningOf(found.part, most)
    },
    keep: (unpacked) => {
      let room = mostKeptBytes
      kept = [unpacked, ...kept].filter((one) => {
        room -= sizeOf(one)
        return room >= 0
      })
    },
  }
}
