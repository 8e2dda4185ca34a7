import type { ImportSpec } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const spec: ImportSpec = { name: 'web', url: 'https://host.example/web.qcow2', region: 'nyc3' }
const accepted = {
  created_at: '2018-09-20T19:28:00Z',
  description: '',
  distribution: 'Ubuntu',
  error_message: '',
  id: 38413969,
  name: 'web',
  regions: [],
  type: 'custom',
  tags: [],
  status: 'NEW',
}
const created = { method: 'POST', status: 202, body: { image: accepted } } as const

describe('importFromUrl', () => {
  it('sends no more than it was given', async () => {
    const { store, sent } = digitalOceanTalk([created])
    const operation = await succeed(store.importFromUrl(spec))
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'POST',
      path: '/v2/images',
      headers: { 'content-type': 'application/json' },
    })
    expect(sent[0]?.body).toEqual({ name: 'web', url: 'https://host.example/web.qcow2', region: 'nyc3' })
    expect(operation).toEqual({
      ref: 'digitalocean:import/38413969',
      kind: 'import',
      state: 'queued',
      image: 'digitalocean:38413969',
      losses: [],
      startedAt: '2018-09-20T19:28:00Z',
    })
  })

  it('sends all that DigitalOcean keeps, in its own words', async () => {
    const { store, sent } = digitalOceanTalk([created])
    await succeed(
      store.importFromUrl({
        ...spec,
        description: 'the web server',
        os: { family: 'linux', distribution: 'rocky' },
        architecture: 'x86_64',
        bareMetal: false,
        copyOnWrite: false,
        tags: [
          { key: 'base-image' },
          { key: 'env', value: 'prod' },
          { key: 'Name', value: 'Web' },
          { key: 'base-image' },
        ],
      }),
    )
    expect(sent[0]?.body).toEqual({
      ...spec,
      description: 'the web server',
      distribution: 'Rocky Linux',
      tags: ['base-image', 'env:prod', '__4e__ame:__57__eb'],
    })
  })

  const lossy = {
    os: { distribution: 'almalinux', version: '9' },
    firmware: 'uefi',
    machineType: 'q35',
    sshKeyPolicy: 'deny',
    copyOnWrite: true,
    tags: [{ key: 'kept' }, { key: 'k', value: 'v'.repeat(255) }],
  } as const

  it('refuses what would be lost, naming every part, unless the caller accepts it', async () => {
    const refusing = digitalOceanTalk()
    const error = await fail(refusing.store.importFromUrl({ ...spec, ...lossy }))
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {}).sort()).toEqual([
      'copyOnWrite',
      'firmware',
      'machineType',
      'os',
      'sshKeyPolicy',
      'tags',
    ])

    const { store, sent } = digitalOceanTalk([
      { method: 'POST', status: 202, body: { image: { ...accepted, tags: ['kept'] } } },
    ])
    const { losses } = await succeed(store.importFromUrl({ ...spec, ...lossy, onLoss: 'accept' }))
    expect(sent[0]?.body).toEqual({ ...spec, tags: ['kept'] })
    expect(losses.map(({ field, wanted, instead }) => [field, wanted, instead])).toEqual([
      ['tags', `k=${'v'.repeat(255)}`, undefined],
      ['os', 'almalinux', 'Unknown'],
      ['os', '9', undefined],
      ['firmware', 'uefi', undefined],
      ['machineType', 'q35', undefined],
      ['sshKeyPolicy', 'deny', undefined],
      ['copyOnWrite', 'true', undefined],
    ])
  })

  it.each<[unknown, readonly string[]]>([
    [{ name: ' ', url: 'ftp://host.example/x.raw', firmware: 'uefi' }, ['name', 'url', 'firmware']],
    [{ region: 'NYC3', tags: [{ key: '' }], os: { version: '9' } }, ['region', 'tags', 'os']],
    [{ region: null }, ['region']],
    [{ region: undefined }, ['region']],
    [{ description: 5, name: null }, ['description', 'name']],
  ])('names all that is at fault at once: %j', async (more, fields) => {
    const error = await fail(
      digitalOceanTalk().store.importFromUrl({ ...spec, ...(more as Partial<ImportSpec>) } as ImportSpec),
    )
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {}).sort()).toEqual([...fields].sort())
  })

  it.each<[string, Partial<ImportSpec>]>([
    ['name', { name: ' ' }],
    ['region', { region: '76/../x' }],
    ['region', { region: '' }],
    ['url', { url: 'image.qcow2' }],
    ['url', { url: 'ftp://host.example/a.img' }],
    ['url', { url: 'file:///etc/passwd' }],
    ['architecture', { architecture: 'aarch64' }],
    ['bareMetal', { bareMetal: true }],
    ['os', { os: { family: 'windows' } }],
    ['key', { key: ' ' }],
    ['key', { key: '\ud800' }],
    ['key', { key: 'é'.repeat(34) }],
  ])('refuses what can never be, whatever losses are accepted: %s', async (field, more) => {
    const { store } = digitalOceanTalk()
    const error = await fail(store.importFromUrl({ ...spec, ...more, onLoss: 'accept' }))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'importFromUrl' })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
  })

  it('does not show a source that it refuses', async () => {
    const { store } = digitalOceanTalk()
    const error = await fail(store.importFromUrl({ ...spec, url: 'ftp://user:pw@host.example/a.img?sig=secret' }))
    expect(JSON.stringify(error)).not.toMatch(/pw|secret/)
  })
})

describe('an import that is accepted without saying which image it makes', () => {
  const list = (...images: readonly object[]) => ({ method: 'GET', body: { images } }) as const
  const recent = { ...accepted, created_at: new Date(Date.now() + 30_000).toISOString() }

  it.each([
    ['no body', undefined],
    ['an empty object', {}],
    ['null for the image', { image: null }],
    ['a page of HTML', '<!doctype html><html></html>'],
  ])('is looked up and not sent again: %s', async (_, body) => {
    const other = { ...recent, id: 1, name: 'other' }
    const snapshot = { ...recent, id: 2, type: 'snapshot' }
    const { store, lines, slept, unused } = digitalOceanTalk([
      { method: 'POST', status: 202, body },
      list(accepted, other, snapshot),
      list(accepted, other, snapshot, recent),
      created,
    ])
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ image: 'digitalocean:38413969', state: 'queued' })
    expect(lines().map((line) => line.split('?')[0])).toEqual(['POST /v2/images', 'GET /v2/images', 'GET /v2/images'])
    expect(slept).toEqual([2_000])
    expect(unused()).toBe(1)
  })

  it('is a conflict where it could be any of two', async () => {
    const { store } = digitalOceanTalk([{ method: 'POST', status: 202 }, list(recent, { ...recent, id: 5 })])
    const error = await fail(store.importFromUrl(spec))
    expect(error.kind).toBe('conflict')
    expect(error.message).toContain('digitalocean:38413969, digitalocean:5')
    expect(error.hint).toMatch(/do not repeat/i)
  })

  it('is none that another import of this store has made', async () => {
    const first = { ...recent, id: 1 }
    const { store, sent } = digitalOceanTalk([
      { method: 'POST', status: 202, body: { image: first } },
      { method: 'POST', status: 202 },
      list(first),
      list(first, { ...recent, id: 2 }),
      { method: 'POST', status: 202 },
      ...Array.from({ length: 15 }, () => list(first, { ...recent, id: 2 })),
    ])
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ ref: 'digitalocean:import/1' })
    const other = { ...spec, url: 'https://host.example/other.qcow2' }
    expect(await succeed(store.importFromUrl(other))).toMatchObject({ ref: 'digitalocean:import/2' })
    // What was found belongs to its request as well.
    expect((await fail(store.importFromUrl(spec))).kind).toBe('unexpected-response')
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(3)
  })

  it.each([
    ['another description', { description: 'another' }],
    ['no description', { description: null }],
    ['a tag too few', { tags: ['base'] }],
    ['no tags', { tags: null }],
    ['another region', { regions: ['ams3'] }],
    ['another kind', { type: 'snapshot' }],
  ])('is none that tells %s', async (_, more) => {
    const asked = { ...spec, description: 'text', tags: [{ key: 'base' }, { key: 'env', value: 'prod' }] }
    const own = { ...recent, description: 'text', tags: ['ENV:prod', 'base', 'more'], regions: ['nyc3'] }
    const { store } = digitalOceanTalk([
      { method: 'POST', status: 202 },
      list({ ...own, id: 3, ...more }),
      list({ ...own, id: 3, ...more }, { ...own, id: 4 }),
    ])
    expect(await succeed(store.importFromUrl(asked))).toMatchObject({ ref: 'digitalocean:import/4' })
  })

  it('is one that tells nothing of all that', async () => {
    const { id, name, created_at } = recent
    const { store } = digitalOceanTalk([{ method: 'POST', status: 202 }, list({ id, name, created_at })])
    const asked = { ...spec, description: 'text', tags: [{ key: 'base' }] }
    expect(await succeed(store.importFromUrl(asked))).toMatchObject({ image: 'digitalocean:38413969' })
  })

  it('is a conflict where the only one was there before, and never taken for the one', async () => {
    const older = { ...recent, created_at: new Date(Date.now() - 60_000).toISOString() }
    const { store, sent } = digitalOceanTalk([
      { method: 'POST', status: 202 },
      ...Array.from({ length: 15 }, () => list(older)),
    ])
    const error = await fail(store.importFromUrl(spec))
    expect(error).toMatchObject({ kind: 'conflict', completed: [expect.stringContaining('was accepted')] })
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('is an error that says so where none shows up within the grace', async () => {
    const { store, sent, slept } = digitalOceanTalk([
      { method: 'POST', status: 202 },
      ...Array.from({ length: 15 }, () => list()),
    ])
    const error = await fail(store.importFromUrl(spec))
    expect(error).toMatchObject({ kind: 'unexpected-response', hint: expect.stringMatching(/do not repeat/i) })
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(slept.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBe(150_000)
  })
})
