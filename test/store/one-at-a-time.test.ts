import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import { oneAtATime } from '../../src/store/one-at-a-time.ts'
import { someCall as callWith } from '../some-call.ts'

/** Tasks that end when the test says so, and a note of those that have begun. */
const held = () => {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const task = (name: string) => () =>
    new Promise<E.Either<never, string>>((resolve) => {
      begun.push(name)
      ends.set(name, () => resolve(E.right(name)))
    })
  return { begun, task, end: (name: string) => ends.get(name)?.() }
}

describe('tasks one at a time', () => {
  it('wait for those of their key that came before, and for no others', async () => {
    const { begun, task, end } = held()
    const inTurn = oneAtATime()
    const runs = [
      inTurn('a', callWith(), task('a1'))(),
      inTurn('a', callWith(), task('a2'))(),
      inTurn('b', callWith(), task('b1'))(),
      inTurn(undefined, callWith(), task('none'))(),
    ]
    await setImmediate()
    expect(begun.sort()).toEqual(['a1', 'b1', 'none'])
    end('a1')
    await setImmediate()
    expect(begun).toContain('a2')
    for (const name of ['a2', 'b1', 'none']) end(name)
    expect(await Promise.all(runs)).toEqual(['a1', 'a2', 'b1', 'none'].map(E.right))
  })

  it('that are ended while they wait begin nothing, and let nobody overtake', async () => {
    const { begun, task, end } = held()
    const inTurn = oneAtATime()
    const controller = new AbortController()
    const first = inTurn('a', callWith(), task('a1'))()
    const second = inTurn('a', callWith(controller.signal), task('a2'))()
    const third = inTurn('a', callWith(), task('a3'))()
    controller.abort()
    expect(await second).toMatchObject({ left: { kind: 'canceled' } })
    expect(begun).toEqual(['a1'])
    end('a1')
    await first
    await setImmediate()
    expect(begun).toEqual(['a1', 'a3'])
    end('a3')
    expect(await third).toEqual(E.right('a3'))
  })

  it('go on after one that failed', async () => {
    const inTurn = oneAtATime()
    const failed = inTurn('a', callWith(), TE.left('no') as never)()
    const next = inTurn('a', callWith(), TE.right('yes'))()
    expect(await failed).toEqual(E.left('no'))
    expect(await next).toEqual(E.right('yes'))
  })
})
