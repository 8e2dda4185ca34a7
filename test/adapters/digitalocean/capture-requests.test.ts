import { operationRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { captureDigest } from '../../../src/store/spec-digest.ts'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const spec = { name: 'nightly', source: '7' } as const
const droplet = (more: object = {}) =>
  ({ method: 'GET', body: { droplet: { id: 7, locked: false, region: { slug: 'nyc3' }, ...more } } }) as const
const action = (id: number, more: object = {}) => ({
  id,
  type: 'snapshot',
  status: 'in-progress',
  resource_id: 7,
  resource_type: 'droplet',
  started_at: '2026-01-01T00:00:00Z',
  completed_at: null,
  ...more,
})
const begun = { method: 'POST', status: 201, body: { action: action(11) } } as const
const actions = (...rows: readonly object[]) => ({ method: 'GET', body: { actions: rows } }) as const
const snapshots = (...rows: readonly object[]) => ({ method: 'GET', body: { snapshots: rows } }) as const
const refused = (message: string, status = 422) =>
  ({ method: 'POST', status, body: { id: 'unprocessable_entity', message } }) as const
const notFound = { method: 'GET', status: 404, body: { id: 'not_found', message: 'no' } } as const
const moment = Date.UTC(2026, 0, 2, 12, 0, 0, 700)
const at = (seconds: number) => `${new Date(moment + seconds * 1000).toISOString().slice(0, 19)}Z`
const digest = captureDigest(spec)
const keyed = `nightly [imageferry:1:k:${digest}:7]`

describe('createFromServer', () => {
  it('looks at the server, and begins one snapshot with the name alone', async () => {
    const { store, sent, lines } = digitalOceanTalk([droplet(), begun])
    expect(await succeed(store.createFromServer(spec))).toEqual({
      ref: 'digitalocean:capture/7/11',
      kind: 'capture',
      state: 'running',
      losses: [],
      startedAt: '2026-01-01T00:00:00Z',
    })
    expect(lines()).toEqual(['GET /v2/droplets/7', 'POST /v2/droplets/7/actions'])
    expect(sent[1]?.body).toEqual({ type: 'snapshot', name: 'nightly' })
  })

  it('leaves out what is not kept where that is accepted, and says so', async () => {
    const { store, sent } = digitalOceanTalk([droplet(), begun])
    const more = { tags: [{ key: 'a' }], firmware: 'uefi', bareMetal: false, onLoss: 'accept' } as const
    const { losses } = await succeed(store.createFromServer({ ...spec, ...more }))
    expect(losses.map(({ field }) => field)).toEqual(['tags', 'firmware'])
    expect(sent[1]?.body).toEqual({ type: 'snapshot', name: 'nightly' })
  })

  it('says not-found of a server that is none', async () => {
    const { store } = digitalOceanTalk([notFound])
    const error = await fail(store.createFromServer(spec))
    expect(error).toMatchObject({ kind: 'not-found', status: 404, hint: expect.stringContaining('Droplet') })
  })

  it.each([
    ['in the words that are known', 'Droplet already has a pending event.', {}],
    ['in other words, while it is locked', 'Another event is running', { locked: true }],
  ])('waits and sends it again where the server is busy, %s', async (_, message, more) => {
    const free = droplet()
    const { store, lines, slept } = digitalOceanTalk([
      droplet(),
      refused(message),
      ...('locked' in more ? [droplet(more)] : []),
      droplet({ locked: true }),
      free,
      begun,
    ])
    expect((await succeed(store.createFromServer(spec))).ref).toBe('digitalocean:capture/7/11')
    expect(lines().filter((line) => line.startsWith('POST'))).toHaveLength(2)
    expect(slept).toEqual([10_000, 10_000, 3_000])
  })

  it('keeps a refusal that has another reason', async () => {
    const { store, lines } = digitalOceanTalk([droplet(), refused('name is too long'), droplet(), begun])
    expect(await fail(store.createFromServer(spec))).toMatchObject({
      kind: 'invalid-argument',
      status: 422,
      message: 'name is too long',
    })
    expect(lines().filter((line) => line.startsWith('POST'))).toHaveLength(1)
  })

  it.each([undefined, {}, { action: { id: 1, type: 'reboot' } }, 'accepted'])(
    'finds the action that was accepted with the answer %j, and sends it once',
    async (body) => {
      const old = action(9, { status: 'completed', completed_at: '2026-01-01T00:01:00Z' })
      const { store, lines } = digitalOceanTalk(
        [
          droplet(),
          { method: 'POST', status: 201, body },
          actions(old),
          actions(action(12, { started_at: at(0) }), old),
        ],
        moment,
      )
      expect((await succeed(store.createFromServer(spec))).ref).toBe('digitalocean:capture/7/12')
      expect(lines().filter((line) => line.startsWith('POST'))).toHaveLength(1)
    },
  )

  it('says what was accepted where it cannot be found', async () => {
    const { store } = digitalOceanTalk([
      droplet(),
      { method: 'POST', status: 201 },
      ...Array.from({ length: 15 }, () => actions()),
    ])
    expect(await fail(store.createFromServer(spec))).toMatchObject({
      kind: 'unexpected-response',
      completed: ['The snapshot of the Droplet 7 was accepted'],
    })
  })

  it('begins nothing where the key cannot be looked for', async () => {
    const { store, lines } = digitalOceanTalk([droplet(), { method: 'GET', status: 403 }, begun])
    expect((await fail(store.createFromServer({ ...spec, key: 'k' }))).kind).toBe('permission-denied')
    expect(lines()).toEqual(['GET /v2/droplets/7', 'GET /v2/images?private=true&page=1&per_page=200'])
  })

  it('sends nothing while what holds the server may be what the key has begun', async () => {
    const images = { method: 'GET', body: { images: [] } } as const
    const { store, lines } = digitalOceanTalk([
      droplet({ locked: true }),
      images,
      droplet(),
      images,
      actions(action(9, { status: 'completed', completed_at: '2026-01-01T00:01:00Z' })),
      begun,
    ])
    expect((await succeed(store.createFromServer({ ...spec, key: 'k' }))).ref).toBe(
      `digitalocean:capture/7/11/${digest}`,
    )
    expect(lines()).toEqual([
      'GET /v2/droplets/7',
      'GET /v2/images?private=true&page=1&per_page=200',
      'GET /v2/droplets/7',
      'GET /v2/images?private=true&page=1&per_page=200',
      'GET /v2/droplets/7/actions?page=1&per_page=200',
      'POST /v2/droplets/7/actions',
    ])
  })

  const images = { method: 'GET', body: { images: [] } } as const
  const justDone = action(10, { status: 'completed', started_at: at(-60), completed_at: at(-5) })

  it('finds what its key has made in the Droplet’s list of snapshots, where that is ahead of the images', async () => {
    const { store, lines } = digitalOceanTalk(
      [
        droplet(),
        images,
        actions(justDone),
        snapshots({ id: 99, name: keyed, created_at: at(-60) }),
        actions(justDone),
        begun,
      ],
      moment,
    )
    expect(await succeed(store.createFromServer({ ...spec, key: 'k' }))).toMatchObject({
      ref: `digitalocean:capture/7/10/${digest}`,
      image: 'digitalocean:99',
    })
    expect(lines().filter((line) => line.startsWith('POST'))).toEqual([])
  })

  it('is a conflict where the Droplet’s list of snapshots shows another capture under the key', async () => {
    const { store, lines } = digitalOceanTalk(
      [droplet(), images, actions(justDone), snapshots({ id: 99, name: keyed, created_at: at(-60) }), begun],
      moment,
    )
    expect((await fail(store.createFromServer({ ...spec, name: 'other', key: 'k' }))).kind).toBe('conflict')
    expect(lines().filter((line) => line.startsWith('POST'))).toEqual([])
  })

  it('begins it beside one that was just made for another', async () => {
    const row = { id: 99, name: 'other', created_at: at(-60) }
    const { store } = digitalOceanTalk([droplet(), images, actions(justDone), snapshots(row), begun], moment)
    expect((await succeed(store.createFromServer({ ...spec, key: 'k' }))).ref).toContain('capture/7/11')
  })

  it.each([
    ['oldest first, on the last page', (old: readonly object[]) => [old, [justDone]], 2],
    ['in no order that shows', (old: readonly object[]) => [old.map(() => old[0] ?? {}), [justDone]], 2],
    [
      'newest first, on the first page',
      (old: readonly object[]) => [[justDone, ...old.slice(1).reverse()], old.slice(0, 1)],
      1,
    ],
  ])('looks for one that was just made where the actions come %s', async (_, order, pages) => {
    const old = Array.from({ length: 200 }, (_, index) => {
      const moment = new Date(Date.UTC(2020, 0, 1 + index)).toISOString()
      return action(1000 + index, { type: 'backup', started_at: moment, completed_at: moment })
    })
    const lists = order(old).map(
      (rows, index) =>
        ({
          method: 'GET',
          body: { actions: rows, meta: { total: 201 }, links: index === 0 ? { pages: { next: 'x' } } : {} },
        }) as const,
    )
    const { store, lines } = digitalOceanTalk(
      [droplet(), images, ...lists.slice(0, pages), snapshots({ id: 99, name: keyed, created_at: at(-60) }), ...lists],
      moment,
    )
    expect((await succeed(store.createFromServer({ ...spec, key: 'k' }))).image).toBe('digitalocean:99')
    expect(lines().filter((line) => line.startsWith('POST'))).toEqual([])
  })

  it('sends nothing for fields that it does not know', async () => {
    const { store } = digitalOceanTalk()
    const typo = { ...spec, osFamilly: 'linux' }
    expect(Object.keys((await fail(store.createFromServer(typo))).fields ?? {})).toEqual(['osFamilly'])
  })
})

describe('getOperations of a capture', () => {
  const ref = operationRef('digitalocean:capture/7/11')
  const done = action(11, { status: 'completed', completed_at: '2026-01-01T00:02:00Z' })
  const one = (body: object) => ({ method: 'GET', body: { action: body } }) as const
  const row = (id: number | string, created_at: string, more: object = {}) => ({
    id,
    name: `n${id}`,
    created_at,
    ...more,
  })

  it.each([
    ['in-progress', { state: 'running' }],
    ['In-Progress', { state: 'running' }],
    ['brand-new-word', { state: 'unknown' }],
    ['errored', { state: 'failed', failure: expect.any(String), hint: expect.any(String) }],
  ])('asks for the action alone while it is %s', async (status, operation) => {
    const { store, lines } = digitalOceanTalk([one(action(11, { status }))])
    expect(await succeed(store.getOperations([ref]))).toMatchObject([{ found: true, operation }])
    expect(lines()).toEqual(['GET /v2/droplets/7/actions/11'])
  })

  it.each([
    ['made when the action began', [row(1, '2026-01-01T00:00:00Z')], 1],
    ['made in between', [row(1, '2025-12-31T23:59:59Z'), row(2, '2026-01-01T00:01:00Z')], 2],
    ['made when it ended', [row('3', '2026-01-01T00:02:00Z'), row(4, '2026-01-01T00:02:01Z')], 3],
    ['made a second before it began', [row(1, '2025-12-31T23:59:59Z'), row(2, '2025-12-31T23:59:57Z')], 1],
    ['made two seconds after it ended', [row(1, '2026-01-01T00:02:02Z'), row(2, '2026-01-01T00:02:03Z')], 1],
    [
      'made without a key, beside one with a key',
      [row(1, '2026-01-01T00:00:00Z', { name: keyed }), row(2, '2026-01-01T00:01:00Z')],
      2,
    ],
    ['made at the beginning, beside the next', [row(2, '2026-01-01T00:02:00Z'), row(1, '2026-01-01T00:00:00Z')], 1],
    ['no backup', [row(1, '2026-01-01T00:00:00Z', { type: 'backup' }), row(2, '2026-01-01T00:01:00Z')], 2],
  ])('names the image that was %s', async (_, rows, id) => {
    const { store, lines } = digitalOceanTalk([one(done), snapshots(...rows)])
    expect(await succeed(store.getOperations([ref]))).toMatchObject([
      { operation: { state: 'succeeded', image: `digitalocean:${id}` } },
    ])
    expect(lines()).toEqual(['GET /v2/droplets/7/actions/11', 'GET /v2/droplets/7/snapshots?page=1&per_page=200'])
  })

  const keyedRef = operationRef(`digitalocean:capture/7/11/${digest}`)
  it.each([
    ['in the second in which it began', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1],
    ['beside one that goes better by its time', '2026-01-01T00:01:00Z', '2026-01-01T00:00:00Z', 1],
    ['but not where the key is on one of another time', '2026-01-03T00:00:00Z', '2026-01-01T00:00:00Z', undefined],
  ])('names the image that bears its key, %s', async (_, made, other, id) => {
    const rows = [
      row(2, other),
      row(1, made, { name: keyed }),
      row(3, other, { name: 'x [imageferry:1:o:0123456789abcdef:7]' }),
    ]
    const { store } = digitalOceanTalk([one(done), snapshots(...rows)])
    expect(await succeed(store.getOperations([keyedRef]))).toMatchObject([
      id === undefined
        ? { found: false, error: { kind: 'not-found' } }
        : { operation: { ref: keyedRef, state: 'succeeded', image: `digitalocean:${id}` } },
    ])
  })

  it.each([
    ['no key', 'n1'],
    ['a key that was cut', keyed.slice(0, 30)],
    ['another key’s digest', 'nightly [imageferry:1:k:0123456789abcdef:7]'],
  ])('takes no neighbour for a key’s, by its time alone: one with %s', async (_, name) => {
    const ended = { ...done, started_at: at(-60), completed_at: at(-30) }
    const { store } = digitalOceanTalk([one(ended), snapshots(row(1, at(-60), { name }))], moment)
    const [lookup] = await succeed(store.getOperations([keyedRef]))
    expect(lookup).toMatchObject({ operation: { state: 'settling' } })
    expect(lookup?.found === true && lookup.operation.image).toBeUndefined()
  })

  it('does not take another action for the one that was asked for', async () => {
    const { store } = digitalOceanTalk([one(action(12))])
    expect(await succeed(store.getOperations([ref]))).toMatchObject([
      { found: false, error: { kind: 'unexpected-response' } },
    ])
  })

  it.each([
    ['within the time of the action', '2026-01-01T00:01:00Z', '2026-01-01T00:01:30Z'],
    ['just beside it', '2025-12-31T23:59:59Z', '2026-01-01T00:02:01Z'],
  ])('never guesses among several %s, and names them', async (_, first, second) => {
    const rows = [row(1, first), row(2, second)]
    const { store } = digitalOceanTalk([one(done), snapshots(...rows)])
    const [lookup] = await succeed(store.getOperations([ref]))
    expect(lookup).toMatchObject({ found: false, error: { kind: 'conflict', operation: 'getOperations' } })
    expect(lookup?.found === false && lookup.error.message).toMatch(/digitalocean:1 \("n1"\), digitalocean:2 \("n2"\)/)
  })

  it.each([
    ['that is not listed yet', { completed_at: at(-60) }],
    ['that does not say when it ended', { completed_at: null }],
    ['that does not say when it began', { started_at: null, completed_at: at(-60) }],
    ['that says neither', { started_at: null, completed_at: null }],
  ])('settles with one %s', async (_, more) => {
    const { store } = digitalOceanTalk([one({ ...done, ...more }), snapshots()], moment)
    expect(await succeed(store.getOperations([ref]))).toMatchObject([{ operation: { state: 'settling' } }])
  })

  it.each([
    ['that ended a quarter of an hour ago', { completed_at: at(-901) }],
    ['that does not say when it ended, days after it began', { started_at: at(-3 * 86_400 - 1), completed_at: null }],
  ])('does not settle for ever with one %s', async (_, more) => {
    const { store } = digitalOceanTalk([one({ ...done, ...more }), snapshots()], moment)
    expect(await succeed(store.getOperations([ref]))).toMatchObject([{ found: false, error: { kind: 'not-found' } }])
  })

  it('finds what a server that has gone has left behind', async () => {
    const made = { created_at: '2026-01-01T00:00:00Z', resource_type: 'droplet' }
    const { store, lines } = digitalOceanTalk([
      notFound,
      one(done),
      notFound,
      snapshots(
        { id: '1', resource_id: '8', ...made },
        { id: 'fbe805e8-866b-11e6-96bf-000f53315a41', resource_id: '7', ...made, resource_type: 'volume' },
        { id: '2', resource_id: '7', ...made },
      ),
    ])
    expect(await succeed(store.getOperations([ref]))).toMatchObject([{ operation: { image: 'digitalocean:2' } }])
    expect(lines()).toEqual([
      'GET /v2/droplets/7/actions/11',
      'GET /v2/actions/11',
      'GET /v2/droplets/7/snapshots?page=1&per_page=200',
      'GET /v2/snapshots?resource_type=droplet&page=1&per_page=200',
    ])
  })

  it.each([
    ['none', [notFound, notFound]],
    ['one of another server', [one(action(11, { resource_id: 8 }))]],
    ['one on an image', [one(action(11, { resource_type: 'image' }))]],
    ['one of another type', [one(action(11, { type: 'reboot' }))]],
  ])('says not-found where there is %s', async (_, answers) => {
    const { store } = digitalOceanTalk(answers)
    expect(await succeed(store.getOperations([ref]))).toMatchObject([{ found: false, error: { kind: 'not-found' } }])
  })

  it.each([
    'capture/7',
    'capture/7/',
    'capture/x/1',
    'capture/7/1/2',
    'capture/7/1/0123456789abcdef/x',
    'captured/7/1',
    'captured/x',
    'capture/0/1',
  ])('sends nothing for %s', async (id) => {
    const { store } = digitalOceanTalk()
    expect(await succeed(store.getOperations([operationRef(`digitalocean:${id}`)]))).toMatchObject([
      { found: false, error: { kind: 'invalid-argument' } },
    ])
  })
})
