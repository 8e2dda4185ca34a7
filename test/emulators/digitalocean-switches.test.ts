import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type DigitalOceanEmulatorOptions,
  type DigitalOceanSwitches,
  digitalOceanSwitches,
} from '../../adapters/digitalocean/emulator.ts'
import { type Fixture, type ImageJson, startFixture } from './digitalocean-fixture.ts'
import { bootableDisk, type FileSource, startFileSource } from './file-source.ts'

let files: FileSource
beforeAll(async () => {
  const bytes = bootableDisk(90_000)
  files = await startFileSource({
    '/disk.raw': { bytes },
    '/disk': { bytes },
    '/chunked.raw': { bytes, chunked: true },
    '/no-head.raw': { bytes, headStatus: 405 },
  })
})
afterAll(() => files.close())

let running: Fixture | undefined
afterEach(async () => {
  await running?.emulator.close()
  expect(running?.emulator.failures ?? []).toEqual([])
  running = undefined
})

const posted = async (
  { call }: Fixture,
  more: object = {},
): Promise<{ readonly status: number; readonly image: ImageJson }> => {
  const body = { name: 'one', url: files.url('/disk.raw'), region: 'nyc3', ...more }
  const answer = await call('POST', '/v2/images', body)
  return { status: answer.status, image: answer.body.image }
}

/** An image whose import has had its time, as GET has it. */
const imported = async (fixture: Fixture, more: object = {}): Promise<ImageJson> => {
  const { image } = await posted(fixture, more)
  await fixture.emulator.clock.advance(400_000)
  return (await fixture.get(`/v2/images/${image.id}`)).body.image
}

const deleted = async (fixture: Fixture): Promise<number> => {
  const { image } = await posted(fixture)
  await fixture.call('DELETE', `/v2/images/${image.id}`)
  return image.id
}

const ownNames = async ({ get }: Fixture, query = 'private=true') =>
  (await get(`/v2/images?${query}`)).body.images.map(({ name }) => name)

const fill = ({ emulator }: Fixture, count: number) =>
  Array.from({ length: count }, (_, index) => emulator.addImage({ name: `${index}`, tags: ['Few'] }))

const transferred = async ({ call, get, emulator }: Fixture, region: string, images = [emulator.addImage({})]) => {
  const path = `/v2/images/${images[0]}/actions`
  const { status, body } = await call('POST', path, { type: 'transfer', region })
  await emulator.clock.advance(200_000)
  return { status, end: status === 201 ? (await get(`${path}/${body.action.id}`)).body.action.status : undefined }
}

type Look = (fixture: Fixture) => Promise<unknown>

/** What shows a switch, and what is seen with each of its values, in the order of the values. */
const shown: { readonly [Name in keyof DigitalOceanSwitches]: readonly [look: Look, ...seen: unknown[]] } = {
  statusCase: [async (fixture) => (await posted(fixture)).image.status, 'NEW', 'new'],
  links: [async ({ get }) => (await get('/v2/tags')).body.links, { pages: {} }, undefined, {}],
  linksKeep: [
    async ({ get }) => {
      const { next = '' } = (await get('/v2/images?type=application&per_page=10')).body.links.pages
      return new URL(next).search
    },
    '?type=application&per_page=10&page=2',
    '?page=2&per_page=10',
  ],
  metaTotal: [async ({ get }) => (await get('/v2/images?per_page=200&page=3')).body.meta.total, 416, 16],
  perPageAbove: [
    async (fixture) => {
      fill(fixture, 230)
      const { status, body } = await fixture.get('/v2/images?private=true&per_page=220')
      return [status, body.images?.length]
    },
    [422, undefined],
    [200, 200],
    [200, 220],
    [200, 20],
  ],
  listOrder: [
    async (fixture) => {
      fill(fixture, 3)
      const { images } = (await fixture.get('/v2/images?per_page=200')).body
      const ids = images.map(({ id }) => id)
      const ascending = ids.every((id, index) => id >= (ids[index - 1] ?? 0))
      const descending = ids.every((id, index) => index === 0 || id <= (ids[index - 1] ?? 0))
      const again = (await fixture.get('/v2/images?per_page=200')).body.images.map(({ id }) => id)
      return [ascending, descending, again.join() === ids.join(), new Set(ids).size]
    },
    [true, false, true, 200],
    [false, true, true, 200],
    [true, false, true, 200],
    [false, false, false, 200],
  ],
  combinedFilters: [
    async (fixture) => {
      fill(fixture, 2)
      fixture.emulator.addImage({ name: 'untagged' })
      const names = async (query: string) => (await fixture.get(`/v2/images?per_page=200&${query}`)).body.images?.length
      return [
        await names('private=true&tag_name=Few'),
        await names('private=true&type=distribution'),
        await names('private=true'),
      ]
    },
    [2, 0, 3],
    [3, 3, 3],
    [2, 17, 3],
    [2, 0, 3],
    [undefined, undefined, 3],
  ],
  tagFilterCase: [
    async (fixture) => {
      fill(fixture, 1)
      return ownNames(fixture, 'tag_name=few')
    },
    [],
    ['0'],
  ],
  actionOrder: [
    async (fixture) => {
      const images = fill(fixture, 1)
      await transferred(fixture, 'ams3', images)
      await transferred(fixture, 'sgp1', images)
      const { actions } = (await fixture.get('/v2/actions')).body
      return (actions[0]?.id ?? 0) > (actions[1]?.id ?? 0)
    },
    true,
    false,
  ],
  actionRegion: [
    async (fixture) => {
      await transferred(fixture, 'ams3')
      const action = {
        region: undefined,
        region_slug: undefined,
        ...(await fixture.get('/v2/actions')).body.actions[0],
      }
      return [typeof (action.region ?? undefined), action.region_slug]
    },
    ['object', 'ams3'],
    ['object', null],
    ['undefined', 'ams3'],
  ],
  singleType: [async ({ get }) => (await get('/v2/images/debian-13-x64')).body.image.type, 'base', undefined],
  noSlug: [async (fixture) => (await imported(fixture)).slug, null, ''],
  noTags: [
    async (fixture) => {
      const { image } = await posted(fixture)
      fixture.emulator.addImage({})
      const { snapshots } = (await fixture.get('/v2/snapshots')).body as {
        readonly snapshots: readonly { readonly tags?: unknown }[]
      }
      return [image.tags, snapshots[0]?.tags]
    },
    [[], []],
    [null, null],
  ],
  noErrorMessage: [async (fixture) => (await imported(fixture)).error_message, '', undefined],
  regionsRepeated: [async (fixture) => (await imported(fixture)).regions, ['nyc3'], ['nyc3', 'nyc3']],
  distributionType: [
    async ({ get }) => (await get('/v2/images?type=distribution')).body.images[0]?.type,
    'base',
    'snapshot',
  ],
  unknownDistribution: [
    async (fixture) => {
      const told = (image: object) => ({ distribution: '', ...image }).distribution
      const { image } = await posted(fixture, { distribution: 'Plan 9' })
      return [told(image), told((await fixture.get(`/v2/images/${image.id}`)).body.image)]
    },
    ['Unknown OS', 'Unknown'],
    ['Unknown OS', 'Unknown OS'],
    ['Unknown', 'Unknown'],
  ],
  refreshedImages: [
    async ({ get, emulator }) => {
      const { id } = (await get('/v2/images/debian-13-x64')).body.image
      const fresh = emulator.refreshPublicImage('debian-13-x64')
      expect((await get('/v2/images/debian-13-x64')).body.image.id).toBe(fresh)
      const old = await get(`/v2/images/${id}`)
      const { images } = (await get('/v2/images?type=distribution&per_page=200')).body
      return [old.status, old.body.image?.status, old.body.image?.slug, images.length]
    },
    [200, 'retired', null, 17],
    [200, 'retired', null, 18],
    [404, undefined, undefined, 17],
  ],
  sizeUnit: [async (fixture) => ({ size_gigabytes: 0, ...(await imported(fixture)) }).size_gigabytes, 0.04, 0.05],
  deletedAnswers: [
    async (fixture) => {
      const { status, body } = await fixture.get(`/v2/images/${await deleted(fixture)}`)
      return [status, body.image?.status]
    },
    [404, undefined],
    [200, 'deleted'],
  ],
  deletedAgain: [
    async (fixture) => {
      const image = await imported(fixture, { url: files.url('/missing.raw') })
      expect(image.status).toBe('deleted')
      return (await fixture.call('DELETE', `/v2/images/${image.id}`)).status
    },
    422,
    400,
    404,
  ],
  deletePending: [
    async (fixture) => (await fixture.call('DELETE', `/v2/images/${(await posted(fixture)).image.id}`)).status,
    204,
    422,
  ],
  updatePending: [
    async (fixture) =>
      (await fixture.call('PUT', `/v2/images/${(await posted(fixture)).image.id}`, { name: 'two' })).status,
    200,
    422,
  ],
  emptyDescription: [
    async (fixture) => {
      const { id } = await imported(fixture, { description: 'Some' })
      const { status } = await fixture.call('PUT', `/v2/images/${id}`, { description: '' })
      const { image } = (await fixture.get(`/v2/images/${id}`)).body
      return [status, { description: undefined, ...image }.description]
    },
    [200, ''],
    [200, 'Some'],
    [422, 'Some'],
  ],
  urlQuery: [
    async (fixture) => (await imported(fixture, { url: files.url('/disk.raw?signature=1') })).status,
    'available',
    'deleted',
  ],
  fileName: [async (fixture) => (await imported(fixture, { url: files.url('/disk') })).status, 'deleted', 'available'],
  sourceRequests: [
    async (fixture) => (await imported(fixture, { url: files.url('/no-head.raw') })).status,
    'deleted',
    'available',
  ],
  sourceLength: [
    async (fixture) => (await imported(fixture, { url: files.url('/chunked.raw') })).status,
    'available',
    'deleted',
  ],
  newRegions: [
    async (fixture) => [
      (await posted(fixture, { region: 'ric1' })).status,
      (await transferred(fixture, 'atl1')).status,
      (await transferred(fixture, 'ams3')).status,
    ],
    [202, 201, 201],
    [422, 422, 201],
  ],
  actionsEnd: [async (fixture) => (await transferred(fixture, 'ams3')).end, 'completed', 'errored'],
  transferAgain: [async (fixture) => (await transferred(fixture, 'nyc3')).status, 422, 201],
  unfinishedSnapshots: [
    async (fixture) => {
      const droplet = fixture.emulator.addDroplet()
      await fixture.call('POST', `/v2/droplets/${droplet}/actions`, { type: 'snapshot', name: 'made' })
      const before = (await fixture.get('/v2/images?private=true')).body.images.map(({ status }) => status)
      await fixture.emulator.clock.advance(200_000)
      return [before, (await fixture.get('/v2/images?private=true')).body.images.map(({ status }) => status)]
    },
    [[], ['available']],
    [['pending'], ['available']],
  ],
  snapshotsEra: [
    async (fixture) => {
      const { id } = await imported(fixture)
      fixture.emulator.addImage({ type: 'backup' })
      return [
        (await fixture.get('/v2/snapshots')).body.snapshots.length,
        (await fixture.get(`/v2/snapshots/${id}`)).status,
      ]
    },
    [0, 400],
    [2, 400],
    [2, 200],
  ],
  deletedTagSpelling: [
    async ({ call }) => {
      await call('POST', '/v2/tags', { name: 'PROD' })
      await call('DELETE', '/v2/tags/PROD')
      expect((await call('GET', '/v2/tags')).body.tags).toEqual([])
      return (await call('POST', '/v2/tags', { name: 'prod' })).body.tag.name
    },
    'prod',
    'PROD',
  ],
  tagOrder: [async (fixture) => (await posted(fixture, { tags: ['b', 'a'] })).image.tags, ['b', 'a'], ['a', 'b']],
  taggingPublic: [
    async ({ call, get }) => {
      const { id } = (await get('/v2/images/debian-13-x64')).body.image
      await call('POST', '/v2/tags', { name: 'mine' })
      const resources = [{ resource_id: String(id), resource_type: 'image' }]
      return (await call('POST', '/v2/tags/mine/resources', { resources })).status
    },
    403,
    204,
  ],
  rateLimit: [
    async ({ get }) => {
      for (let sent = 0; sent < 250; sent += 1) await get('/v2/actions/1')
      return (await get('/v2/actions/1')).status
    },
    429,
    404,
  ],
  rateLimitMessage: [
    async ({ emulator, get }) => {
      const statuses = await Promise.all(Array.from({ length: 250 }, async () => (await get('/v2/actions/1')).status))
      expect(statuses).not.toContain(429)
      const spoken = (await get('/v2/regions')).body.message
      // A fault in its place says the same.
      emulator.faults.script({ fault: { kind: 'answer', status: 429 } })
      await emulator.clock.advance(60_000)
      return [spoken, (await get('/v2/regions')).body.message]
    },
    ['API rate limit exceeded.', 'API rate limit exceeded.'],
    ['API Rate limit exceeded.', 'API Rate limit exceeded.'],
    ['Too many requests', 'Too many requests'],
  ],
  refusedRequests: [
    async ({ get, emulator }) => {
      for (let sent = 0; sent < 260; sent += 1) await get('/v2/actions/1')
      await emulator.clock.advance(61_000)
      return (await get('/v2/regions')).headers.get('ratelimit-remaining')
    },
    '4749',
    '4739',
  ],
  errors: [
    async ({ get }) => {
      const { request_id: _, ...body } = (await get('/v2/images/1')).body
      return body
    },
    { id: 'not_found', message: 'The resource you were accessing could not be found.' },
    { id: 'not_found', message: 'The resource you requested could not be found.' },
    { id: '', message: 'The resource you were accessing could not be found.' },
    {},
    { id: 'not_found', message: 'The resource you were accessing could not be found.', error_attributes: {} },
  ],
  requestId: [
    async ({ get }) => {
      const { headers, body } = await get('/v2/images/1')
      return [headers.has('x-request-id'), body.request_id !== undefined]
    },
    [true, true],
    [true, false],
    [false, true],
  ],
}

describe('every switch does what it says', () => {
  for (const [name, [look, ...seen]] of Object.entries(shown)) {
    const values: readonly string[] =
      new Map<string, readonly string[]>(Object.entries(digitalOceanSwitches)).get(name) ?? []
    it(`${name} has as many values as are looked at`, () => expect(seen).toHaveLength(values.length))
    for (const [index, value] of values.entries())
      it(`${name}: ${value}`, async () => {
        running = await startFixture({ [name]: value })
        expect(await look(running)).toEqual(seen[index])
      })
  }

  it('is in the document, with all its values', () => {
    const rows = readFileSync(new URL('../../docs/emulator-digitalocean.md', import.meta.url), 'utf8').split('\n')
    for (const [name, values] of Object.entries(digitalOceanSwitches)) {
      const shownValues = values.map((value) => `\`${value}\``).join(', ')
      expect(rows.filter((row) => row.startsWith(`| \`${name}\` | ${shownValues} |`))).toHaveLength(1)
    }
  })

  it('refuses a value that it does not have', async () => {
    const wrong: object = { statusCase: 'title' }
    await expect(startFixture(wrong)).rejects.toThrow('statusCase is one of upper, lower, not title')
  })
})

describe('every measure does what it says', () => {
  const start = async (options: DigitalOceanEmulatorOptions): Promise<Fixture> => {
    running = await startFixture(options)
    return running
  }

  it('lists a new image late', async () => {
    const fixture = await start({ imageListedAfter: 30_000 })
    const { image } = await posted(fixture)
    expect((await fixture.get(`/v2/images/${image.id}`)).status).toBe(200)
    expect(await ownNames(fixture)).toEqual([])
    await fixture.emulator.clock.advance(30_000)
    expect(await ownNames(fixture)).toEqual(['one'])
  })

  it('finds a new image and a new action late', async () => {
    const fixture = await start({ imageReadableAfter: 5_000, actionReadableAfter: 5_000 })
    const { image } = await posted(fixture)
    expect((await fixture.get(`/v2/images/${image.id}`)).status).toBe(404)
    expect((await fixture.call('DELETE', `/v2/images/${image.id}`)).status).toBe(404)
    const snapshot = fixture.emulator.addImage({})
    const { action } = (
      await fixture.call('POST', `/v2/images/${snapshot}/actions`, { type: 'transfer', region: 'ams3' })
    ).body
    const paths = [`/v2/images/${image.id}`, `/v2/actions/${action.id}`, `/v2/images/${snapshot}/actions/${action.id}`]
    const statuses = () => Promise.all(paths.map(async (path) => (await fixture.get(path)).status))
    expect(await statuses()).toEqual([404, 404, 404])
    await fixture.emulator.clock.advance(5_000)
    expect(await statuses()).toEqual([200, 200, 200])
  })

  it('forgets a failed image', async () => {
    const fixture = await start({ deletedReadableFor: 600_000 })
    const { id } = await imported(fixture, { url: files.url('/missing.raw') })
    await fixture.emulator.clock.advance(600_000)
    expect((await fixture.get(`/v2/images/${id}`)).status).toBe(404)
  })

  it('has limits of names, images and tagging', async () => {
    const fixture = await start({ nameLimit: 5, customImageLimit: 1, tagBatchLimit: 1 })
    expect((await posted(fixture, { name: 'longer' })).status).toBe(422)
    const { status, image } = await posted(fixture, { tags: ['a'] })
    expect(status).toBe(202)
    expect((await posted(fixture)).status).toBe(422)
    expect((await fixture.call('PUT', `/v2/images/${image.id}`, { name: 'longer' })).status).toBe(422)
    const resource = { resource_id: String(image.id), resource_type: 'image' }
    const tag = async (resources: readonly unknown[]) =>
      (await fixture.call('POST', '/v2/tags/a/resources', { resources })).status
    expect([await tag([resource]), await tag([resource, resource])]).toEqual([204, 422])
  })

  it('shows the account its regions', async () => {
    const fixture = await start({ shownRegions: ['nyc3', 'ric1'] })
    expect((await fixture.get('/v2/regions')).body.regions.map(({ slug }) => slug)).toEqual(['nyc3', 'ric1'])
  })
})
