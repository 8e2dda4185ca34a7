import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Call } from '../../src/store/member.ts'
import { sharedLook } from '../../src/store/shared-look.ts'
import { someCall } from '../some-call.ts'

/** A look-up whose runs end when the test says so, each with its number. */
const held = () => {
  const runs: { readonly call: Call; readonly end: () => void }[] = []
  const look = sharedLook((call: Call) => () => {
    const nth = runs.length + 1
    return new Promise<E.Either<never, number>>((resolve) => {
      runs.push({ call, end: () => resolve(E.right(nth)) })
    })
  })
  return { runs, look }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

describe('a shared look', () => {
  it('is made once for those who ask at one moment, and once more for all who ask while it runs', async () => {
    const { runs, look } = held()
    const first = [look(someCall())(), look(someCall())()]
    await soon()
    const later = [look(someCall())(), look(someCall())(), look(someCall())()]
    await soon()
    expect(runs).toHaveLength(1)
    runs[0]?.end()
    expect(await Promise.all(first)).toEqual([E.right(1), E.right(1)])
    await soon()
    expect(runs).toHaveLength(2)
    runs[1]?.end()
    expect(await Promise.all(later)).toEqual([E.right(2), E.right(2), E.right(2)])
  })

  it('goes on for the others when one has left, and is stopped when all have', async () => {
    const { runs, look } = held()
    const [one, other] = [new AbortController(), new AbortController()]
    const calls = [look(someCall(one.signal))(), look(someCall(other.signal))()]
    await soon()
    one.abort()
    expect(await calls[0]).toMatchObject(E.left({ kind: 'canceled' }))
    expect(runs[0]?.call.signal.aborted).toBe(false)
    other.abort()
    expect(await calls[1]).toMatchObject(E.left({ kind: 'canceled' }))
    expect(runs[0]?.call.signal.aborted).toBe(true)
  })

  it('is not made where all have left before it begins', async () => {
    const { runs, look } = held()
    const first = look(someCall())()
    await soon()
    const controller = new AbortController()
    const left = look(someCall(controller.signal))()
    controller.abort()
    expect(await left).toMatchObject(E.left({ kind: 'canceled' }))
    runs[0]?.end()
    await first
    await soon()
    expect(runs).toHaveLength(1)
  })

  it('has the time of whoever has the most, and no end where one has none', async () => {
    for (const [deadlines, expected] of [
      [[5, 9], 9],
      [[5, undefined], undefined],
    ] as const) {
      const { runs, look } = held()
      for (const deadline of deadlines) void look({ ...someCall(), deadline })()
      await soon()
      expect(runs[0]?.call.deadline).toBe(expected)
    }
  })

  it('is made again after one that has failed', async () => {
    let runs = 0
    const look = sharedLook(() => async () => {
      runs += 1
      if (runs === 1) throw new Error('no')
      return E.right(runs)
    })
    await expect(look(someCall())()).rejects.toThrow('no')
    expect(await look(someCall())()).toEqual(E.right(2))
  })
})
