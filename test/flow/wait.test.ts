import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  ImageStoreError,
  type Operation,
  type OperationLookup,
  type OperationRef,
  operationRef,
  type WaitProgress,
  waitFor,
  waitForAll,
} from 'imageferry'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { fail, succeed } from '../either.ts'
import { virtualRuntime } from '../virtual-runtime.ts'
import { fakeStore } from './fake-store.ts'

const one = operationRef('fake:import/1')
const two = operationRef('fake:import/2')

const operation = (ref: OperationRef, state: Operation['state'], more: Partial<Operation> = {}): Operation => ({
  ref,
  kind: 'import',
  state,
  losses: [],
  ...more,
})

const seen = (found: Operation): OperationLookup => ({ ref: found.ref, found: true, operation: found })
const unseen = (ref: OperationRef, error: ImageStoreError): OperationLookup => ({ ref, found: false, error })
const notFound = new ImageStoreError('not-found', 'no such thing')
const unavailable = new ImageStoreError('unavailable', 'down')

type Look = (refs: readonly OperationRef[]) => readonly OperationLookup[] | ImageStoreError

/** A store that answers one look after the other, the last for ever, on a clock of its own. */
const watched = (...looks: readonly Look[]) => {
  const asked: (readonly OperationRef[])[] = []
  const clock = manualClock()
  const store = fakeStore({
    getOperations: (refs) => {
      const answer = looks[Math.min(asked.length, looks.length - 1)]?.(refs) ?? []
      asked.push(refs)
      return answer instanceof ImageStoreError ? TE.left(answer) : TE.right(answer)
    },
  })
  return { store, asked, clock, runtime: virtualRuntime(clock) }
}

const always =
  (state: Operation['state'], more?: Partial<Operation>): Look =>
  (refs) =>
    refs.map((ref) => seen(operation(ref, state, more)))

describe('waitForAll', () => {
  it('looks all operations up together until each has ended, and keeps their order', async () => {
    const { store, asked, runtime } = watched(
      always('queued'),
      (refs) => refs.map((ref) => seen(operation(ref, ref === two ? 'succeeded' : 'settling'))),
      always('succeeded'),
    )
    const outcomes = await succeed(waitForAll(store, [one, two], { runtime }))
    expect(outcomes.map(({ ref, succeeded }) => [ref, succeeded])).toEqual([
      [one, true],
      [two, true],
    ])
    expect(asked).toEqual([[one, two], [one, two], [one]])
  })

  it('asks once for a ref that is given twice', async () => {
    const { store, asked, runtime } = watched(always('succeeded'))
    expect(await succeed(waitForAll(store, [one, one], { runtime }))).toHaveLength(2)
    expect(asked).toEqual([[one]])
  })

  it('asks nothing where there is nothing to wait for', async () => {
    const { store, asked } = watched(always('queued'))
    expect(await succeed(waitForAll(store, []))).toEqual([])
    expect(asked).toEqual([])
  })

  it("makes a failure an outcome, with the provider's text and hint, and goes on with the others", async () => {
    const { store, runtime } = watched(
      () => [
        seen(operation(one, 'failed', { failure: 'It cannot be read', hint: 'Compress it' })),
        seen(operation(two, 'running')),
      ],
      always('succeeded'),
    )
    const [first, second] = await succeed(waitForAll(store, [one, two], { runtime }))
    expect(first).toMatchObject({
      succeeded: false,
      error: { kind: 'import-failed', message: 'It cannot be read', hint: 'Compress it', store: 'fake' },
    })
    expect(second?.succeeded).toBe(true)
  })

  it('calls a failure that is no import `operation-failed`', async () => {
    const { store, runtime } = watched(always('failed', { kind: 'delete' }))
    expect(await succeed(waitForAll(store, [one], { runtime }))).toMatchObject([
      { error: { kind: 'operation-failed' } },
    ])
  })
})

describe('a look that fails', () => {
  it('is repeated where the reason may pass, for one operation or for all', async () => {
    const { store, asked, runtime } = watched(
      () => unavailable,
      (refs) => refs.map((ref) => unseen(ref, unavailable)),
      always('succeeded'),
    )
    expect(await succeed(waitForAll(store, [one], { runtime }))).toMatchObject([{ succeeded: true }])
    expect(asked).toHaveLength(3)
  })

  it('is borne where the operation is not to be found, twice and for half a minute, and then is its end', async () => {
    const missing: Look = (refs) => refs.map((ref) => unseen(ref, notFound))
    const flicker = watched(missing, missing, always('succeeded'))
    expect(await succeed(waitForAll(flicker.store, [one], { runtime: flicker.runtime }))).toMatchObject([
      { succeeded: true },
    ])
    const gone = watched(missing)
    const begun = gone.clock.now()
    expect(await succeed(waitForAll(gone.store, [one], { runtime: gone.runtime }))).toMatchObject([
      { succeeded: false, error: { kind: 'not-found' } },
    ])
    expect(gone.asked.length).toBeGreaterThanOrEqual(3)
    expect(gone.clock.now() - begun).toBeGreaterThanOrEqual(30_000)
    expect(gone.clock.now() - begun).toBeLessThanOrEqual(60_000)
  })

  it('is the end at once where it would not pass', async () => {
    const denied = watched(() => new ImageStoreError('unauthenticated', 'no'))
    expect(await succeed(waitForAll(denied.store, [one, two], { runtime: denied.runtime }))).toMatchObject([
      { succeeded: false, error: { kind: 'unauthenticated' } },
      { succeeded: false, error: { kind: 'unauthenticated' } },
    ])
    expect(denied.asked).toHaveLength(1)
  })
})

describe('the time of a wait', () => {
  it('ends it as a failure of kind `timeout`, never as a success', async () => {
    for (const state of ['running', 'settling', 'unknown'] as const) {
      const { store, clock, runtime } = watched(always(state))
      const begun = clock.now()
      const outcomes = await succeed(waitForAll(store, [one], { runtime, timeoutMs: 60_000 }))
      expect(outcomes).toMatchObject([{ succeeded: false, error: { kind: 'timeout' } }])
      expect(clock.now() - begun).toBe(60_000)
    }
  })

  it('takes few looks: at most 33 for an import of five minutes, noticed 15 s late at the most', async () => {
    const clock = manualClock()
    const runtime = virtualRuntime(clock)
    const ends = clock.now() + 300_000
    let looks = 0
    const store = fakeStore({
      getOperations: (refs) => {
        looks += 1
        return TE.right(refs.map((ref) => seen(operation(ref, clock.now() >= ends ? 'succeeded' : 'running'))))
      },
    })
    await succeed(waitForAll(store, [one], { runtime }))
    expect(looks).toBeLessThanOrEqual(33)
    expect(clock.now() - ends).toBeLessThanOrEqual(15_000)
  })
})

describe('a wait that is canceled', () => {
  it('throws `canceled`, before a look and between two', async () => {
    const before = watched(always('running'))
    expect(await fail(waitForAll(before.store, [one], { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'canceled',
    })
    expect(before.asked).toEqual([])

    const stop = new AbortController()
    const between = watched(always('running'))
    const onProgress = () => stop.abort()
    const waiting = waitForAll(between.store, [one], { runtime: between.runtime, signal: stop.signal, onProgress })
    expect(await fail(waiting)).toMatchObject({ kind: 'canceled', store: 'fake' })
  })
})

describe('waitFor', () => {
  it('yields each outcome as soon as it is known, and tells the progress at every look', async () => {
    const { store, runtime, asked } = watched(
      (refs) => refs.map((ref) => seen(operation(ref, ref === two ? 'succeeded' : 'running'))),
      always('succeeded'),
    )
    const progress: string[] = []
    const yielded: (readonly [OperationRef, number])[] = []
    const onProgress = (operations: readonly WaitProgress[]) =>
      progress.push(operations.map(({ phase }) => phase).join(' '))
    for await (const { ref } of waitFor(store, [one, two], { runtime, onProgress })) yielded.push([ref, asked.length])
    expect(yielded).toEqual([
      [two, 1],
      [one, 2],
    ])
    expect(progress).toEqual(['running ended', 'ended'])
  })
})
