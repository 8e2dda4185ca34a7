import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fixture, startFixture } from './digitalocean-fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(async () => {
  await fixture.emulator.close()
  expect(fixture.emulator.failures).toEqual([])
})

const ask = async (method: string, path: string, body?: unknown) => {
  const { status, body: answered } = await fixture.call(method, `/_emulator/${path}`, body)
  return { status, body: answered as unknown }
}

describe('the control endpoint', () => {
  it('wants the token, as the API does', async () => {
    for (const authorization of ['', 'Bearer other']) {
      const { status, body } = await fixture.call('GET', '/_emulator/clock', undefined, { authorization })
      expect([status, body.id]).toEqual([401, 'unauthorized'])
    }
    expect((await ask('GET', 'clock')).status).toBe(200)
  })

  it('seeds images, Droplets and snapshots of volumes, which the API then has', async () => {
    expect(await ask('POST', 'images', { id: 240_000_001, name: 'seeded', tags: ['one'] })).toEqual({
      status: 201,
      body: { id: 240_000_001 },
    })
    expect((await fixture.get('/v2/images?tag_name=one')).body.images).toMatchObject([{ name: 'seeded' }])
    expect((await ask('POST', 'droplets', { id: 260_000_001, region: 'ams3' })).status).toBe(201)
    expect((await fixture.get('/v2/droplets/260000001')).status).toBe(200)
    expect((await ask('POST', 'volume-snapshots', { name: 'disk', region: 'sgp1' })).status).toBe(201)
    const ofVolumes = '/v2/snapshots?resource_type=volume'
    expect((await fixture.get(ofVolumes)).body.snapshots).toMatchObject([{ name: 'disk' }])
    expect((await fixture.get(`${ofVolumes}&region=sgp1`)).body.snapshots).toHaveLength(1)
    expect((await fixture.get(`${ofVolumes}&region=nyc3`)).body.snapshots).toEqual([])
  })

  it('refreshes public images', async () => {
    const before = (await fixture.get('/v2/images/debian-13-x64')).body.image
    const { body } = await ask('POST', 'refreshes', { slug: 'debian-13-x64' })
    const after = (await fixture.get('/v2/images/debian-13-x64')).body.image
    expect(body).toEqual({ id: after.id })
    expect(after.id).not.toBe(before.id)
    expect(await ask('POST', 'refreshes', { slug: 'none' })).toMatchObject({ status: 400 })
  })

  it('takes Droplets away', async () => {
    await ask('POST', 'droplets', { id: 260_000_002 })
    await ask('POST', 'images', { name: 'backup', type: 'backup', droplet: 260_000_002 })
    expect((await ask('DELETE', 'droplets/260000002')).status).toBe(204)
    expect((await fixture.get('/v2/droplets/260000002')).status).toBe(404)
    expect((await fixture.get('/v2/images?private=true')).body.images).toEqual([])
    expect((await ask('DELETE', 'droplets/260000002')).status).toBe(404)
    expect((await ask('DELETE', 'droplets/x')).status).toBe(404)
  })

  it('names every field of a seed that is unknown or of another type', async () => {
    const unknown = await ask('POST', 'images', { nmae: 'a', colour: 'b' })
    expect(unknown).toEqual({
      status: 400,
      body: { message: expect.stringMatching(/no nmae, colour; it has id, name/) },
    })
    const wrong = await ask('POST', 'images', { name: 1, regions: 'nyc3' })
    expect(wrong.body).toEqual({ message: expect.stringMatching(/name.*regions/) })
    expect(await ask('POST', 'droplets', [1])).toMatchObject({ status: 400 })
    expect(await ask('POST', 'droplets')).toMatchObject({ status: 400 })
    expect(await ask('POST', 'droplets', { id: -1 })).toMatchObject({ status: 400 })
  })

  it('saves and restores the state, without the token', async () => {
    await ask('POST', 'images', { name: 'kept' })
    const { body: state } = await ask('GET', 'state')
    expect(JSON.stringify(state)).not.toContain(fixture.emulator.token)
    await ask('POST', 'images', { name: 'dropped' })
    expect((await ask('PUT', 'state', state)).status).toBe(204)
    expect((await fixture.get('/v2/images?private=true')).body.images).toMatchObject([{ name: 'kept' }])
    expect((await ask('PUT', 'state', { format: 'other' })).status).toBe(400)
  })

  it('shows the log, and is not in it', async () => {
    await fixture.get('/v2/regions')
    expect((await ask('GET', 'requests')).body).toMatchObject({ requests: [{ path: '/v2/regions', status: 200 }] })
    expect(fixture.emulator.requests).toHaveLength(1)
  })
})

describe('faults', () => {
  it('have the error body of the API, and the headers of its limits', async () => {
    const { emulator, get } = fixture
    await get('/v2/regions')
    emulator.faults.script({ fault: { kind: 'answer', status: 429 } })
    emulator.faults.script({ fault: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } } })
    emulator.faults.script({ fault: { kind: 'answer', status: 503 } })
    const ofHour = await get('/v2/regions')
    expect([ofHour.status, ofHour.body]).toEqual([
      429,
      { id: 'too_many_requests', message: 'API rate limit exceeded.', request_id: ofHour.headers.get('x-request-id') },
    ])
    expect(ofHour.headers.get('ratelimit-remaining')).toBe('0')
    expect(ofHour.headers.get('ratelimit-reset')).toBe(String(emulator.clock.now() / 1000 + 3600))
    expect(ofHour.headers.get('retry-after')).toBeNull()
    expect((await get('/v2/regions')).headers.get('retry-after')).toBe('7')
    const broken = await get('/v2/regions')
    expect([broken.status, broken.body.id]).toEqual([503, 'server_error'])
    expect(broken.body.request_id).toBe(broken.headers.get('x-request-id'))
    expect(broken.body.request_id).not.toBe(ofHour.body.request_id)
    expect((await get('/v2/regions')).status).toBe(200)
  })

  it('count for the limits as the requests do that they befall, unless the connection is cut', async () => {
    const { emulator, get } = fixture
    const remaining = async () => Number((await get('/v2/regions')).headers.get('ratelimit-remaining'))
    expect(await remaining()).toBe(4999)
    emulator.faults.script({ fault: { kind: 'answer', status: 503 } })
    expect(await remaining()).toBe(4998)
    emulator.faults.script({ fault: { kind: 'answer', status: 502, when: 'after-commit' } })
    expect(await remaining()).toBe(4997)
    emulator.faults.script({ fault: { kind: 'answer', status: 429 } })
    expect(await remaining()).toBe(0)
    expect(await remaining()).toBe(4996)
    emulator.faults.script({ fault: { kind: 'reset' } })
    await expect(get('/v2/regions')).rejects.toThrow()
    expect(await remaining()).toBe(4995)
  })

  it('that refuse for the limits count for them where such requests do', async () => {
    const counted = await startFixture({ refusedRequests: 'counted' })
    counted.emulator.faults.script({ fault: { kind: 'answer', status: 429 } })
    await counted.get('/v2/regions')
    expect((await counted.get('/v2/regions')).headers.get('ratelimit-remaining')).toBe('4998')
    await counted.emulator.close()
  })

  it('have the page in the place of the body, with the headers of the answer', async () => {
    const { emulator } = fixture
    emulator.faults.script({ fault: { kind: 'html' } })
    const headers = { authorization: `Bearer ${emulator.token}` }
    const answer = await fetch(`${emulator.baseUrl}/v2/regions`, { headers })
    expect(answer.headers.get('content-type')).toBe('text/html')
    expect(answer.headers.get('ratelimit-limit')).toBe('5000')
    expect(answer.headers.get('x-request-id')).not.toBeNull()
    await answer.text()
  })

  it('are for requests with the token only, and no others are counted', async () => {
    const { emulator, call } = fixture
    emulator.faults.script({ nth: 2, fault: { kind: 'answer', status: 503 } })
    const good = `Bearer ${emulator.token}`
    const statuses: number[] = []
    for (const authorization of ['', good, 'Bearer other', good, good])
      statuses.push((await call('GET', '/v2/regions', undefined, { authorization })).status)
    expect(statuses).toEqual([401, 200, 401, 503, 200])
  })

  it('can strike after the request was carried out', async () => {
    const { call, get } = fixture
    await ask('POST', 'faults', {
      method: 'POST',
      path: '/v2/tags',
      nth: 2,
      fault: { kind: 'reset', when: 'after-commit' },
    })
    expect((await call('POST', '/v2/tags', { name: 'a' })).status).toBe(201)
    await expect(call('POST', '/v2/tags', { name: 'b' })).rejects.toThrow()
    expect((await get('/v2/tags')).body.tags.map(({ name }) => name)).toEqual(['a', 'b'])
  })
})
