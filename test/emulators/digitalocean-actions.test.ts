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

const act = (id: number, body: unknown) => fixture.call('POST', `/v2/images/${id}/actions`, body)

describe('a transfer', () => {
  it('copies an image to one more region under the same id', async () => {
    const { get, emulator } = fixture
    const id = emulator.addImage({ regions: ['nyc3'] })
    const { status, body } = await act(id, { type: 'transfer', region: 'nyc2' })
    expect(status).toBe(201)
    expect(body).toEqual({
      action: {
        id: body.action.id,
        status: 'in-progress',
        type: 'transfer',
        started_at: '2026-08-21T00:00:00Z',
        completed_at: null,
        resource_id: id,
        resource_type: 'image',
        region: expect.objectContaining({ slug: 'nyc2', name: 'New York 2', available: false }),
        region_slug: 'nyc2',
      },
    })
    expect(String(body.action.id)).toMatch(/^\d{10}$/)
    expect((await get(`/v2/images/${id}`)).body.image.regions).toEqual(['nyc3'])

    await emulator.clock.advance(120_000)
    const done = { ...body.action, status: 'completed', completed_at: '2026-08-21T00:02:00Z' }
    expect((await get(`/v2/images/${id}/actions/${body.action.id}`)).body).toEqual({ action: done })
    expect((await get(`/v2/actions/${body.action.id}`)).body).toEqual({ action: done })
    expect((await get(`/v2/images/${id}`)).body.image.regions).toEqual(['nyc3', 'nyc2'])
  })

  it('runs beside others, and all are listed in pages', async () => {
    const { get, emulator } = fixture
    const id = emulator.addImage({})
    for (const region of ['ams3', 'fra1', 'sgp1']) await act(id, { type: 'transfer', region })
    const { actions, meta, links } = (await get(`/v2/images/${id}/actions?per_page=2`)).body
    expect(actions).toHaveLength(2)
    expect(meta.total).toBe(3)
    expect((await get(links.pages['next'] ?? '')).body.actions).toHaveLength(1)
    await emulator.clock.advance(120_000)
    expect((await get(`/v2/images/${id}`)).body.image.regions).toEqual(['nyc3', 'ams3', 'fra1', 'sgp1'])
  })

  it.each([
    ['a backup', { type: 'backup' }, 'ams3', 'Backups can not be transfered to other regions'],
    ['an image not yet there', { type: 'custom', status: 'pending' }, 'ams3', 'Image is not available.'],
    ['a failed image', { type: 'custom', status: 'deleted' }, 'ams3', 'Image is not available.'],
    ['a region it has', {}, 'nyc3', 'Image is already in this region.'],
    ['an unknown region', {}, 'nyc9', 'region is not a valid region'],
    ['a region without transfers', {}, 'mem1', 'Images can not be transferred to this region.'],
  ] as const)('is refused for %s', async (_, seed, region, message) => {
    const { status, body } = await act(fixture.emulator.addImage(seed), { type: 'transfer', region })
    expect(status).toBe(422)
    expect(body).toMatchObject({ id: 'unprocessable_entity', message })
  })

  it('is refused while it is under way already', async () => {
    const id = fixture.emulator.addImage({})
    expect((await act(id, { type: 'transfer', region: 'ams3' })).status).toBe(201)
    expect((await act(id, { type: 'transfer', region: 'ams3' })).status).toBe(422)
  })

  it('is errored, without a text, if the image goes meanwhile', async () => {
    const { call, get, emulator } = fixture
    const id = emulator.addImage({})
    const { action } = (await act(id, { type: 'transfer', region: 'ams3' })).body
    await call('DELETE', `/v2/images/${id}`)
    await emulator.clock.advance(120_000)
    expect((await get(`/v2/actions/${action.id}`)).body.action).toMatchObject({ status: 'errored', completed_at: null })
    expect((await get(`/v2/images/${id}/actions`)).status).toBe(404)
  })
})

describe('a conversion', () => {
  it('makes a snapshot of a backup, and of nothing else', async () => {
    const { get, emulator } = fixture
    const id = emulator.addImage({ type: 'backup', regions: ['fra1'] })
    const { status, body } = await act(id, { type: 'convert' })
    expect(status).toBe(201)
    expect(body.action).toMatchObject({ type: 'convert', region_slug: 'fra1' })
    await emulator.clock.advance(120_000)
    expect((await get(`/v2/images/${id}`)).body.image.type).toBe('snapshot')
    expect((await act(id, { type: 'convert' })).status).toBe(422)
    expect((await act(id, { type: 'transfer', region: 'ams3' })).status).toBe(201)
  })
})

describe('actions', () => {
  it('refuse what they are not for', async () => {
    const { get, emulator } = fixture
    const id = emulator.addImage({})
    for (const body of [{ type: 'resize' }, {}, { region: 'ams3' }]) {
      const answer = await act(id, body)
      expect(answer.status).toBe(404)
      expect(answer.body.message).toBe('The specified action type is not available.')
    }
    expect((await act(id, '{')).status).toBe(400)
    expect((await act(7, { type: 'transfer', region: 'ams3' })).status).toBe(404)
    const { id: publicId } = (await get('/v2/images/debian-13-x64')).body.image
    expect((await act(publicId, { type: 'transfer', region: 'ams3' })).status).toBe(403)
  })

  it('are found below their own image only', async () => {
    const { get, emulator } = fixture
    const [id, other] = [emulator.addImage({}), emulator.addImage({})]
    const { action } = (await act(id, { type: 'transfer', region: 'ams3' })).body
    expect((await get(`/v2/images/${other}/actions/${action.id}`)).status).toBe(404)
    expect((await get(`/v2/images/nonsense/actions/nonsense`)).status).toBe(404)
    expect((await get('/v2/actions/1')).status).toBe(404)
    expect((await get(`/v2/images/${other}/actions`)).body.actions).toEqual([])
  })
})
