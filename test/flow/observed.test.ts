import { setImmediate } from 'node:timers/promises'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { imageRef, listImages, observed, type StoreEvent } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { fail, succeed } from '../either.ts'
import { memoryWithout } from '../memory-subject.ts'
import { virtualRuntime } from '../virtual-runtime.ts'
import { fakeStore } from './fake-store.ts'

describe('observed', () => {
  it('tells of the start and the end of every call, with how long it took', async () => {
    const clock = manualClock()
    const runtime = virtualRuntime(clock)
    const events: StoreEvent[] = []
    const slow = fakeStore({ listRegions: () => TE.fromTask(async () => clock.advance(1_234).then(() => [])) })
    const store = observed(slow, (event) => events.push(event), { runtime })
    const task = store.listRegions()
    expect(events).toEqual([])
    await succeed(task)
    expect(events).toEqual([
      { type: 'call-started', store: 'fake', operation: 'listRegions', call: expect.any(Number) },
      { type: 'call-ended', store: 'fake', operation: 'listRegions', call: expect.any(Number), durationMs: 1_234 },
    ])
    await succeed(task)
    const [started, ended, ...second] = events.map((event) => 'call' in event && event.call)
    expect(ended).toBe(started)
    expect(second).toEqual([Number(started) + 1, Number(started) + 1])
  })

  it('tells the kind of an error, also of a call that sends nothing', async () => {
    const events: StoreEvent[] = []
    const capabilities = memoryWithout('It counts nothing', 'quota')
    const store = observed(memory({ capabilities }), (event) => events.push(event))
    const error = await fail(store.get(imageRef('memory:404')))
    await fail(store.quota('here'))
    await fail(store.listRegions({ signal: AbortSignal.abort() }))
    expect(error.message).toContain('memory:404')
    expect(events.filter(({ type }) => type === 'call-ended')).toMatchObject([
      { operation: 'get', error: 'not-found' },
      { operation: 'quota', error: 'unsupported' },
      { operation: 'listRegions', error: 'canceled' },
    ])
  })

  it('keeps calls at the same moment apart', async () => {
    const events: StoreEvent[] = []
    const store = observed(memory(), (event) => events.push(event))
    await Promise.all([succeed(store.listRegions()), fail(store.get(imageRef('memory:404')))])
    const calls = new Set(events.map((event) => 'call' in event && event.call))
    const [first, second] = [...calls].map((call) => events.filter((event) => 'call' in event && event.call === call))
    expect(first?.map(({ type, operation }) => `${type} ${operation}`)).toEqual([
      'call-started listRegions',
      'call-ended listRegions',
    ])
    expect(second?.map(({ type, operation }) => `${type} ${operation}`)).toEqual(['call-started get', 'call-ended get'])
  })

  it('tells nothing of arguments, results and messages', async () => {
    const events: StoreEvent[] = []
    const store = observed(memory(), (event) => events.push(event))
    const secret = 'https://me:hush@example.com/secret.qcow2?signature=hush'
    await succeed(store.importFromUrl({ name: 'secret', url: secret, region: 'here', key: 'secret' }))
    await fail(store.importFromUrl({ name: 'secret', url: secret, region: 'secret' }))
    expect(events).toHaveLength(4)
    expect(JSON.stringify(events)).not.toMatch(/hush|secret|example/)
  })

  it('tells of every page of what is derived from the store', async () => {
    const events: StoreEvent[] = []
    const inner = memory({ pageSize: 1 })
    for (const name of ['a', 'b']) await succeed(inner.importFromUrl({ name, url: 'http://a/b', region: 'here' }))
    for await (const _ of listImages(observed(inner, (event) => events.push(event))));
    expect(events.filter(({ type }) => type === 'call-started')).toHaveLength(2)
  })

  it('does not lose a result to an observer that throws', async () => {
    const inner = memory()
    const store = observed(inner, () => {
      throw new Error('disk full')
    })
    const { image } = await succeed(store.importFromUrl({ name: 'a', url: 'http://a/b', region: 'here' }))
    expect(image).toBe('memory:1')
  })

  it('does not end the process for an observer that fails later', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const store = observed(memory(), async () => {
      throw new Error('disk full')
    })
    await succeed(store.listRegions())
    await setImmediate()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})
