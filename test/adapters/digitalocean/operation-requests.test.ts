import { operationRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const importOf = (id: number) => operationRef(`digitalocean:import/${id}`)
const deletionOf = (id: number) => operationRef(`digitalocean:delete/${id}`)
const row = (id: number, status: string, more: object = {}) => ({ id, name: 'n', type: 'custom', status, ...more })
const notFound = { method: 'GET', status: 404, body: { id: 'not_found', message: 'no' } } as const

describe('getOperations of one', () => {
  it.each([
    ['NEW', {}, { state: 'queued' }],
    ['new', {}, { state: 'queued' }],
    ['pending', {}, { state: 'running' }],
    ['available', {}, { state: 'succeeded' }],
    ['brand-new-word', {}, { state: 'unknown' }],
    ['deleted', {}, { state: 'failed', failure: 'The image was deleted while it was imported' }],
    [
      'deleted',
      { error_message: 'We had a problem decompressing https://user:pw@host/a.tar.gz?sig=secret.' },
      { state: 'failed', failure: 'We had a problem decompressing https://host/a.tar.gz.' },
    ],
  ])('reads the image: %s %j', async (status, more, operation) => {
    const { store, lines } = digitalOceanTalk([{ method: 'GET', body: { image: row(7, status, more) } }])
    const [lookup] = await succeed(store.getOperations([importOf(7)]))
    expect(lookup).toMatchObject({
      ref: 'digitalocean:import/7',
      found: true,
      operation: { ref: 'digitalocean:import/7', kind: 'import', image: 'digitalocean:7', ...operation },
    })
    expect(lines()).toEqual(['GET /v2/images/7'])
  })

  it.each([
    ['is gone', notFound, { state: 'succeeded', outcome: 'deleted' }],
    [
      'reads deleted',
      { method: 'GET', body: { image: row(7, 'deleted') } },
      { state: 'succeeded', outcome: 'deleted' },
    ],
    ['is still there', { method: 'GET', body: { image: row(7, 'available') } }, { state: 'running' }],
  ] as const)('takes a deletion for what the image says: it %s', async (_, answer, operation) => {
    const { store } = digitalOceanTalk([answer])
    expect(await succeed(store.getOperations([deletionOf(7)]))).toMatchObject([{ found: true, operation }])
  })

  it('says not-found of an import whose image is none', async () => {
    const { store } = digitalOceanTalk([notFound])
    const [lookup] = await succeed(store.getOperations([importOf(7)]))
    expect(lookup).toMatchObject({ found: false, error: { kind: 'not-found', status: 404 } })
  })
})

describe('getOperations of many', () => {
  it('asks for the list once, and for those alone that have left it', async () => {
    const failed = row(3, 'deleted', { error_message: 'corrupt' })
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { images: [row(1, 'available'), row(2, 'pending')] } },
      { method: 'GET', body: { image: failed } },
    ])
    const lookups = await succeed(store.getOperations([importOf(3), importOf(1), importOf(2), importOf(1)]))
    expect(lookups.map((lookup) => lookup.found && [lookup.operation.image, lookup.operation.state])).toEqual([
      ['digitalocean:3', 'failed'],
      ['digitalocean:1', 'succeeded'],
      ['digitalocean:2', 'running'],
      ['digitalocean:1', 'succeeded'],
    ])
    expect(lines()).toEqual(['GET /v2/images?private=true&page=1&per_page=200', 'GET /v2/images/3'])
  })

  it('turns to further pages only while they are cheaper than asking one by one', async () => {
    const images = [row(1, 'available')]
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { images, meta: { total: 601 } } },
      { method: 'GET', body: { image: row(2, 'pending') } },
      { method: 'GET', body: { image: row(3, 'pending') } },
    ])
    await succeed(store.getOperations([importOf(1), importOf(2), importOf(3)]))
    expect(lines().slice(1)).toEqual(['GET /v2/images/2', 'GET /v2/images/3'])
  })

  it('lets none hide the others', async () => {
    const { store } = digitalOceanTalk([{ method: 'GET', body: { images: [row(1, 'available')] } }, notFound])
    const refs = [operationRef('other:import/1'), operationRef('digitalocean:transfer/1'), importOf(2), importOf(1)]
    const lookups = await succeed(store.getOperations(refs))
    expect(lookups.map(({ ref }) => ref)).toEqual(refs)
    expect(lookups).toMatchObject([
      { found: false, error: { kind: 'invalid-argument' } },
      { found: false, error: { kind: 'invalid-argument' } },
      { found: false, error: { kind: 'not-found' } },
      { found: true, operation: { state: 'succeeded' } },
    ])
  })

  it('sends nothing for none', async () => {
    expect(await succeed(digitalOceanTalk().store.getOperations([]))).toEqual([])
  })
})
