import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allScopes } from '../../adapters/digitalocean/emulator/scopes.ts'
import { type Fixture, startFixture } from './digitalocean-fixture.ts'

const volumeSnapshot = 'fbe805e8-866b-11e6-96bf-000f53315a41'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture({
    droplets: [{ id: 250445117, name: 'web-01', region: 'ams3' }],
    volumeSnapshots: [{ id: volumeSnapshot, name: 'big-data-snapshot' }],
  })
})
afterEach(async () => {
  expect(fixture.emulator.failures).toEqual([])
  await fixture.emulator.close()
})

const droplet = 250445117
const snapshotOf = (id: number, body: object = {}) =>
  fixture.call('POST', `/v2/droplets/${id}/actions`, { type: 'snapshot', ...body })

describe('a Droplet', () => {
  it('is read with its region, its snapshots and its backups', async () => {
    const { get, emulator } = fixture
    const [snapshot, backup] = [emulator.addImage({ droplet }), emulator.addImage({ droplet, type: 'backup' })]
    expect((await get(`/v2/droplets/${droplet}`)).body.droplet).toMatchObject({
      id: droplet,
      name: 'web-01',
      locked: false,
      region: { slug: 'ams3', name: 'Amsterdam 3' },
      snapshot_ids: [snapshot],
      backup_ids: [backup],
    })
    expect((await get(`/v2/droplets/${droplet}/snapshots`)).body).toMatchObject({
      snapshots: [{ id: snapshot, type: 'snapshot' }],
      meta: { total: 1 },
    })
    expect((await get(`/v2/droplets/${droplet}/backups`)).body).toMatchObject({
      backups: [{ id: backup, type: 'backup', distribution: 'Ubuntu', slug: null, public: false }],
      meta: { total: 1 },
    })
  })

  it.each(['', '/actions', '/snapshots', '/backups', '/actions/1'])('that is none is not found: %s', async (path) => {
    expect((await fixture.get(`/v2/droplets/7${path}`)).status).toBe(404)
    expect((await snapshotOf(7)).status).toBe(404)
  })

  it('takes its backups with it, and not its snapshots', async () => {
    const { get, emulator } = fixture
    const [snapshot, backup] = [emulator.addImage({ droplet }), emulator.addImage({ droplet, type: 'backup' })]
    emulator.removeDroplet(droplet)
    expect((await get(`/v2/images/${snapshot}`)).status).toBe(200)
    expect((await get(`/v2/images/${backup}`)).status).toBe(404)
  })
})

describe('a snapshot of a Droplet', () => {
  it('is an action that names no image, in no list before it is done, and made when it began', async () => {
    const { get, emulator } = fixture
    const { status, body } = await snapshotOf(droplet, { name: 'nightly' })
    expect(status).toBe(201)
    expect(body).toEqual({
      action: {
        id: body.action.id,
        status: 'in-progress',
        type: 'snapshot',
        started_at: '2026-08-21T00:00:00Z',
        completed_at: null,
        resource_id: droplet,
        resource_type: 'droplet',
        region: expect.objectContaining({ slug: 'ams3' }),
        region_slug: 'ams3',
      },
    })
    await emulator.clock.advance(179_000)
    expect((await get(`/v2/droplets/${droplet}`)).body.droplet).toMatchObject({ locked: true, snapshot_ids: [] })
    expect((await get('/v2/images?private=true')).body.images).toEqual([])
    expect((await get('/v2/snapshots')).body.snapshots).toHaveLength(1)

    await emulator.clock.advance(1_000)
    const done = { ...body.action, status: 'completed', completed_at: '2026-08-21T00:03:00Z' }
    expect((await get(`/v2/droplets/${droplet}/actions/${done.id}`)).body).toEqual({ action: done })
    expect((await get(`/v2/droplets/${droplet}/actions`)).body.actions).toEqual([done])
    expect((await get(`/v2/actions/${done.id}`)).body).toEqual({ action: done })
    expect((await get('/v2/actions')).body.actions).toEqual([done])
    const [image] = (await get('/v2/images?private=true')).body.images
    expect(image).toMatchObject({
      name: 'nightly',
      type: 'snapshot',
      status: 'available',
      regions: ['ams3'],
      created_at: '2026-08-21T00:00:00Z',
    })
    expect(image).not.toHaveProperty('droplet')
    expect((await get(`/v2/droplets/${droplet}`)).body.droplet).toMatchObject({
      locked: false,
      snapshot_ids: [image?.id],
    })
  })

  it('has a name of its own where it is given none', async () => {
    await snapshotOf(droplet)
    await fixture.emulator.clock.advance(180_000)
    expect((await fixture.get(`/v2/droplets/${droplet}/snapshots`)).body.snapshots).toMatchObject([
      { name: `web-01-${Date.UTC(2026, 7, 21)}` },
    ])
  })

  it('is refused while the Droplet is busy', async () => {
    await snapshotOf(droplet)
    const { status, body } = await snapshotOf(droplet)
    expect(status).toBe(422)
    expect(body).toMatchObject({ id: 'unprocessable_entity', message: 'Droplet already has a pending event.' })
    await fixture.emulator.clock.advance(180_000)
    expect((await snapshotOf(droplet)).status).toBe(201)
  })

  it('is errored, without a text, if the Droplet goes meanwhile, and the action is kept for ever', async () => {
    const { get, emulator } = fixture
    const { action } = (await snapshotOf(droplet)).body
    emulator.removeDroplet(droplet)
    await emulator.clock.advance(180_000)
    expect((await get(`/v2/droplets/${droplet}/actions/${action.id}`)).status).toBe(404)
    expect((await get(`/v2/actions/${action.id}`)).body.action).toMatchObject({ status: 'errored', completed_at: null })
    expect((await get('/v2/images?private=true')).body.images).toEqual([])
  })

  it('is refused in another form', async () => {
    expect((await snapshotOf(droplet, { name: 5 })).status).toBe(422)
    expect((await fixture.call('POST', `/v2/droplets/${droplet}/actions`, { type: 'dance' })).status).toBe(404)
    expect((await fixture.call('POST', `/v2/droplets/${droplet}/actions`, '{')).status).toBe(400)
  })

  it('is found below its own Droplet only, and below no image', async () => {
    const other = fixture.emulator.addDroplet()
    const { action } = (await snapshotOf(droplet)).body
    expect((await fixture.get(`/v2/droplets/${other}/actions/${action.id}`)).status).toBe(404)
    expect((await fixture.get(`/v2/images/${droplet}/actions/${action.id}`)).status).toBe(404)
  })

  it('can be listed later than its action ends', async () => {
    const { get, call, emulator } = await startFixture({ snapshotListedAfter: 30_000, droplets: [{ id: 1 }] })
    await call('POST', '/v2/droplets/1/actions', { type: 'snapshot' })
    await emulator.clock.advance(180_000)
    expect((await get('/v2/droplets/1/actions')).body.actions).toMatchObject([{ status: 'completed' }])
    expect((await get('/v2/droplets/1/snapshots')).body.snapshots).toEqual([])
    await emulator.clock.advance(30_000)
    expect((await get('/v2/droplets/1/snapshots')).body.snapshots).toHaveLength(1)
    await emulator.close()
  })
})

describe('the snapshots', () => {
  it('are Droplets’ by a text of a number, and volumes’ by a UUID, and can be asked for by themselves', async () => {
    const { get, emulator } = fixture
    const id = emulator.addImage({ droplet, tags: ['web'] })
    emulator.addImage({ type: 'custom' })
    emulator.addImage({ type: 'backup', droplet })
    const ofDroplet = {
      id: String(id),
      resource_id: String(droplet),
      resource_type: 'droplet',
      tags: ['web'],
      regions: ['nyc3'],
    }
    const ofVolume = { id: volumeSnapshot, name: 'big-data-snapshot', resource_type: 'volume' }
    expect((await get('/v2/snapshots')).body.snapshots).toMatchObject([ofDroplet, ofVolume])
    expect((await get('/v2/snapshots?resource_type=droplet')).body).toMatchObject({
      snapshots: [ofDroplet],
      meta: { total: 1 },
    })
    expect((await get('/v2/snapshots?resource_type=volume')).body.snapshots).toMatchObject([ofVolume])
    expect((await get('/v2/snapshots?resource_type=car')).status).toBe(422)
    const { snapshot } = (await get(`/v2/snapshots/${id}`)).body
    expect(snapshot).toMatchObject(ofDroplet)
    expect(snapshot).not.toHaveProperty('status')
    expect(snapshot).not.toHaveProperty('distribution')
    expect((await get(`/v2/snapshots/${volumeSnapshot}`)).body.snapshot).toMatchObject(ofVolume)
  })

  it('can be deleted, and then are gone as images too', async () => {
    const { get, call, emulator } = fixture
    const id = emulator.addImage({ droplet })
    for (const one of [String(id), volumeSnapshot]) {
      expect((await call('DELETE', `/v2/snapshots/${one}`)).status).toBe(204)
      expect((await get(`/v2/snapshots/${one}`)).status).toBe(404)
      expect((await call('DELETE', `/v2/snapshots/${one}`)).status).toBe(404)
    }
    expect((await get(`/v2/images/${id}`)).status).toBe(404)
  })

  it.each(['custom', 'backup'] as const)('have no image of the type %s among them', async (type) => {
    const id = fixture.emulator.addImage({ type })
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await fixture.call(method, `/v2/snapshots/${id}`)
      expect(status).toBe(400)
      expect(body).toMatchObject({ id: 'bad_request', message: 'the resource is not a snapshot' })
    }
    expect((await fixture.get(`/v2/images/${id}`)).status).toBe(200)
  })
})

describe('the scopes', () => {
  it.each([
    ['GET', '/v2/droplets/1', 'droplet:read'],
    ['GET', '/v2/droplets/1/actions', 'droplet:read'],
    ['GET', '/v2/droplets/1/snapshots', 'droplet:read'],
    ['GET', '/v2/droplets/1/backups', 'droplet:read'],
    ['POST', '/v2/droplets/1/actions', 'droplet:update'],
    ['POST', '/v2/droplets/1/actions', 'image:create'],
    ['GET', '/v2/snapshots', 'snapshot:read'],
    ['DELETE', '/v2/snapshots/1', 'snapshot:delete'],
    ['GET', '/v2/actions', 'actions:read'],
  ])('%s %s needs %s', async (method, path, scope) => {
    const { call, emulator } = await startFixture({
      scopes: allScopes.filter((one) => one !== scope),
      droplets: [{ id: 1 }],
    })
    expect((await call(method, path, method === 'POST' ? { type: 'snapshot' } : undefined)).status).toBe(403)
    await emulator.close()
  })
})
