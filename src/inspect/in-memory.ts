import { noPart, type Part, type Reading, type Wish } from './reading.ts'

/** How a packing is undone where a reading is carried out at once, without waiting. */
export type UnpackNow = (wish: Extract<Wish, { kind: 'unpack' }>) => Part

const unpackNothing: UnpackNow = () => noPart('unavailable')

/** Carries a reading out over bytes that are all in memory, at once. What is packed stays packed unless told how to unpack it. */
export const readInMemory = <A>(reading: Reading<A>, bytes: Uint8Array, unpack: UnpackNow = unpackNothing): A => {
  let step = reading.next()
  while (step.done !== true) {
    const wish = step.value
    if (wish.kind === 'unpack') {
      step = reading.next(unpack(wish))
    } else {
      const part = bytes.subarray(wish.at, wish.at + wish.length)
      step = reading.next(part.length < wish.length ? { bytes: part, short: 'end' } : { bytes: part })
    }
  }
  return step.value
}
