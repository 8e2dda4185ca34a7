import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { type CallOptions, collect, ImageStoreError, imageRef, limited, type Region } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, leftOf, succeed } from '../either.ts'
import { memoryWithout } from '../memory-subject.ts'
import { fakeStore } from './fake-store.ts'

interface Call {
  readonly region: string
  readonly options: CallOptions | undefined
  readonly end: (result: E.Either<ImageStoreError, never>) => void
}

const stopped = new ImageStoreError('canceled', 'stopped', { completed: ['name'] })

/** A store whose calls end when the test says so; each is told by the region it asks for. */
const held = () => {
  const calls: Call[] = []
  const store = fakeStore({
    capabilities: memoryWithout('It has each image once', 'replicate'),
    quota: (region, options) => () =>
      new Promise((resolve) => {
        calls.push({ region, options, end: resolve })
        options?.signal?.addEventListener('abort', () => resolve(E.left(stopped)), { once: true })
      }),
  })
  return { store, calls, begun: () => calls.map(({ region }) => region) }
}

const over = E.left(new ImageStoreError('unavailable', 'over'))

/** Lets everything happen that can without a call's end. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await setImmediate()
}

/** A signal that counts who listens to it. */
const countingSignal = () => {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...parameters: Parameters<typeof add>) => {
    listeners += 1
    add(...parameters)
  }
  signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
    listeners -= 1
    remove(...parameters)
  }
  return { controller, signal, listeners: () => listeners }
}

describe('limited', () => {
  it('has at most so many calls under way, and makes the others in the order they were run in', async () => {
    const { store, calls, begun } = held()
    const limit = limited(store, { concurrency: 2 })
    const results = ['a', 'b', 'c', 'd', 'e'].map((region) => limit.quota(region)())
    await settle()
    expect(begun()).toEqual(['a', 'b'])
    calls[1]?.end(over)
    await settle()
    expect(begun()).toEqual(['a', 'b', 'c'])
    calls[0]?.end(over)
    calls[2]?.end(over)
    await settle()
    expect(begun()).toEqual(['a', 'b', 'c', 'd', 'e'])
    calls[3]?.end(over)
    calls[4]?.end(over)
    for (const result of await Promise.all(results)) expect(leftOf(result).kind).toBe('unavailable')
  })

  it('counts all members together, and gives a place back after a failure as after a success', async () => {
    let under = 0
    let most = 0
    const regions: readonly Region[] = []
    const busy =
      <A>(result: E.Either<ImageStoreError, A>) =>
      async () => {
        under += 1
        most = Math.max(most, under)
        await settle()
        under -= 1
        return result
      }
    const store = limited(
      fakeStore({
        listRegions: () => busy(E.right(regions)),
        get: () => busy(E.left(new ImageStoreError('not-found', 'gone'))),
      }),
      { concurrency: 3 },
    )
    const calls = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? succeed(store.listRegions()) : fail(store.get(imageRef('fake:1'))),
    )
    await Promise.all(calls)
    expect(most).toBe(3)
    expect(under).toBe(0)
  })

  it('gives the place back where a store breaks its promise and throws', async () => {
    const store = limited(
      fakeStore({ listRegions: () => () => Promise.reject(new Error('bug')), get: memory({ name: 'fake' }).get }),
      { concurrency: 1 },
    )
    await expect(store.listRegions()()).rejects.toThrow('bug')
    expect(await fail(store.get(imageRef('fake:1')))).toMatchObject({ kind: 'not-found' })
  })

  it('lets a call that is canceled leave the queue at once, and sends nothing for it', async () => {
    const { store, calls, begun } = held()
    const limit = limited(store, { concurrency: 1 })
    const { controller, signal, listeners } = countingSignal()
    const first = limit.quota('a')()
    const second = limit.quota('b', { signal })()
    const third = limit.quota('c')()
    await settle()
    controller.abort()
    expect(leftOf(await second)).toMatchObject({ kind: 'canceled', store: 'fake', operation: 'quota' })
    expect(begun()).toEqual(['a'])
    calls[0]?.end(over)
    await settle()
    expect(begun()).toEqual(['a', 'c'])
    calls[1]?.end(over)
    await Promise.all([first, third])
    expect(listeners()).toBe(0)
  })

  it('counts the time in the queue to the time-out of a call', async () => {
    const expirations: (() => void)[] = []
    const { store, calls, begun } = held()
    const runtime = {
      now: () => 0,
      sleep: async () => {},
      random: () => 0.5,
      timer: (milliseconds: number, expire: () => void) => {
        expect(milliseconds).toBe(1_000)
        expirations.push(expire)
        return () => {}
      },
    }
    const limit = limited(store, { concurrency: 1, runtime })
    const first = limit.quota('a')()
    const second = limit.quota('b', { timeoutMs: 1_000 })()
    await settle()
    for (const expire of expirations) expire()
    expect(leftOf(await second)).toMatchObject({ kind: 'timeout', operation: 'quota' })
    calls[0]?.end(over)
    await first
    await settle()
    expect(begun()).toEqual(['a'])
  })

  it('gives back a turn that comes at the moment of a cancellation', async () => {
    const { store, calls, begun } = held()
    const limit = limited(store, { concurrency: 1 })
    const stop = new AbortController()
    const first = limit.quota('a')()
    const second = limit.quota('b', { signal: stop.signal })()
    const third = limit.quota('c')()
    await settle()
    calls[0]?.end(over)
    await first
    stop.abort()
    expect(leftOf(await second).kind).toBe('canceled')
    await settle()
    expect(begun().at(-1)).toBe('c')
    calls.at(-1)?.end(over)
    expect(leftOf(await third)).toBe(leftOf(over))
  })

  it('leaves a call the time that it has not waited', async () => {
    let now = 0
    const { store, calls } = held()
    const runtime = { now: () => now, sleep: async () => {}, random: () => 0.5, timer: () => () => {} }
    const limit = limited(store, { concurrency: 1, runtime })
    const first = limit.quota('a', { timeoutMs: 1_000 })()
    const second = limit.quota('b', { timeoutMs: 1_000 })()
    const third = limit.quota('c')()
    await settle()
    now = 400
    calls[0]?.end(over)
    await settle()
    calls[1]?.end(over)
    await settle()
    calls[2]?.end(over)
    await Promise.all([first, second, third])
    expect(calls.map(({ options }) => options?.timeoutMs)).toEqual([1_000, 600, undefined])
  })

  it('stops a call that is under way, and gives its place to the next', async () => {
    const { store, begun, calls } = held()
    const limit = limited(store, { concurrency: 1 })
    const { controller, signal, listeners } = countingSignal()
    const first = limit.quota('a', { signal })()
    const second = limit.quota('b')()
    await settle()
    controller.abort()
    // Its own error, which tells what it has carried out already.
    expect(leftOf(await first)).toBe(stopped)
    await settle()
    expect(begun()).toEqual(['a', 'b'])
    calls[1]?.end(over)
    await second
    // The one that the store itself put there, which went with the cancellation.
    expect(listeners()).toBe(1)
  })

  it('leaves nothing on a signal that many calls share', async () => {
    const { signal, listeners } = countingSignal()
    const store = limited(memory(), { concurrency: 2 })
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 5 }, () => succeed(store.listRegions({ signal }))))
      expect(listeners()).toBe(0)
    }
  })

  it('does not let what is unsupported wait', async () => {
    const { store, calls } = held()
    const limit = limited(store, { concurrency: 1 })
    const first = limit.quota('a')()
    await settle()
    expect(await fail(limit.replicate(imageRef('fake:1'), ['there']))).toMatchObject({ kind: 'unsupported' })
    calls[0]?.end(over)
    await first
  })

  it('lists all pages one at a time', async () => {
    const inner = memory({ pageSize: 1 })
    for (const name of ['a', 'b', 'c']) await succeed(inner.importFromUrl({ name, url: 'http://a/b', region: 'here' }))
    const images = await succeed(collect(limited(inner, { concurrency: 1 })))
    expect(images.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s at a time', (concurrency) => {
    expect(() => limited(memory(), { concurrency })).toThrow(
      expect.objectContaining({ kind: 'invalid-argument', fields: { concurrency: expect.any(String) } }),
    )
  })
})
