import { afterEach, describe, expect, it } from 'vitest'
import { rateLimit } from '../../adapters/digitalocean/emulator/rate-limit.ts'
import type { DigitalOceanEmulatorOptions } from '../../adapters/digitalocean/emulator.ts'
import { manualClock } from '../../src/emulator/clock.ts'
import { type BodyJson, type Fixture, type ImageJson, startFixture } from './digitalocean-fixture.ts'

let running: Fixture | undefined
const start = async (options?: DigitalOceanEmulatorOptions): Promise<Fixture> => {
  running = await startFixture(options)
  return running
}
afterEach(async () => {
  expect(running?.emulator.failures ?? []).toEqual([])
  await running?.emulator.close()
  running = undefined
})

const names = (images: readonly ImageJson[]) => images.map(({ name }) => name)

describe('the door', () => {
  it('wants the token, and says so in the documented words', async () => {
    const { call, emulator } = await start()
    expect(emulator.token).toMatch(/^dop_v1_/)
    for (const authorization of ['', 'Bearer other', `Basic ${emulator.token}`]) {
      const { status, headers, body } = await call('GET', '/v2/images', undefined, { authorization })
      expect(status).toBe(401)
      expect(body).toEqual({
        id: 'unauthorized',
        message: 'Unable to authenticate you.',
        request_id: headers.get('x-request-id'),
      })
    }
    expect(JSON.stringify(emulator.requests)).not.toContain(emulator.token)
  })

  it('gives every answer its own request id, which errors repeat', async () => {
    const { get } = await start()
    const fine = await get('/v2/regions')
    const missing = await get('/v2/images/1')
    expect(fine.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(missing.headers.get('x-request-id')).not.toBe(fine.headers.get('x-request-id'))
    expect(missing.body).toEqual({
      id: 'not_found',
      message: 'The resource you were accessing could not be found.',
      request_id: missing.headers.get('x-request-id'),
    })
  })

  it('has nothing else: 404 for other paths, 405 for other methods', async () => {
    const { call, get } = await start()
    expect((await get('/v2/droplets')).status).toBe(404)
    expect((await get('/v2/images/')).status).toBe(404)
    expect((await call('PATCH', '/v2/images/1')).status).toBe(405)
    expect((await call('DELETE', '/v2/images')).body).toMatchObject({ id: 'method_not_allowed' })
  })

  it.each([
    ['GET', '/v2/images', 'image:read'],
    ['GET', '/v2/images/ubuntu-24-04-x64', 'image:read'],
    ['POST', '/v2/images', 'image:create'],
    ['PUT', '/v2/images/1', 'image:update'],
    ['DELETE', '/v2/images/1', 'image:delete'],
    ['POST', '/v2/images/1/actions', 'image:update'],
    ['GET', '/v2/images/1/actions', 'image:read'],
    ['GET', '/v2/actions/1', 'actions:read'],
    ['POST', '/v2/tags', 'tag:create'],
    ['GET', '/v2/tags', 'tag:read'],
    ['DELETE', '/v2/tags/x', 'tag:delete'],
    ['POST', '/v2/tags/x/resources', 'image:update'],
    ['POST', '/v2/tags/x/resources', 'tag:create'],
    ['DELETE', '/v2/tags/x/resources', 'tag:delete'],
    ['GET', '/v2/regions', 'regions:read'],
  ] as const)('refuses %s %s to a token without %s', async (method, path, missing) => {
    const all = ['image:read', 'image:create', 'image:update', 'image:delete', 'actions:read', 'regions:read'] as const
    const scopes = [...all, 'tag:create', 'tag:read', 'tag:delete'] as const
    const { call } = await start({ scopes: scopes.filter((scope) => scope !== missing) })
    const { status, body } = await call(method, path)
    expect(status).toBe(403)
    expect(body).toMatchObject({ id: 'forbidden', message: 'You do not have permission to perform this action.' })
  })

  it('counts requests in every answer', async () => {
    const { call, get, emulator } = await start()
    const firstAt = emulator.clock.now() / 1000
    await get('/v2/regions')
    await emulator.clock.advance(10_000)
    const { headers } = await get('/v2/images/1')
    expect(headers.get('ratelimit-limit')).toBe('5000')
    expect(headers.get('ratelimit-remaining')).toBe('4998')
    expect(headers.get('ratelimit-reset')).toBe(String(firstAt + 3600))
    const unauthenticated = await call('GET', '/v2/regions', undefined, { authorization: '' })
    expect(unauthenticated.headers.get('ratelimit-remaining')).toBe('4998')
    await emulator.clock.advance(3_590_000)
    expect((await get('/v2/regions')).headers.get('ratelimit-remaining')).toBe('4998')
  })

  it('refuses the 251st request of a minute, until the first has left it', async () => {
    const { get, emulator } = await start()
    await get('/v2/regions')
    await emulator.clock.advance(31_000)
    for (let sent = 1; sent < 250; sent += 1) expect((await get('/v2/actions/1')).status).toBe(404)
    const refused = await get('/v2/regions')
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ id: 'too_many_requests', message: 'API rate limit exceeded.' })
    expect(refused.headers.get('retry-after')).toBe('29')
    expect(refused.headers.get('ratelimit-remaining')).toBe('0')
    await emulator.clock.advance(29_000)
    expect((await get('/v2/regions')).status).toBe(200)
    expect((await get('/v2/regions')).status).toBe(429)
  })

  it('refuses the 5001st request of an hour, without retry-after', async () => {
    const clock = manualClock()
    const limit = rateLimit(clock, { rateLimit: 'enforced', refusedRequests: 'not-counted' })
    for (let minute = 0; minute < 20; minute += 1) {
      for (let sent = 0; sent < 250; sent += 1) expect(limit.take().exceeded).toBe(false)
      await clock.advance(60_000)
    }
    const reset = String(clock.now() / 1000 + 40 * 60)
    expect(limit.take()).toEqual({
      exceeded: true,
      headers: { 'ratelimit-limit': '5000', 'ratelimit-remaining': '0', 'ratelimit-reset': reset },
    })
    await clock.advance(40 * 60_000)
    expect(limit.take().exceeded).toBe(false)
  })

  it('can leave it at the headers', async () => {
    const { get } = await start({ rateLimit: 'headers-only' })
    const answers = await Promise.all(Array.from({ length: 260 }, () => get('/v2/actions/1')))
    expect(answers.filter(({ status }) => status === 429)).toEqual([])
    expect((await get('/v2/regions')).headers.get('ratelimit-remaining')).toBe('4739')
  })

  it('gives the same ids for the same seed', async () => {
    const clock = manualClock()
    const id = async (seed: number) => {
      const { emulator } = await startFixture({ seed, clock })
      const added = emulator.addImage({})
      await emulator.close()
      return added
    }
    expect(await id(1)).toBe(await id(1))
    expect(await id(2)).not.toBe(await id(1))
  })
})

describe('reading images', () => {
  it('has the public catalogue, told apart by the filter alone', async () => {
    const { get } = await start()
    const distributions = (await get('/v2/images?type=distribution&per_page=200')).body
    expect(distributions.meta.total).toBe(17)
    expect(distributions.images.map(({ slug }) => slug)).toContain('ubuntu-26-04-x64')
    expect(distributions.images.every((image) => image.public === true && image.type === 'base')).toBe(true)
    const applications = (await get('/v2/images?type=application&per_page=200')).body
    expect(applications.meta.total).toBe(399)
    expect(applications.images).toHaveLength(200)
    expect(applications.images.every((image) => image.public === true && image.type === 'snapshot')).toBe(true)
    expect((await get('/v2/images?private=true')).body).toMatchObject({ images: [], meta: { total: 0 } })
    expect((await get('/v2/images')).body.meta.total).toBe(17 + 399)
    expect((await get('/v2/images?type=custom')).status).toBe(422)
  })

  it('sends every field of an image, whichever way it is read', async () => {
    const { get, emulator } = await start()
    const id = emulator.addImage({ name: 'web', tags: ['prod'], description: 'text' })
    const expected = {
      id,
      name: 'web',
      distribution: 'Ubuntu',
      slug: null,
      public: false,
      regions: ['nyc3'],
      created_at: '2026-08-21T00:00:00Z',
      min_disk_size: 25,
      type: 'snapshot',
      size_gigabytes: 2.34,
      description: 'text',
      tags: ['prod'],
      status: 'available',
      error_message: '',
    }
    expect((await get(`/v2/images/${id}`)).body).toEqual({ image: expected })
    expect((await get('/v2/images?private=true')).body.images).toEqual([expected])
  })

  it('finds public images by slug or id, private ones by id only', async () => {
    const { get, emulator } = await start()
    const bySlug = (await get('/v2/images/debian-13-x64')).body.image
    expect(bySlug).toMatchObject({ slug: 'debian-13-x64', distribution: 'Debian', name: '13 x64', public: true })
    expect(bySlug.regions).toHaveLength(18)
    expect((await get(`/v2/images/${bySlug.id}`)).body.image).toEqual(bySlug)
    emulator.addImage({ name: 'mine', slug: 'mine' })
    expect((await get('/v2/images/mine')).status).toBe(404)
  })

  it('filters by tag and ownership, and leaves failed and deleted images out', async () => {
    const { get, emulator } = await start()
    emulator.addImage({ name: 'a', tags: ['Prod'] })
    emulator.addImage({ name: 'b', type: 'backup' })
    emulator.addImage({ name: 'c', type: 'custom', status: 'pending', tags: ['prod'] })
    const failed = emulator.addImage({ name: 'd', type: 'custom', status: 'deleted', error_message: 'broken' })
    expect(names((await get('/v2/images?private=true')).body.images)).toEqual(['a', 'b', 'c'])
    expect(names((await get('/v2/images?tag_name=Prod')).body.images)).toEqual(['a', 'c'])
    expect((await get('/v2/images?tag_name=prod')).body.meta.total).toBe(0)
    const { status, body } = await get(`/v2/images/${failed}`)
    expect(status).toBe(200)
    expect(body.image).toMatchObject({ status: 'deleted', error_message: 'broken' })
  })

  it('walks pages by links that keep the other parameters', async () => {
    const { get, emulator } = await start()
    for (let index = 0; index < 7; index += 1) emulator.addImage({ name: `n${index}`, tags: ['a:b'] })
    const seen: string[] = []
    const pages: string[][] = []
    let next: string | undefined = '/v2/images?tag_name=a%3Ab&per_page=3'
    while (next !== undefined) {
      const { images, links, meta }: BodyJson = (await get(next)).body
      expect(meta.total).toBe(7)
      seen.push(...names(images))
      pages.push(Object.keys(links.pages))
      next = links.pages['next']
      if (next !== undefined) {
        expect(next.startsWith(`${emulator.baseUrl}/v2/images?`)).toBe(true)
        expect(new URL(next).searchParams.get('tag_name')).toBe('a:b')
      }
    }
    expect(seen).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'])
    expect(pages).toEqual([
      ['next', 'last'],
      ['first', 'prev', 'next', 'last'],
      ['first', 'prev'],
    ])
    const beyond = (await get('/v2/images?tag_name=a%3Ab&per_page=3&page=9')).body
    expect(beyond.images).toEqual([])
    expect(new URL(beyond.links.pages['prev'] ?? '').searchParams.get('page')).toBe('3')
  })

  it('has 20 rows a page, 200 at the most, and refuses other numbers', async () => {
    const { get } = await start()
    expect((await get('/v2/images')).body.images).toHaveLength(20)
    const pages = [1, 2, 3, 4].map((page) => get(`/v2/images?per_page=200&page=${page}`))
    const lengths = (await Promise.all(pages)).map(({ body }) => body.images.length)
    expect(lengths).toEqual([200, 200, 16, 0])
    for (const query of ['per_page=201', 'per_page=0', 'per_page=ten', 'page=0', 'page=-1', 'page=1.5']) {
      expect((await get(`/v2/images?${query}`)).status, query).toBe(422)
    }
  })

  it('cuts a page that is too long where it is told to, and its links say what follows', async () => {
    const { get } = await start({ perPageMaximum: 20, perPageAbove: 'cut' })
    const { images, links, meta } = (await get('/v2/images?per_page=200')).body
    expect([images.length, meta.total]).toEqual([20, 416])
    expect(links.pages['next']).toMatch(/per_page=20&page=2$/)
    expect((await get('/v2/images?per_page=0')).status).toBe(422)
  })

  it.each([
    ['always', { links: { pages: {} } }],
    ['omitted-when-one-page', {}],
    ['empty-object', { links: {} }],
  ] as const)('with links %s, has one page as it should be', async (links, expected) => {
    const { get } = await start({ links })
    expect((await get('/v2/images?private=true')).body).toEqual({ images: [], meta: { total: 0 }, ...expected })
    expect(Object.keys((await get('/v2/images')).body.links.pages)).toEqual(['next', 'last'])
  })

  it('lists the regions', async () => {
    const { get } = await start()
    const { regions, meta } = (await get('/v2/regions?per_page=200')).body
    expect(meta.total).toBe(18)
    expect(Object.keys(regions[0] ?? {}).sort()).toEqual(['available', 'features', 'name', 'sizes', 'slug'])
    expect(regions.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['atl1', 'mem1', 'mkc1', 'ric1']))
    expect(regions.find(({ available }) => !available)).toMatchObject({ slug: 'nyc2', sizes: [] })
    expect(regions.filter(({ features }) => !features.includes('image_transfer'))).toHaveLength(1)
    expect((await get('/v2/regions?per_page=5&page=4')).body.regions).toHaveLength(3)
  })
})

describe('changing images', () => {
  it('changes what is given and keeps the rest', async () => {
    const { call, emulator } = await start()
    const id = emulator.addImage({
      type: 'custom',
      name: 'a',
      description: 'text',
      tags: ['x'],
      distribution: 'Debian',
    })
    const renamed = await call('PUT', `/v2/images/${id}`, { name: 'b', tags: ['y'], regions: [] })
    expect(renamed.status).toBe(200)
    expect(renamed.body.image).toMatchObject({ name: 'b', description: 'text', tags: ['x'], distribution: 'Debian' })
    const described = await call('PUT', `/v2/images/${id}`, { description: '', distribution: 'AlmaLinux' })
    expect(described.body.image).toMatchObject({ name: 'b', description: '', distribution: 'Unknown' })
    expect(emulator.tags).toEqual(['x'])
  })

  it('changes only the name of what is no custom image', async () => {
    const { call, emulator } = await start()
    const id = emulator.addImage({})
    expect((await call('PUT', `/v2/images/${id}`, { name: 'b' })).status).toBe(200)
    expect((await call('PUT', `/v2/images/${id}`, { description: 'b' })).status).toBe(422)
    expect((await call('PUT', `/v2/images/${id}`, { distribution: 'Debian' })).status).toBe(422)
  })

  it('refuses what cannot be', async () => {
    const { call, get, emulator } = await start()
    const id = emulator.addImage({ type: 'custom' })
    const failed = emulator.addImage({ type: 'custom', status: 'deleted', error_message: 'broken' })
    const { id: publicId } = (await get('/v2/images/debian-13-x64')).body.image
    expect((await call('PUT', `/v2/images/${id}`, '{"name"')).body).toMatchObject({
      id: 'bad_request',
      message: 'error parsing request body',
    })
    expect((await call('PUT', `/v2/images/${id}`, { name: ' ' })).status).toBe(422)
    expect((await call('PUT', `/v2/images/${id}`, { name: 3 })).status).toBe(422)
    expect((await call('PUT', `/v2/images/${publicId}`, { name: 'b' })).status).toBe(403)
    expect((await call('PUT', '/v2/images/debian-13-x64', { name: 'b' })).status).toBe(404)
    expect((await call('PUT', `/v2/images/${failed}`, { name: 'b' })).status).toBe(404)
    expect((await call('PUT', '/v2/images/7', { name: 'b' })).status).toBe(404)
  })

  it('deletes once', async () => {
    const { call, get, emulator } = await start()
    const id = emulator.addImage({ type: 'custom' })
    const { status, body, headers } = await call('DELETE', `/v2/images/${id}`)
    expect({ status, body }).toEqual({ status: 204, body: {} })
    expect(headers.get('x-request-id')).not.toBeNull()
    expect((await get(`/v2/images/${id}`)).status).toBe(404)
    expect((await call('DELETE', `/v2/images/${id}`)).status).toBe(404)
    const { id: publicId } = (await get('/v2/images/debian-13-x64')).body.image
    expect((await call('DELETE', `/v2/images/${publicId}`)).status).toBe(403)
    expect(emulator.addImage({})).toBeGreaterThan(id)
  })

  it('can answer for a deleted image, and then refuses to delete it again', async () => {
    const { call, get, emulator } = await start({ deletedAnswers: 'deleted' })
    const id = emulator.addImage({ type: 'custom' })
    const snapshot = emulator.addImage({})
    expect((await call('DELETE', `/v2/images/${id}`)).status).toBe(204)
    expect((await get(`/v2/images/${id}`)).body.image).toMatchObject({ status: 'deleted', error_message: '' })
    expect((await get('/v2/images?private=true')).body.images.map((image) => image.id)).toEqual([snapshot])
    const again = await call('DELETE', `/v2/images/${id}`)
    expect(again.status).toBe(422)
    expect(again.body).toMatchObject({
      id: 'unprocessable_entity',
      message: 'Image Can not delete an already deleted image.',
    })
    await call('DELETE', `/v2/images/${snapshot}`)
    expect((await get(`/v2/images/${snapshot}`)).status).toBe(404)
  })

  it('refuses to delete a failed import', async () => {
    const { call, emulator } = await start()
    const failed = emulator.addImage({ type: 'custom', status: 'deleted', error_message: 'broken' })
    expect((await call('DELETE', `/v2/images/${failed}`)).status).toBe(422)
  })
})
