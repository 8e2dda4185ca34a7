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
const trailerOf = (asked: ImportSpec) => `[imageferry:1:run%204711%2Fweb:${specDigest(asked)}]`
const trailer = trailerOf(spec)
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
    const asked = { ...spec, description: 'the web server' }
    const written = `the web server ${trailerOf(asked)}`
    const answer = { method: 'POST', status: 202, body: { image: row(9, { description: written }) } } as const
    const { store, sent, lines } = digitalOceanTalk([list(others), answer])
    expect(await succeed(store.importFromUrl(asked))).toMatchObject({ ref: 'digitalocean:import/9', losses: [] })
    expect(lines()).toEqual([firstPage, 'POST /v2/images'])
    expect(sent[1]?.body).toEqual({
      name: 'web',
      url: spec.url,
      region: 'nyc3',
      description: written,
    })
    expect(trailer).not.toContain('s3cret')
  })

  it('sends nothing more where the key has begun it, and returns the oldest', async () => {
    const asked = { ...spec, firmware: 'uefi', onLoss: 'accept' } as const
    const description = trailerOf(asked)
    const rows = [
      row(5, { description, created_at: '2026-01-02T00:00:00Z' }),
      // It has been given another name and other tags since, which is no loss.
      row(4, { description, status: 'pending', name: 'renamed', tags: [] }),
      row(3, { description, status: 'deleted', error_message: 'corrupt', created_at: '2025-01-01T00:00:00Z' }),
    ]
    const { store, lines } = digitalOceanTalk([list(rows), created])
    expect(await succeed(store.importFromUrl(asked))).toMatchObject({
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

  it.each<[string, object, readonly string[]]>([
    ['cut the description', { description: `the web server ${trailer}`.slice(0, 20) }, ['description', 'key']],
    ['left the key alone out', { description: 'the web server' }, ['key']],
    ['left the description out', { description: '' }, ['description', 'key']],
    ['gave it another name', { name: 'web-1' }, ['name']],
    ['put no tags on', { tags: [] }, ['tags', 'tags']],
    ['put one tag on, in its own capitals', { tags: ['ENV:prod'] }, ['tags']],
    ['has null for them', { name: null, description: null, tags: null }, ['description', 'key', 'tags', 'tags']],
    ['says nothing of them', { name: undefined, description: undefined, tags: undefined }, []],
  ])('tells what is lost where the answer %s', async (_, more, fields) => {
    const asked = { ...spec, description: 'the web server', tags: [{ key: 'env', value: 'prod' }, { key: 'base' }] }
    const whole = { description: `the web server ${trailerOf(asked)}`, tags: ['env:prod', 'base'] }
    const { store } = digitalOceanTalk([
      list([]),
      { method: 'POST', status: 202, body: { image: row(9, { ...whole, ...more }) } },
    ])
    const { losses } = await succeed(store.importFromUrl(asked))
    expect(losses.map(({ field }) => field)).toEqual(fields)
    const ofKey = losses.find(({ field }) => field === 'key')
    if (ofKey !== undefined) expect(ofKey).toMatchObject({ wanted: key, reason: expect.stringContaining('repeated') })
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

describe('findOperations of a capture', () => {
  const name = 'web [imageferry:1:k:0123456789abcdef:5]'
  const capture = list([{ id: 99, name, type: 'snapshot', public: false, created_at: '2026-01-01T00:00:00Z' }])

  it('fails where the Droplet’s actions cannot be read at the moment, and makes no other operation of it', async () => {
    const down = Array.from({ length: 5 }, () => ({ method: 'GET', status: 503 }) as const)
    const { store } = digitalOceanTalk([capture, ...down])
    expect((await fail(store.findOperations('k'))).kind).toBe('unavailable')
  })

  it('names the action in whose time it was made, whatever comes before that in the list', async () => {
    const made = (id: number, hour: string, more: object = {}) => ({
      id,
      type: 'snapshot',
      status: 'completed',
      resource_id: 5,
      resource_type: 'droplet',
      started_at: `2026-01-01T${hour}:00:00Z`,
      completed_at: `2026-01-01T${hour}:10:00Z`,
      ...more,
    })
    const actions = [
      made(4, '02'),
      made(3, '00', { resource_type: 'image' }),
      made(2, '00', { type: 'reboot' }),
      made(1, '00'),
    ]
    const { store } = digitalOceanTalk([capture, { method: 'GET', body: { actions } }])
    expect(await succeed(store.findOperations('k'))).toMatchObject([
      { ref: 'digitalocean:capture/5/1/0123456789abcdef', startedAt: '2026-01-01T00:00:00Z' },
    ])
  })

  it.each([403, 404])('knows it by its image where the Droplet is out of reach: %i', async (status) => {
    const { store } = digitalOceanTalk([capture, { method: 'GET', status }])
    expect(await succeed(store.findOperations('k'))).toMatchObject([{ ref: 'digitalocean:captured/99' }])
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
