import type { Packing, Part, Reading } from './reading.ts'

/** What a reading is carried out with: bytes of a file, and how packings are undone. */
export interface ReadingMeans {
  readonly read: (at: number, length: number) => Promise<Part>
  readonly unpack: (packing: Packing, packed: Uint8Array, most: number) => Promise<Part>
}

/** Carries a reading out, one wish after the other. Rejects with what the means reject with. */
export const perform = async <A>(reading: Reading<A>, { read, unpack }: ReadingMeans): Promise<A> => {
  let step = reading.next()
  while (step.done !== true) {
    const wish = step.value
    const part =
      wish.kind === 'bytes' ? await read(wish.at, wish.length) : await unpack(wish.packing, wish.packed, wish.most)
    step = reading.next(part)
  }
  return step.value
}
