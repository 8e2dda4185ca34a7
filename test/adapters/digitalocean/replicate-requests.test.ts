import { imageRef, operationRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const ref = imageRef('digitalocean:7')
const image = { id: 7, name: 'web', type: 'custom', public: false, status: 'available', regions: ['nyc3', 'ams3'] }
const read = (more: object = {}) => ({ method: 'GET', body: { image: { ...image, ...more } } }) as const
const action = (id: number, more: object = {}) => ({
  id,
  status: 'in-progress',
  type: 'transfer',
  started_at: '2014-11-14T16:42:45Z',
  completed_at: null,
  resource_id: 7,
  resource_type: 'image',
  region: { slug: 'sgp1', name: 'Singapore 1', available: true, features: [] },
  region_slug: 'sgp1',
  ...more,
})
const begun = (id: number, more?: object) =>
  ({ method: 'POST', status: 201, body: { action: action(id, more) } }) as const
const refused = {
  method: 'POST',
  status: 422,
  body: { id: 'unprocessable_entity', message: 'Image is already in this region.' },
} as const
const present = (region: string) => ({
  ref: `digitalocean:present/7/${region}`,
  kind: 'replicate',
  state: 'succeeded',
  image: ref,
  losses: [],
})

describe('replicate', () => {
  it('begins one transfer for each region that the image lacks, and none for one that it has', async () => {
    const { store, sent, lines } = digitalOceanTalk([read(), begun(11), begun(12, { region_slug: 'fra1' })])
    expect(await succeed(store.replicate(ref, ['ams3', 'sgp1', 'fra1', 'sgp1']))).toMatchObject([
      present('ams3'),
      {
        ref: 'digitalocean:action/7/11',
        kind: 'replicate',
        state: 'running',
        image: ref,
        losses: [],
        startedAt: '2014-11-14T16:42:45Z',
      },
      { ref: 'digitalocean:action/7/12' },
      { ref: 'digitalocean:action/7/11' },
    ])
    expect(lines()).toEqual(['GET /v2/images/7', 'POST /v2/images/7/actions', 'POST /v2/images/7/actions'])
    expect(sent.slice(1).map(({ body }) => body)).toEqual([
      { type: 'transfer', region: 'sgp1' },
      { type: 'transfer', region: 'fra1' },
    ])
  })

  it('sends nothing but the question where the image has every region, a backup too', async () => {
    const { store, lines } = digitalOceanTalk([read({ type: 'backup' })])
    expect(await succeed(store.replicate(ref, ['nyc3', 'ams3']))).toEqual([present('nyc3'), present('ams3')])
    expect(lines()).toEqual(['GET /v2/images/7'])
  })

  it.each([
    ['invalid-argument', { type: 'backup' }, /backup/, /createFromBackup/],
    ['invalid-argument', { public: true, type: 'base' }, /public/, undefined],
    ['conflict', { status: 'pending', regions: [] }, /importing/, /wait/i],
    ['conflict', { status: 'NEW', regions: [] }, /queued/, /wait/i],
    ['conflict', { status: 'deleted', error_message: 'corrupt' }, /failed/, undefined],
    ['not-found', { status: 'deleted', error_message: ' ' }, /deleted/, undefined],
  ] as const)(
    'refuses with %s, before anything is begun, what cannot be transferred: %j',
    async (kind, more, message, hint) => {
      const { store, lines } = digitalOceanTalk([read(more), begun(11)])
      const error = await fail(store.replicate(ref, ['sgp1']))
      expect(error).toMatchObject({ kind, operation: 'replicate', message: expect.stringMatching(message) })
      if (hint !== undefined) expect(error.hint).toMatch(hint)
      expect(lines()).toEqual(['GET /v2/images/7'])
    },
  )

  it.each(['', 'NYC3', '7/../x', 'nyc3 ', null, undefined, 5])('sends nothing for the region %j', async (region) => {
    // From plain JavaScript a region may be anything.
    const error = await fail(digitalOceanTalk().store.replicate(ref, ['sgp1', region as string]))
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {})).toEqual(['regions'])
  })

  it.each(['digitalocean:debian-13-x64', 'digitalocean:action/7/1', 'other:7'])(
    'sends nothing for %s',
    async (text) => {
      expect((await fail(digitalOceanTalk().store.replicate(imageRef(text), ['sgp1']))).kind).toBe('invalid-argument')
    },
  )

  it('tells what was begun before a region failed', async () => {
    const { store } = digitalOceanTalk([read(), begun(11), { method: 'POST', status: 503 }])
    const error = await fail(store.replicate(ref, ['sgp1', 'fra1', 'lon1']))
    expect(error).toMatchObject({ kind: 'unavailable', completed: ['digitalocean:action/7/11'] })
  })

  it('comes to the transfer that is under way where a second one is refused', async () => {
    const others = [
      action(20),
      action(19, { region_slug: 'fra1', status: 'errored' }),
      action(18, { region_slug: 'fra1', type: 'convert' }),
      action(17, { region_slug: 'fra1' }),
    ]
    const { store, lines } = digitalOceanTalk([read(), refused, { method: 'GET', body: { actions: others } }])
    expect(await succeed(store.replicate(ref, ['fra1']))).toMatchObject([{ ref: 'digitalocean:action/7/17' }])
    expect(lines().at(-1)).toBe('GET /v2/images/7/actions?page=1&per_page=200')
  })

  const moment = Date.UTC(2026, 0, 1, 12, 0, 0, 700)

  it.each([
    ['done before', 'completed', '2026-01-01T11:59:59Z'],
    ['done long ago', 'completed', '2014-11-14T16:42:45Z'],
    ['done at no known time', 'completed', null],
    ['given up', 'errored', '2026-01-01T12:00:00Z'],
    ['of an unknown state', 'brand-new-word', '2026-01-01T12:00:00Z'],
  ])('fails as it was refused where the only transfer to the region was %s', async (_, status, started_at) => {
    const closed = { method: 'POST', status: 422, body: { message: 'region is closed' } } as const
    const actions = { method: 'GET', body: { actions: [action(3, { status, started_at })] } } as const
    const { store } = digitalOceanTalk([read(), closed, actions], moment)
    expect(await fail(store.replicate(ref, ['sgp1']))).toMatchObject({ status: 422, message: 'region is closed' })
  })

  it.each([
    ['done since', 'completed', '2026-01-01T12:00:00Z', 'succeeded'],
    ['still under way', 'in-progress', '2025-12-31T00:00:00Z', 'running'],
  ])('comes to the transfer that is %s where a second one is refused', async (_, status, started_at, state) => {
    const actions = { method: 'GET', body: { actions: [action(3, { status, started_at })] } } as const
    const { store } = digitalOceanTalk([read(), refused, actions], moment)
    expect(await succeed(store.replicate(ref, ['sgp1']))).toMatchObject([{ ref: 'digitalocean:action/7/3', state }])
  })

  it.each([
    ['there is none', { method: 'GET', body: { actions: [] } }],
    ['they cannot be read', { method: 'GET', status: 403 }],
  ] as const)('keeps the refusal where %s', async (_, answer) => {
    const { store } = digitalOceanTalk([read(), refused, answer])
    const error = await fail(store.replicate(ref, ['fra1']))
    expect(error).toMatchObject({ kind: 'invalid-argument', status: 422, message: 'Image is already in this region.' })
  })

  it.each([undefined, {}, { action: { id: 1, type: 'other' } }])(
    'finds the transfer that was accepted with the answer %j, and sends it once',
    async (body) => {
      const { store, lines, slept } = digitalOceanTalk([
        read(),
        { method: 'POST', status: 201, body },
        { method: 'GET', body: { actions: [] } },
        { method: 'GET', body: { actions: [action(11)] } },
        begun(12),
      ])
      expect(await succeed(store.replicate(ref, ['sgp1']))).toMatchObject([{ ref: 'digitalocean:action/7/11' }])
      expect(lines().filter((line) => line.startsWith('POST'))).toHaveLength(1)
      expect(slept).toEqual([2_000])
    },
  )

  it('names the scope that is missing', async () => {
    const { store } = digitalOceanTalk([read(), { method: 'POST', status: 403 }])
    expect((await fail(store.replicate(ref, ['fra1']))).hint).toContain('image:update')
  })
})

describe('createFromBackup', () => {
  it('converts a backup', async () => {
    const { store, sent, lines } = digitalOceanTalk([read({ type: 'backup' }), begun(11, { type: 'convert' })])
    expect(await succeed(store.createFromBackup(ref))).toEqual({
      ref: 'digitalocean:action/7/11',
      kind: 'convert',
      state: 'running',
      image: ref,
      losses: [],
      startedAt: '2014-11-14T16:42:45Z',
    })
    expect(lines()).toEqual(['GET /v2/images/7', 'POST /v2/images/7/actions'])
    expect(sent[1]?.body).toEqual({ type: 'convert' })
  })

  it.each([
    ['invalid-argument', { type: 'snapshot' }],
    ['invalid-argument', { type: 'custom', status: 'pending' }],
    ['invalid-argument', { type: 'base', public: true }],
    ['conflict', { type: 'backup', status: 'pending' }],
    ['not-found', { type: 'backup', status: 'deleted' }],
  ])('refuses with %s, before anything is sent, %j', async (kind, more) => {
    const { store, lines } = digitalOceanTalk([read(more), begun(11)])
    expect(await fail(store.createFromBackup(ref))).toMatchObject({ kind, operation: 'createFromBackup' })
    expect(lines()).toEqual(['GET /v2/images/7'])
  })
})

describe('can', () => {
  it.each([
    ['custom', 'available', true, false],
    ['custom', 'pending', false, false],
    ['backup', 'available', false, true],
    ['backup', 'pending', false, false],
  ])('tells of a %s that is %s: replicate %s, createFromBackup %s', async (type, status, replicate, convert) => {
    const { store } = digitalOceanTalk([read({ type, status })])
    const found = await succeed(store.get(ref))
    expect([store.can('replicate', found), store.can('createFromBackup', found)]).toEqual([replicate, convert])
  })
})

describe('getOperations of actions', () => {
  const actionOf = (id: number, of = 7) => operationRef(`digitalocean:action/${of}/${id}`)
  const one = (id: number, more?: object) => ({ method: 'GET', body: { action: action(id, more) } }) as const
  const notFound = { method: 'GET', status: 404 } as const

  it.each([
    ['in-progress', {}, { kind: 'replicate', state: 'running' }],
    ['completed', {}, { kind: 'replicate', state: 'succeeded' }],
    ['Completed', {}, { kind: 'replicate', state: 'succeeded' }],
    ['brand-new-word', {}, { state: 'unknown' }],
    [
      'errored',
      {},
      {
        state: 'failed',
        failure: 'DigitalOcean gave the transfer to sgp1 up without a reason',
        hint: expect.stringContaining('replicate it to that region again'),
      },
    ],
    [
      'errored',
      { type: 'convert' },
      { kind: 'convert', state: 'failed', failure: expect.stringContaining('conversion'), hint: expect.any(String) },
    ],
  ])('reads one below its image: %s %j', async (status, more, operation) => {
    const { store, lines } = digitalOceanTalk([one(11, { status, ...more })])
    expect(await succeed(store.getOperations([actionOf(11)]))).toMatchObject([{ found: true, operation }])
    expect(lines()).toEqual(['GET /v2/images/7/actions/11'])
  })

  it('finds one in the list of all where the image has gone', async () => {
    const { store, lines } = digitalOceanTalk([notFound, one(11, { status: 'errored' })])
    expect(await succeed(store.getOperations([actionOf(11)]))).toMatchObject([{ operation: { state: 'failed' } }])
    expect(lines()).toEqual(['GET /v2/images/7/actions/11', 'GET /v2/actions/11'])
  })

  it('does not take another action for the one that was asked for', async () => {
    const { store } = digitalOceanTalk([one(12)])
    expect(await succeed(store.getOperations([actionOf(11)]))).toMatchObject([
      { found: false, error: { kind: 'unexpected-response', message: expect.stringContaining('12') } },
    ])
  })

  it.each([
    ['none', [notFound, notFound]],
    ['one of another image', [one(11, { resource_id: 8 })]],
    ['one of another type', [one(11, { type: 'image_destroy' })]],
  ])('says not-found where there is %s', async (_, answers) => {
    const { store } = digitalOceanTalk(answers)
    expect(await succeed(store.getOperations([actionOf(11)]))).toMatchObject([
      { found: false, error: { kind: 'not-found' } },
    ])
  })

  it('shares a request between the actions of an image', async () => {
    const rows = [action(13, { region_slug: 'lon1' }), action(12), action(11, { status: 'completed' })]
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { actions: rows } },
      one(14, { status: 'completed' }),
    ])
    const refs = [actionOf(11), actionOf(14), actionOf(12), actionOf(11)]
    const lookups = await succeed(store.getOperations(refs))
    expect(lookups.map(({ ref }) => ref)).toEqual(refs)
    expect(lookups.map((lookup) => lookup.found && lookup.operation.state)).toEqual([
      'succeeded',
      'succeeded',
      'running',
      'succeeded',
    ])
    expect(lines()).toEqual(['GET /v2/images/7/actions?page=1&per_page=200', 'GET /v2/images/7/actions/14'])
  })

  it('lets a list that cannot be read hide nothing else', async () => {
    const { store } = digitalOceanTalk([{ method: 'GET', status: 403 }, read()])
    const refs = [actionOf(11), operationRef('digitalocean:import/7'), actionOf(12)]
    expect(await succeed(store.getOperations(refs))).toMatchObject([
      { found: false, error: { kind: 'permission-denied' } },
      { found: true, operation: { kind: 'import', state: 'succeeded' } },
      { found: false, error: { kind: 'permission-denied' } },
    ])
  })

  it('asks the image whether it has a region', async () => {
    const { store, lines } = digitalOceanTalk([read(), read()])
    const [had] = await succeed(store.getOperations([operationRef('digitalocean:present/7/nyc3')]))
    expect(had).toMatchObject({ found: true, operation: present('nyc3') })
    const [lacked] = await succeed(store.getOperations([operationRef('digitalocean:present/7/fra1')]))
    expect(lacked).toMatchObject({ found: false, error: { kind: 'not-found' } })
    expect(lines()).toEqual(['GET /v2/images/7', 'GET /v2/images/7'])
  })

  it.each(['action/7', 'action/7/x', 'action/0/1', 'action/7/1/2', 'present/7', 'present/7/NYC', 'import/7/1'])(
    'sends nothing for %s',
    async (id) => {
      const [lookup] = await succeed(digitalOceanTalk().store.getOperations([operationRef(`digitalocean:${id}`)]))
      expect(lookup).toMatchObject({ found: false, error: { kind: 'invalid-argument' } })
    },
  )
})
