import type { ImportSpec } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { specDigest } from '../../../src/store/spec-digest.ts'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const key = 'run 4711/web'
const spec: ImportSpec = { name: 'web', url: 'https://host.example/s3cret.qcow2?sig=x', region: 'nyc3', key }
const trailer = `[imageferry:1:run%204711%2Fweb:${specDigest(spec)}]`
const row = (id: number, more: object = {}) => ({
  id,
  name: 'web',
  type: 'custom',
  public: false,
  status: 'available',
  created_at: '2026-01-01T00:00:00Z',
  description: trailer,
  ...more,
})
const list = (images: readonly object[], more: object = {}) => ({ method: 'GET', body: { images, ...more } }) as const
const created = { method: 'POST', status: 202, body: { image: row(9, { status: 'NEW' }) } } as const
const firstPage = 'GET /v2/images?private=true&page=1&per_page=200'

describe('importFromUrl with a key', () => {
  it('looks first, and writes the key behind the description and nowhere else', async () => {
    const others = [row(1, { description: 'web' }), row(2, { description: '[imageferry:1:other:0]' })]
    const { store, sent, lines } = digitalOceanTalk([list(others), created])
    expect(await succeed(store.importFromUrl({ ...spec, description: 'the web server' }))).toMatchObject({
      ref: 'digitalocean:import/9',
      state: 'queued',
    })
    expect(lines()).toEqual([firstPage, 'POST /v2/images'])
    expect(sent[1]?.body).toEqual({
      name: 'web',
      url: spec.url,
      region: 'nyc3',
      description: `the web server ${trailer}`,
    })
    expect(trailer).not.toContain('s3cret')
  })

  it('sends nothing more where the key has begun it, and returns the oldest', async () => {
    const rows = [
      row(5, { created_at: '2026-01-02T00:00:00Z' }),
      row(4, { status: 'pending' }),
      row(3, { status: 'deleted', error_message: 'corrupt', created_at: '2025-01-01T00:00:00Z' }),
    ]
    const { store, lines } = digitalOceanTalk([list(rows), created])
    const spec9 = { ...spec, firmware: 'uefi', onLoss: 'accept' } as const
    expect(await succeed(store.importFromUrl(spec9))).toMatchObject({
      ref: 'digitalocean:import/4',
      state: 'running',
      losses: [{ field: 'firmware' }],
    })
    expect(lines()).toEqual([firstPage])
  })

  it.each([{ name: 'other' }, { region: 'ams3' }, { url: 'https://host.example/other.qcow2' }])(
    'is a conflict with %j',
    async (more) => {
      const { store, lines } = digitalOceanTalk([list([row(4)]), created])
      const error = await fail(store.importFromUrl({ ...spec, ...more }))
      expect(error).toMatchObject({ kind: 'conflict', operation: 'importFromUrl' })
      expect(error.message).toContain('digitalocean:4')
      expect(lines()).toEqual([firstPage])
    },
  )

  it('begins nothing where the list cannot be read', async () => {
    const { store, lines } = digitalOceanTalk([{ method: 'GET', status: 403 }, created])
    expect((await fail(store.importFromUrl(spec))).kind).toBe('permission-denied')
    expect(lines()).toEqual([firstPage])
  })

  it('knows what was accepted without being named by its key', async () => {
    const now = { created_at: new Date().toISOString() }
    const { store } = digitalOceanTalk([
      list([]),
      { method: 'POST', status: 202 },
      list([row(1, { ...now, description: '' }), row(2, now)]),
    ])
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ ref: 'digitalocean:import/2' })
  })

  it('marks a description that looks like one with a key, and no other', async () => {
    const { store, sent } = digitalOceanTalk([created, created])
    const { key: _key, ...plain } = spec
    await succeed(store.importFromUrl({ ...plain, description: 'x [imageferry:1:k:0]' }))
    await succeed(store.importFromUrl({ ...plain, description: 'x' }))
    expect(sent.map(({ body }) => body)).toMatchObject([
      { description: 'x [imageferry:1:k:0] [imageferry:1::]' },
      { description: 'x' },
    ])
  })
})

describe('findOperations', () => {
  it('reads every page once, and answers oldest first', async () => {
    const { store, lines } = digitalOceanTalk([
      list([row(30, { created_at: '2026-01-03T00:00:00Z' }), row(8), row(1, { description: '' })], {
        links: { pages: { next: 'https://api.digitalocean.com/v2/images?page=2' } },
        meta: { total: 5 },
      }),
      list([row(7), row(40, { created_at: '2026-01-02T00:00:00Z', status: 'NEW' })], {
        links: { pages: { first: 'https://api.digitalocean.com/v2/images?page=1' } },
        meta: { total: 5 },
      }),
    ])
    const found = await succeed(store.findOperations(key))
    expect(found.map(({ ref, state }) => [ref, state])).toEqual([
      ['digitalocean:import/7', 'succeeded'],
      ['digitalocean:import/8', 'succeeded'],
      ['digitalocean:import/40', 'queued'],
      ['digitalocean:import/30', 'succeeded'],
    ])
    expect(lines()).toEqual([firstPage, 'GET /v2/images?private=true&page=2&per_page=200'])
  })

  it.each(['', ' ', '\ud800', 'x'.repeat(201)])('sends nothing for the key %j', async (text) => {
    const error = await fail(digitalOceanTalk().store.findOperations(text))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'findOperations' })
    expect(Object.keys(error.fields ?? {})).toEqual(['key'])
  })
})
