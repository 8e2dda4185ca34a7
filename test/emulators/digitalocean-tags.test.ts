import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fixture, startFixture } from './digitalocean-fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(async () => {
  expect(fixture.emulator.failures).toEqual([])
  await fixture.emulator.close()
})

const image = (id: number | string) => ({ resource_id: String(id), resource_type: 'image' })
const none = { count: 0 }

describe('tags', () => {
  it('are made, read and listed with what carries them', async () => {
    const { call, get, emulator } = fixture
    const made = await call('POST', '/v2/tags', { name: 'prod' })
    expect(made.status).toBe(201)
    const counts = { droplets: none, volumes: none, volume_snapshots: none, databases: none }
    expect(made.body).toEqual({ tag: { name: 'prod', resources: { count: 0, images: none, ...counts } } })

    const last = emulator.addImage({})
    const others = [emulator.addImage({ tags: ['prod'] }), emulator.addImage({ tags: ['prod'] })]
    await call('POST', '/v2/tags/prod/resources', { resources: [image(last)] })
    const tagged = { count: 3, last_tagged_uri: `${emulator.baseUrl}/v2/images/${last}` }
    const expected = { name: 'prod', resources: { ...tagged, images: tagged, ...counts } }
    expect((await get('/v2/tags/prod')).body).toEqual({ tag: expected })
    expect((await get('/v2/tags')).body).toEqual({ tags: [expected], links: { pages: {} }, meta: { total: 1 } })

    await call('DELETE', '/v2/tags/prod/resources', { resources: [image(last)] })
    const { resources } = (await get('/v2/tags/prod')).body.tag
    expect(resources).toMatchObject({ count: 2, last_tagged_uri: `${emulator.baseUrl}/v2/images/${others[1]}` })
  })

  it('keep their first spelling for the whole account', async () => {
    const { call, get, emulator } = fixture
    const id = emulator.addImage({ tags: ['PROD'] })
    expect((await call('POST', '/v2/tags', { name: 'prod' })).body.tag.name).toBe('PROD')
    expect(emulator.tags).toEqual(['PROD'])
    const body = { name: 'a', url: 'http://127.0.0.1:1/a.raw', region: 'nyc3', tags: ['Prod', 'prod', 'new'] }
    expect((await call('POST', '/v2/images', body)).body.image.tags).toEqual(['PROD', 'new'])
    await call('DELETE', `/v2/images/${id}`)
    expect((await call('POST', '/v2/tags', { name: 'prod' })).body.tag.name).toBe('PROD')
    expect((await get('/v2/tags/prod')).status).toBe(404)
    expect((await get('/v2/tags/PROD')).status).toBe(200)
    expect((await call('POST', '/v2/tags/prod/resources', { resources: [] })).status).toBe(404)
    expect((await call('DELETE', '/v2/tags/prod')).status).toBe(404)
  })

  it('are put on images and taken off, many at once and again without harm', async () => {
    const { call, get, emulator } = fixture
    const ids = [emulator.addImage({ tags: ['x'] }), emulator.addImage({})]
    await call('POST', '/v2/tags', { name: 'a:b' })
    const resources = { resources: ids.map(image) }
    const tagsOf = async (id: number | undefined) => (await get(`/v2/images/${id}`)).body.image.tags
    for (const _ of [1, 2]) {
      const { status, body } = await call('POST', '/v2/tags/a%3Ab/resources', resources)
      expect({ status, body }).toEqual({ status: 204, body: {} })
    }
    expect(await tagsOf(ids[0])).toEqual(['x', 'a:b'])
    expect(await tagsOf(ids[1])).toEqual(['a:b'])
    expect((await get('/v2/images?tag_name=a:b')).body.meta.total).toBe(2)
    for (const _ of [1, 2]) expect((await call('DELETE', '/v2/tags/a:b/resources', resources)).status).toBe(204)
    expect(await tagsOf(ids[0])).toEqual(['x'])
    expect(emulator.tags).toEqual(['x', 'a:b'])
  })

  it('go from every image when they are deleted', async () => {
    const { call, get, emulator } = fixture
    const id = emulator.addImage({ tags: ['a', 'b'] })
    expect((await call('DELETE', '/v2/tags/a')).status).toBe(204)
    expect((await get(`/v2/images/${id}`)).body.image.tags).toEqual(['b'])
    expect((await get('/v2/tags/a')).status).toBe(404)
    expect((await call('DELETE', '/v2/tags/a')).status).toBe(404)
  })

  it('refuse what cannot be', async () => {
    const { call, get, emulator } = fixture
    const id = emulator.addImage({})
    const { id: publicId } = (await get('/v2/images/debian-13-x64')).body.image
    await call('POST', '/v2/tags', { name: 'x'.repeat(255) })
    await call('POST', '/v2/tags', { name: 'a' })
    expect(emulator.tags).toHaveLength(2)
    for (const name of ['', 'a b', 'a.b', 'a=b', 'здорово', 'x'.repeat(256)]) {
      const { status, body } = await call('POST', '/v2/tags', { name })
      expect(status).toBe(400)
      expect(Object.keys(body)).toEqual(['error', 'messages', 'root_causes'])
    }
    expect((await call('POST', '/v2/tags', {})).status).toBe(422)
    expect((await call('POST', '/v2/tags', '{')).status).toBe(400)
    const assign = (body: unknown) => call('POST', '/v2/tags/a/resources', body)
    expect((await assign('{')).status).toBe(400)
    expect((await assign({})).status).toBe(422)
    expect((await assign({ resources: [image(7)] })).status).toBe(404)
    expect((await assign({ resources: [{ resource_id: '1', resource_type: 'droplet' }] })).status).toBe(404)
    expect((await assign({ resources: [null] })).status).toBe(404)
    expect((await assign({ resources: [image(publicId)] })).status).toBe(403)
    expect((await call('POST', '/v2/tags/b/resources', { resources: [image(id)] })).status).toBe(404)
    expect((await get(`/v2/images/${id}`)).body.image.tags).toEqual([])
  })

  it('refuse a name or an id that is no text, whatever it is', async () => {
    const { call, emulator } = fixture
    await call('POST', '/v2/tags', { name: 'a' })
    for (const odd of [{ toString: 1, valueOf: 1 }, {}, [], [['a']], 7, true]) {
      expect((await call('POST', '/v2/tags', { name: odd })).status).toBe(400)
      const source = { name: 'disk', url: 'http://127.0.0.1/disk.raw', region: 'nyc3', tags: [odd] }
      expect((await call('POST', '/v2/images', source)).status).toBe(400)
      const resource = { resource_id: odd, resource_type: 'image' }
      expect((await call('POST', '/v2/tags/a/resources', { resources: [resource] })).status).toBe(404)
    }
    expect(emulator.failures).toEqual([])
  })

  it('may have any name that the grammar allows', async () => {
    const { call, get, emulator } = fixture
    const id = emulator.addImage({})
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty']) {
      expect((await get(`/v2/tags/${name}`)).status).toBe(404)
      expect((await call('POST', '/v2/tags', { name })).body.tag.name).toBe(name)
      expect((await call('POST', `/v2/tags/${name}/resources`, { resources: [image(id)] })).status).toBe(204)
      expect((await get(`/v2/images?tag_name=${name}`)).body.images).toMatchObject([{ id }])
    }
  })
})
