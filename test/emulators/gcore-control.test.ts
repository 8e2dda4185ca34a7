import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, type Fixture, results, startFixture } from './gcore-fixture.ts'

afterEach(closeAll)

const control = ({ call }: Fixture) => ({
  get: (what: string) => call('GET', `/_emulator/${what}`),
  post: (what: string, body?: unknown) => call('POST', `/_emulator/${what}`, body),
  put: (what: string, body: unknown) => call('PUT', `/_emulator/${what}`, body),
  remove: (what: string) => call('DELETE', `/_emulator/${what}`),
})

describe('the control endpoint', () => {
  it('is for the token of the API, sent as to the API', async () => {
    const { call } = await startFixture()
    for (const authorization of ['', 'Bearer 1234$abc', 'APIKey 1$ab'])
      expect(await call('GET', '/_emulator/clock', undefined, { authorization })).toMatchObject({
        status: 401,
        body: { exception_class: expect.any(String), request_id: expect.any(String) },
      })
    expect(await call('GET', '/_emulator/clock')).toMatchObject({ status: 200, body: { now: expect.any(String) } })
  })

  it('puts images and volumes there, and moves time', async () => {
    const fixture = await startFixture()
    const { post } = control(fixture)
    const { body } = await post('images', { name: 'mine', region_id: 180, tags: { env: 'prod' }, size: null })
    const found = await fixture.call('GET', fixture.inRegion('images', `/${body['id']}`, 180))
    expect(found.body).toMatchObject({ name: 'mine', size: null, tags_v2: [{ key: 'env', value: 'prod' }] })
    const volume = (await post('volumes')).body['id']
    const capture = { name: 'captured', volume_id: volume }
    expect((await fixture.call('POST', fixture.inRegion('images'), capture)).status).toBe(200)
    await post('clock', { advanceMs: 120_000 })
    const own = await fixture.call('GET', fixture.inRegion('projectimages'))
    expect(results(own)).toMatchObject([{ name: 'captured', status: 'active' }])
  })

  it.each([
    ['images', undefined, 'image: should be an object'],
    ['images', { colour: 'red' }, /^image: colour: is not a field that is known; known are id, region_id/],
    ['images', { region_id: 5 }, 'image: region_id: should be the id of a region'],
    ['images', { createdAtMs: 1e16 }, /^image: createdAtMs: /],
    ['images', { size: '5' }, 'image: size: should be a number'],
    ['images', { tags: { env: 1 } }, 'image: tags: env: Input should be a valid string'],
    ['images', { gpuNamespace: 'other' }, /^image: gpuNamespace: /],
    ['volumes', { bootable: 'no' }, /^volume: bootable: /],
    ['volumes', { disk: 1 }, /^volume: disk: is not a field that is known/],
  ])('says what is wrong with a seed of %s: %j', async (kind, seed, message) => {
    const fixture = await startFixture()
    const before = fixture.emulator.saveState()
    expect(await control(fixture).post(kind, seed)).toMatchObject({
      status: 400,
      body: { message: typeof message === 'string' ? message : expect.stringMatching(message) },
    })
    expect(fixture.emulator.saveState()).toEqual(before)
  })

  it('does not put one thing in the place of another', async () => {
    const fixture = await startFixture()
    const { post } = control(fixture)
    for (const kind of ['images', 'volumes']) {
      expect((await post(kind, { id: 'taken' })).status).toBe(201)
      expect(await post(kind, { id: 'taken' })).toMatchObject({
        status: 400,
        body: { message: expect.stringMatching(/taken/) },
      })
    }
  })

  it('saves and restores', async () => {
    const fixture = await startFixture()
    const { get, put, post } = control(fixture)
    const saved = (await get('state')).body
    await post('images', { name: 'mine' })
    expect((await put('state', saved)).status).toBe(204)
    expect((await get('state')).body).toEqual(saved)
    for (const nowMs of ['now', 1e16])
      expect(await put('state', { ...saved, nowMs })).toMatchObject({
        status: 400,
        body: { message: expect.stringMatching(/^state: nowMs: should be a number/) },
      })
    expect((await get('state')).body).toEqual(saved)
  })

  it('lets a region fail and be right again', async () => {
    const fixture = await startFixture()
    const { get, post } = control(fixture)
    const images = () => fixture.call('GET', fixture.inRegion('images', '', 148))
    expect((await post('failing-regions', { region_id: 148, status: 503 })).status).toBe(204)
    expect((await images()).status).toBe(503)
    expect((await post('failing-regions', { region_id: 148, status: null })).status).toBe(204)
    expect((await images()).status).toBe(200)
    for (const wrong of [{ region_id: 5, status: 500 }, { region_id: 148, status: 404 }, { region: 148 }, undefined])
      expect((await post('failing-regions', wrong)).status).toBe(400)
    expect(() => fixture.emulator.failRegion(5, 500)).toThrow('region_id')
    const listed = (await fixture.call('GET', '/_emulator')).body['routes']
    expect(listed).toContainEqual(expect.objectContaining({ path: '/_emulator/failing-regions' }))
    expect((await get('state')).status).toBe(200)
  })

  it('takes a state with thousands of images', async () => {
    const fixture = await startFixture()
    for (let index = 0; index < 3000; index += 1) fixture.emulator.addImage({ name: `image-${index}` })
    const { get, put } = control(fixture)
    const saved = (await get('state')).body
    expect((await put('state', saved)).status).toBe(204)
    expect((await fixture.call('GET', fixture.inRegion('projectimages'))).body['count']).toBe(3000)
  })

  it('shows the log, without itself', async () => {
    const fixture = await startFixture()
    await fixture.call('GET', '/cloud/v1/regions?limit=1')
    expect((await control(fixture).get('requests')).body).toMatchObject({
      requests: [{ method: 'GET', path: '/cloud/v1/regions', query: { limit: ['1'] }, status: 200 }],
    })
    expect(fixture.emulator.requests).toHaveLength(1)
  })
})

describe('faults', () => {
  it('are for requests with good credentials only, and no others are counted', async () => {
    const fixture = await startFixture()
    fixture.emulator.faults.script({ nth: 2, fault: { kind: 'answer', status: 503 } })
    const ask = (authorization: string) => fixture.call('GET', '/cloud/v1/regions', undefined, { authorization })
    const good = `APIKey ${fixture.emulator.apiKey}`
    const statuses: number[] = []
    for (const authorization of ['', good, 'APIKey 1$ab', good, good]) statuses.push((await ask(authorization)).status)
    expect(statuses).toEqual([401, 200, 401, 503, 200])
  })

  it('that commit late leave a state alone that was restored meanwhile', async () => {
    const fixture = await startFixture()
    const { emulator, call, inRegion } = fixture
    const image = emulator.addImage({ name: 'kept' })
    const saved = emulator.saveState()
    emulator.faults.script({ method: 'delete', fault: { kind: 'late-commit', delayMs: 60_000 } })
    await expect(call('DELETE', inRegion('images', `/${image}`))).rejects.toThrow()
    emulator.restoreState(saved)
    await emulator.clock.advance(600_000)
    expect(results(await call('GET', inRegion('projectimages')))).toMatchObject([{ name: 'kept', status: 'active' }])
  })

  it.each([
    [429, 'HTTPError'],
    [500, 'HTTPError'],
    [503, 'HTTPError'],
    [403, 'ForbiddenError'],
    [404, 'NotFoundError'],
    [409, 'ConflictError'],
    [418, 'HTTPError'],
  ])('answer %i in the words of the provider', async (status, exceptionClass) => {
    const fixture = await startFixture()
    await control(fixture).post('faults', { method: 'GET', nth: 2, fault: { kind: 'answer', status } })
    const ask = () => fixture.call('GET', '/cloud/v1/regions')
    expect((await ask()).status).toBe(200)
    expect(await ask()).toMatchObject({
      status,
      body: {
        exception_class: exceptionClass,
        message: expect.any(String),
        request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    })
    expect((await ask()).status).toBe(200)
  })

  it('lose the answer of an import that was carried out, or of one that was not', async () => {
    const { emulator, call, inRegion } = await startFixture()
    const body = { name: 'lost', url: 'http://127.0.0.1:1/disk' }
    for (const [when, count] of [
      ['before-commit', 0],
      ['after-commit', 1],
    ] as const) {
      emulator.faults.script({ method: 'POST', path: '/cloud/v1/downloadimage', fault: { kind: 'reset', when } })
      await expect(call('POST', inRegion('downloadimage'), body)).rejects.toThrow()
      expect((await call('GET', '/cloud/v1/tasks')).body['count']).toBe(count)
    }
    emulator.faults.draw({ seed: 1, rate: 1, faults: [{ kind: 'answer', status: 503 }] })
    expect((await call('GET', '/cloud/v1/tasks')).status).toBe(503)
    emulator.faults.clear()
    expect((await call('GET', '/cloud/v1/tasks')).status).toBe(200)
  })
})
