import * as E from 'fp-ts/lib/Either.js'
import {
  type ChaosOptions,
  chaotic,
  collect,
  type ImageStore,
  ImageStoreError,
  imageRef,
  isTransient,
  systemRuntime,
} from 'imageferry'
import { conformance } from 'imageferry/conformance'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { memorySubject } from '../memory-subject.ts'

const spec = { name: 'web', url: 'http://localhost/web.qcow2', region: 'here' }
const all: ChaosOptions = { rate: 1 }

/** How calls of a store end: the kind of each error, or `ok`. */
const endings = async (store: ImageStore, calls = 60): Promise<readonly string[]> => {
  const ends: string[] = []
  for (let call = 0; call < calls; call++) {
    const result = await store.importFromUrl({ ...spec, name: `web-${call}` })()
    ends.push(E.isRight(result) ? 'ok' : result.left.kind)
  }
  return ends
}

conformance(
  { describe, it },
  {
    name: 'memory, chaotic at a rate of 0,',
    capabilities: memory().capabilities,
    start: async () => memorySubject((store, runtime) => chaotic(store, 1, { rate: 0, runtime })),
  },
)

describe('a chaotic store', () => {
  it('fails in the same way for the same seed, and in another for another', async () => {
    const ends = await endings(chaotic(memory(), 7))
    expect(await endings(chaotic(memory(), 7))).toEqual(ends)
    expect(await endings(chaotic(memory(), 8))).not.toEqual(ends)
    expect(new Set(ends).size).toBeGreaterThan(2)
  })

  it.each([0.1, 0.3, 0.6])('fails about as often as it is told: %d', async (rate) => {
    const failed = (await endings(chaotic(memory(), 3, { rate }), 400)).filter((end) => end !== 'ok')
    expect(Math.abs(failed.length / 400 - rate)).toBeLessThan(0.07)
  })

  it('gives errors that can be tried again, and that name store and member', async () => {
    const store = chaotic(memory({ name: 'team-a' }), 1, all)
    for (let call = 0; call < 20; call++) {
      const error = await fail(store.listRegions())
      expect(error).toBeInstanceOf(ImageStoreError)
      expect(isTransient(error)).toBe(true)
      expect(error).toMatchObject({ store: 'team-a', operation: 'listRegions', hint: expect.any(String) })
    }
  })

  it('carries some writes out whose answers it loses, and never says that a write was made which was not', async () => {
    const inner = memory()
    const ends = await endings(chaotic(inner, 5, { rate: 0.5 }), 100)
    const made = (await succeed(collect(inner))).length
    const told = ends.filter((end) => end === 'ok').length
    expect(told).toBeGreaterThan(20)
    expect(made).toBeGreaterThan(told)
    expect(made).toBeLessThan(100)
  })

  it('fails as always for what is malformed', async () => {
    const store = chaotic(memory(), 1, { rate: 0 })
    expect((await fail(store.get(imageRef('elsewhere:1')))).kind).toBe('invalid-argument')
  })

  it('holds calls up on the runtime, and lets go of one that is canceled', async () => {
    const slept: number[] = []
    const runtime = { ...systemRuntime, sleep: async (ms: number) => void slept.push(ms) }
    await succeed(chaotic(memory(), 1, { rate: 0, delayMs: 500, runtime }).listRegions())
    expect(slept).toHaveLength(1)
    expect(slept[0]).toBeGreaterThan(0)
    expect(slept[0]).toBeLessThan(500)
    const held = { ...systemRuntime, sleep: () => new Promise<void>(() => undefined) }
    const controller = new AbortController()
    const call = chaotic(memory(), 1, { rate: 0, delayMs: 500, runtime: held }).listRegions({
      signal: controller.signal,
    })()
    controller.abort()
    expect(await call).toMatchObject({ left: { kind: 'canceled' } })
  })

  it.each([0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('is refused with %d for a seed', (seed) => {
    expect(() => chaotic(memory(), seed)).toThrow(
      expect.objectContaining({ kind: 'invalid-argument', fields: { seed: expect.any(String) } }),
    )
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('is refused with a delay of %d ms', (delayMs) => {
    expect(() => chaotic(memory(), 1, { delayMs })).toThrow(
      expect.objectContaining({ kind: 'invalid-argument', fields: { delayMs: expect.any(String) } }),
    )
  })

  it('is refused with all that is wrong named', () => {
    const fields = { seed: expect.any(String), rate: expect.any(String), delayMs: expect.any(String) }
    expect(() => chaotic(memory(), 1.5, { rate: 2, delayMs: -1 })).toThrow(expect.objectContaining({ fields }))
  })

  it.each([-0.1, 1.1, Number.NaN])('is refused at a rate of %d', (rate) => {
    expect(() => chaotic(memory(), 1, { rate })).toThrow(ImageStoreError)
  })
})
