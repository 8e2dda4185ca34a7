import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { merge } from '../../src/flow/merge.ts'

/** A sequence whose values come when the test says so, and that counts how often it was asked. */
const held = () => {
  const answers: ((result: IteratorResult<string>) => void)[] = []
  const values: AsyncIterator<string> = { next: () => new Promise((resolve) => answers.push(resolve)) }
  return {
    values,
    asked: () => answers.length,
    give: (value: string) => answers.at(-1)?.({ done: false, value }),
    end: () => answers.at(-1)?.({ done: true, value: undefined }),
  }
}

const never = new AbortController().signal

describe('merge', () => {
  it('yields what comes as it comes, and asks each source one value ahead', async () => {
    const [a, b] = [held(), held()]
    const merged = merge(
      new Map([
        ['a', a.values],
        ['b', b.values],
      ]),
      never,
    )
    const first = merged.next()
    expect([a.asked(), b.asked()]).toEqual([1, 1])
    b.give('b1')
    expect((await first).value).toEqual({ source: 'b', kind: 'value', value: 'b1' })
    expect([a.asked(), b.asked()]).toEqual([1, 2])
    b.give('b2')
    await setImmediate()
    expect(b.asked()).toBe(2)
    expect((await merged.next()).value).toEqual({ source: 'b', kind: 'value', value: 'b2' })
    b.end()
    expect((await merged.next()).value).toEqual({ source: 'b', kind: 'end' })
    a.end()
    expect((await merged.next()).value).toEqual({ source: 'a', kind: 'end' })
    expect((await merged.next()).done).toBe(true)
  })

  it('ends at once where there is nothing, and as soon as the signal is aborted', async () => {
    expect((await merge(new Map(), never).next()).done).toBe(true)
    const stop = new AbortController()
    const waiting = merge(new Map([['a', held().values]]), stop.signal).next()
    await setImmediate()
    stop.abort()
    expect((await waiting).done).toBe(true)
  })
})
