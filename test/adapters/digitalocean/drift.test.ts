import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type ImageStore, imageRef, operationRef, regionId, type StoreEvent } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { type Answer, hastyRuntime, silence, talk } from '../provider-talk.ts'
import { token } from './talk.ts'

beforeEach(silence)
afterEach(silence)

/** A store with these answers, and what it tells that it does not know. */
const watched = (
  ...answers: readonly Answer[]
): { readonly store: ImageStore; readonly drift: readonly StoreEvent[] } => {
  talk('https://api.digitalocean.com', answers)
  const drift: StoreEvent[] = []
  const observer = (event: StoreEvent): void => {
    if (event.type === 'drift') drift.push(event)
  }
  return { store: digitalOcean({ token, runtime: hastyRuntime(), observer }), drift }
}

const image = (more: object = {}) => ({ id: 1, name: 'web', status: 'available', regions: ['nyc3', 'ams3'], ...more })
const images = (...rows: readonly object[]): Answer => ({ method: 'GET', body: { images: rows, links: {} } })
const one = (more: object): Answer => ({ method: 'GET', body: { image: image(more) } })
const ref = imageRef('digitalocean:1')
const about = { type: 'drift', store: 'digitalocean' }

describe('what DigitalOcean sends and this version does not know', () => {
  it('is told once for each value and store, under the call that met it', async () => {
    const answers = [
      images(
        image({ shelf: 'b', status: 'compacting' }),
        image({ regions: ['nyc3', 'moon1'] }),
        image({ status: 'NEW' }),
      ),
      one({ shelf: 'c', status: 'compacting', regions: ['moon1', 'mars2'] }),
    ]
    const { store, drift } = watched(...answers)
    await succeed(store.listPage())
    await succeed(store.get(ref))
    const listing = { operation: 'listPage', call: expect.any(Number) }
    expect(drift).toEqual([
      { ...about, ...listing, what: 'field', of: 'image', value: 'shelf' },
      { ...about, ...listing, what: 'status', of: 'image', value: 'compacting' },
      { ...about, ...listing, what: 'region', of: 'image', value: 'moon1' },
      { ...about, operation: 'get', call: expect.any(Number), what: 'region', of: 'image', value: 'mars2' },
    ])
    const [first, , third, last] = drift.map((event) => 'call' in event && event.call)
    expect([third, last]).toEqual([first, Number(first) + 1])
    const other = watched(one({ status: 'compacting' }))
    await succeed(other.store.get(ref))
    expect(other.drift).toHaveLength(1)
  })

  it('is found in actions, in regions and in what changes answer', async () => {
    const action = { id: 7, status: 'musing', type: 'transfer', region_slug: 'moon1', mood: 'good', resource_id: 1 }
    const { store, drift } = watched(
      { method: 'GET', body: { action } },
      {
        method: 'GET',
        body: {
          regions: [
            { slug: 'moon1', sizes: [] },
            { slug: 'mars2', colour: 'red' },
          ],
          links: {},
        },
      },
      one({}),
      { method: 'PUT', body: { image: image({ name: 'new', lid: true }) } },
      one({ name: 'new' }),
    )
    await succeed(store.getOperations([operationRef('digitalocean:action/1/7')]))
    await succeed(store.listRegions())
    await succeed(store.update(ref, { name: 'new' }))
    expect(drift.map((event) => event.type === 'drift' && [event.what, event.of, event.value])).toEqual([
      ['field', 'action', 'mood'],
      ['status', 'action', 'musing'],
      ['region', 'action', 'moon1'],
      // `colour` is in the second region, and the first stands for all.
      ['region', 'region', 'mars2'],
      ['field', 'image', 'lid'],
    ])
  })

  it('is not what the documentation has, in any capitals, nor what is absent', async () => {
    const statuses = ['NEW', 'new', 'pending', 'available', 'Retired', 'deleted', '', ' ', null, undefined]
    const { store, drift } = watched(
      images(...statuses.map((status) => image({ status }))),
      images({ id: 1 }),
      images(),
    )
    for (let pages = 0; pages < 3; pages += 1) await succeed(store.listPage())
    expect(drift).toEqual([])
  })

  it.each([
    ['a text', 'It broke, sorry: see https://example.com/?sig=1'],
    ['a path', 'tenants/7/hush'],
    ['a long word', 'a'.repeat(65)],
    ['the token', token],
    ['the token in another spelling', Buffer.from(token).toString('base64').replaceAll('=', '')],
  ])('is told by its length alone where it is %s', async (_, value) => {
    const { store, drift } = watched(one({ status: value, [value]: 1, regions: [value] }))
    await succeed(store.get(ref))
    const shown = `(${value.length} characters)`
    expect(drift).toMatchObject(['field', 'status', 'region'].map((what) => ({ what, value: shown })))
    expect(JSON.stringify(drift)).not.toContain(value)
  })

  it('is forgotten about after 200 values: a provider cannot fill the memory', async () => {
    const page = (from: number) =>
      images(...Array.from({ length: 150 }, (_, index) => image({ status: `word ${from + index}` })))
    const { store, drift } = watched(page(0), page(150), page(0))
    for (let pages = 0; pages < 3; pages += 1) await succeed(store.listPage())
    expect(drift).toHaveLength(200)
  })

  it('is told to whoever begins to listen later, when it is met again', async () => {
    talk('https://api.digitalocean.com', [one({ status: 'compacting' }), one({ status: 'compacting' })])
    const store = digitalOcean({ token, runtime: hastyRuntime() })
    const told: unknown[] = []
    const listener = (event: unknown): void => {
      told.push(event)
    }
    await succeed(store.get(ref))
    subscribe('imageferry:drift', listener)
    await succeed(store.get(ref))
    unsubscribe('imageferry:drift', listener)
    expect(told).toMatchObject([{ ...about, what: 'status', value: 'compacting' }])
  })

  it('does not keep an answer from being used', async () => {
    const { store } = watched(one({ status: 'compacting', regions: ['moon1'] }))
    expect(await succeed(store.get(ref))).toMatchObject({ status: 'unknown', regions: [regionId('moon1')] })
  })

  it('is not looked for in an answer that is none', async () => {
    const { store, drift } = watched({ method: 'GET', body: { image: { id: true, shelf: 'b' } } })
    expect((await fail(store.get(ref))).kind).toBe('unexpected-response')
    expect(drift).toEqual([])
  })
})
