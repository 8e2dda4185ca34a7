import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { ImageStoreError } from '../../src/model/error.ts'
import { keptOnceKnown } from '../../src/store/kept-once-known.ts'
import type { Call } from '../../src/store/member.ts'
import { someCall as callWith } from '../some-call.ts'

const patient = (): Call => callWith()

/** A look-up that ends when it is told to. */
const slow = () => {
  const looks: { readonly end: (answer: E.Either<ImageStoreError, string>) => void; readonly signal: AbortSignal }[] =
    []
  const look = keptOnceKnown(
    ({ signal }) =>
      () =>
        new Promise<E.Either<ImageStoreError, string>>((end) => {
          looks.push({ end, signal })
        }),
  )
  return { look, looks }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a look-up that is kept once its answer is known', () => {
  it('is made once for calls at the same time and for all later ones', async () => {
    const { look, looks } = slow()
    const calls = [look(patient())(), look(patient())()]
    await turn()
    looks[0]?.end(E.right('known'))
    expect(await Promise.all(calls)).toEqual([E.right('known'), E.right('known')])
    expect(await look(patient())()).toEqual(E.right('known'))
    expect(looks).toHaveLength(1)
  })

  it('goes on for those who stay, and is stopped when the last has left', async () => {
    const { look, looks } = slow()
    const leaving = [new AbortController(), new AbortController()]
    const calls = leaving.map(({ signal }) => look(callWith(signal))())
    await turn()
    leaving[0]?.abort()
    expect(await calls[0]).toMatchObject({ left: { kind: 'canceled' } })
    expect(looks[0]?.signal.aborted).toBe(false)
    leaving[1]?.abort()
    expect(await calls[1]).toMatchObject({ left: { kind: 'canceled' } })
    expect(looks[0]?.signal.aborted).toBe(true)

    const next = look(patient())()
    await turn()
    looks[1]?.end(E.right('second'))
    looks[0]?.end(E.left(new ImageStoreError('canceled', 'too late')))
    expect(await next).toEqual(E.right('second'))
  })

  it('keeps no failure, though all who wait for it get it', async () => {
    const { look, looks } = slow()
    const failure = E.left(new ImageStoreError('unavailable', 'no'))
    const calls = [look(patient())(), look(patient())()]
    await turn()
    looks[0]?.end(failure)
    expect(await Promise.all(calls)).toEqual([failure, failure])
    const again = look(patient())()
    await turn()
    looks[1]?.end(E.right('known'))
    expect(await again).toEqual(E.right('known'))
  })

  it('begins nothing for a call that has ended', async () => {
    const { look, looks } = slow()
    expect(await look(callWith(AbortSignal.abort()))()).toMatchObject({ left: { kind: 'canceled' } })
    expect(looks).toEqual([])
  })

  it('is renewed once for all who found the same answer stale; a failure changes nothing', async () => {
    const { look, looks } = slow()
    expect(look.known()).toBeUndefined()
    const first = look(patient())()
    await turn()
    looks[0]?.end(E.right('old'))
    await first
    const both = [look.renewed('old', patient())(), look.renewed('old', patient())()]
    await turn()
    expect(await look(patient())()).toEqual(E.right('old'))
    const failure = E.left(new ImageStoreError('unavailable', 'no'))
    looks[1]?.end(failure)
    expect(await Promise.all(both)).toEqual([failure, failure])
    expect(look.known()).toBe('old')

    const again = look.renewed('old', patient())()
    await turn()
    looks[2]?.end(E.right('new'))
    expect(await again).toEqual(E.right('new'))
    expect(await look.renewed('old', patient())()).toEqual(E.right('new'))
    expect(looks).toHaveLength(3)
  })
})
