import * as TE from 'fp-ts/lib/TaskEither.js'
import { findByName, ImageStoreError, regionId } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { fakeStore } from './fake-store.ts'
import { someImage } from './some-image.ts'

const here = [regionId('here')]
const there = [regionId('there')]

const store = memory({
  pageSize: 2,
  images: [
    someImage('1', { name: 'web', regions: here, createdAt: '2026-02-03T04:05:06Z' }),
    someImage('2', { name: 'Web' }),
    someImage('3', { name: 'web-2' }),
    someImage('4', { name: 'db' }),
    someImage('5', { name: 'web', regions: there, status: 'deactivated', createdAt: undefined }),
    someImage('6', { name: 'ubuntu', visibility: 'public' }),
  ],
})

describe('findByName', () => {
  it('gives the one image of exactly that name', async () => {
    expect(await succeed(findByName(store, 'db'))).toMatchObject({ ref: 'memory:4' })
    expect(await succeed(findByName(store, 'Web'))).toMatchObject({ ref: 'memory:2' })
  })

  it('fails with `not-found` where there is none, with a hint', async () => {
    for (const name of ['we', 'DB', '', 'ubuntu']) {
      const error = await fail(findByName(store, name))
      expect(error).toMatchObject({ kind: 'not-found', store: 'memory', operation: 'listPage' })
      expect(error.message).toContain(`"${name}"`)
      expect(error.hint).toBeTruthy()
    }
  })

  it('fails with `conflict` where there are several, on whatever pages, and lists them', async () => {
    const error = await fail(findByName(store, 'web'))
    expect(error).toMatchObject({ kind: 'conflict', store: 'memory' })
    expect(error.message).toBe(
      '2 images of memory are called "web": memory:1 (available, created 2026-02-03T04:05:06Z), ' +
        'memory:5 (deactivated, of unknown age)',
    )
    expect(error.hint).toContain('region')
  })

  it('is narrowed by region and by every part of a query', async () => {
    expect(await succeed(findByName(store, 'web', { region: 'there' }))).toMatchObject({ ref: 'memory:5' })
    expect(await succeed(findByName(store, 'web', { statuses: ['available'] }))).toMatchObject({ ref: 'memory:1' })
    expect(await succeed(findByName(store, 'ubuntu', { scope: 'public' }))).toMatchObject({ ref: 'memory:6' })
    expect(await fail(findByName(store, 'web', { region: 'nowhere' }))).toMatchObject({ kind: 'not-found' })
  })

  it('keeps its message short where a name is common', async () => {
    const images = Array.from({ length: 30 }, (_, index) => someImage(String(index + 1), { name: 'nightly' }))
    const { message } = await fail(findByName(memory({ images }), 'nightly'))
    expect(message).toContain('30 images')
    expect(message).toContain('memory:20 (')
    expect(message).not.toContain('memory:21 (')
    expect(message).toMatch(/and 10 more$/)
  })

  it('chooses nothing where a part of the listing cannot be read', async () => {
    const down = new ImageStoreError('unavailable', 'down')
    expect(await fail(findByName(fakeStore({ listPage: () => TE.left(down) }), 'web'))).toBe(down)
    const canceled = findByName(store, 'db', {}, { signal: AbortSignal.abort() })
    expect(await fail(canceled)).toMatchObject({ kind: 'canceled' })
  })

  it('finds nothing by a name that was not set', async () => {
    const one = memory({ images: [someImage('1')] })
    expect(await fail(findByName(one, undefined as unknown as string))).toMatchObject({
      kind: 'invalid-argument',
      fields: { name: expect.any(String) },
    })
  })
})
