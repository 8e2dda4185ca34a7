import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, onlyTask, results, startFixture } from './gcore-fixture.ts'

afterEach(closeAll)

describe('requests for higher limits', () => {
  const path = '/cloud/v2/limits_request'
  const wanted = {
    description: 'More images',
    requested_limits: { global_limits: { keypair_count_limit: 7 }, regional_limits: [{ image_count_limit: 200 }] },
  }

  it('are made, listed, read and taken back', async () => {
    const { call, emulator } = await startFixture()
    expect(await call('POST', path, wanted)).toEqual({ status: 201, body: {} })
    await emulator.clock.advance(60_000)
    expect((await call('POST', path, { ...wanted, description: 'Still more' })).status).toBe(201)
    const first = {
      id: 1,
      client_id: 123,
      ...wanted,
      status: 'in progress',
      created_at: '2026-08-21T00:00:00',
      updated_at: null,
    }
    expect((await call('GET', path)).body).toMatchObject({ count: 2, results: [first, { id: 2 }] })
    expect((await call('GET', `${path}/1`)).body).toEqual(first)
    const ids = async (query: string) => results(await call('GET', `${path}?${query}`)).map(({ id }) => id)
    expect(await ids('limit=1&offset=1')).toEqual([2])
    expect(await ids('request_ids=2')).toEqual([2])
    expect(await ids('created_from=2026-08-21T00:00:30Z')).toEqual([2])
    expect(await ids('created_to=2026-08-21T00:00:30Z')).toEqual([1])
    expect(await ids('status=done&status=rejected')).toEqual([])
    expect(await ids('status=in+progress')).toEqual([1, 2])
    expect((await call('GET', `${path}?status=open`)).status).toBe(400)
    expect((await call('DELETE', `${path}/2`)).status).toBe(204)
    expect((await call('DELETE', `${path}/2`)).status).toBe(404)
    expect((await call('GET', `${path}/2`)).status).toBe(404)
    expect((await call('POST', path, wanted)).status).toBe(201)
    expect(await ids('')).toEqual([1, 3])
  })

  it('are ten at the most, and belong to the state', async () => {
    const { call, emulator } = await startFixture()
    for (let count = 0; count < 10; count += 1) expect((await call('POST', path, wanted)).status).toBe(201)
    const before = emulator.saveState()
    expect((await call('POST', path, wanted)).status).toBe(400)
    expect((await call('DELETE', `${path}/4`)).status).toBe(204)
    expect((await call('POST', path, wanted)).status).toBe(201)
    emulator.restoreState(JSON.parse(JSON.stringify(before)))
    expect((await call('GET', `${path}/4`)).status).toBe(200)
    expect((await call('GET', path)).body['count']).toBe(10)
  })

  it.each<[string, unknown]>([
    ['no reason', { requested_limits: {} }],
    ['no limits', { description: 'x' }],
    ['a reason too long', { ...wanted, description: 'x'.repeat(1001) }],
    ['limits that are no numbers', { ...wanted, requested_limits: { global_limits: { keypair_count_limit: 'x' } } }],
    ['limits that are no list', { ...wanted, requested_limits: { regional_limits: {} } }],
    ['limits that are none', { ...wanted, requested_limits: [] }],
    ['a region without limits', { ...wanted, requested_limits: { regional_limits: [7] } }],
  ])('are refused with %s', async (_, body) => {
    const { call } = await startFixture()
    expect((await call('POST', path, body)).status).toBe(400)
  })
})

describe('what the account is told', () => {
  it('is whence the provider fetches', async () => {
    const { call } = await startFixture()
    const { body } = await call('GET', '/cloud/public/v1/ipranges/egress')
    expect(body).toEqual({ ranges: expect.arrayContaining(['127.0.0.1/32']) })
  })

  it('is a price with a tax, which is a number always', async () => {
    for (const prices of ['show', 'hide', 'error', 'trial'] as const) {
      const { call, inRegion } = await startFixture({ prices })
      expect((await call('POST', inRegion('pricing', '/images'), { size: 10 })).body['tax_percent']).toBe(0)
    }
  })

  it('is a trace of an error where it is asked for', async () => {
    const { call } = await startFixture({ traceback: 'present' })
    const { body } = await call('GET', '/cloud/v1/tasks/none')
    expect(body).toMatchObject({
      request_id: expect.any(String),
      traceback: 'NotFoundError: Task none could not be found',
    })
    const other = await startFixture()
    expect((await other.call('GET', '/cloud/v1/tasks/none')).body).not.toHaveProperty('traceback')
  })
})

describe('the older list of images for GPU clusters', () => {
  it('has those for bare metal, in the fields of other images', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const path = inRegion('ai/images/gpu', '', 148)
    const [known] = results(await call('GET', path))
    expect(known).toMatchObject({ name: 'ubuntu-24.04-x64-gpu-baremetal', tags_v2: expect.any(Array), region_id: 148 })
    const id = emulator.addImage({ region_id: 148, name: 'mine', gpuNamespace: 'baremetal' })
    emulator.addImage({ region_id: 148, name: 'virtual', gpuNamespace: 'virtual' })
    emulator.addImage({ region_id: 148, name: 'other' })
    expect((await call('GET', path)).body['count']).toBe(2)
    expect(results(await call('GET', `${path}?private=true`))).toMatchObject([{ id }])
    expect(results(await call('GET', `${path}?visibility=public`))).toMatchObject([{ id: known?.['id'] }])
    // It has no other filter.
    expect((await call('GET', `${path}?name=nothing`)).body['count']).toBe(2)
  })

  it('is where such servers are', async () => {
    const absent = await startFixture()
    const empty = await startFixture({ absentLists: 'empty' })
    expect((await absent.call('GET', absent.inRegion('ai/images/gpu', '', 6))).status).toBe(404)
    expect((await empty.call('GET', empty.inRegion('ai/images/gpu', '', 6))).body).toEqual({ count: 0, results: [] })
  })
})

describe('lists', () => {
  it('of tasks are of a time, and in the order that the older parameter names too', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const tasks: string[] = []
    for (let index = 0; index < 4; index += 1) {
      tasks.push(onlyTask(await call('DELETE', inRegion('images', `/${emulator.addImage({})}`))))
      await emulator.clock.advance(60_000)
    }
    const ids = async (query: string) =>
      results(await call('GET', `/cloud/v1/tasks?${query}`)).map(({ id }) => tasks.indexOf(String(id)))
    expect(await ids('from_timestamp=2026-08-21T00:02:00')).toEqual([3, 2])
    expect(await ids('from_timestamp=2026-08-21T00:02:01')).toEqual([3])
    expect(await ids('to_timestamp=2026-08-21T00:01:00Z')).toEqual([1, 0])
    expect(await ids('to_timestamp=2026-08-21T00:00:59Z')).toEqual([0])
    // Two hours ahead of UTC.
    expect(await ids('from_timestamp=2026-08-21T02:01:00%2B02:00&to_timestamp=2026-08-21T02:02:00%2B02:00')).toEqual([
      2, 1,
    ])
    expect((await call('GET', '/cloud/v1/tasks?from_timestamp=yesterday')).status).toBe(400)
    expect(await ids('sorting=asc')).toEqual([0, 1, 2, 3])
    expect(await ids('sorting=desc')).toEqual([3, 2, 1, 0])
    expect(await ids('sorting=asc&order_by=desc')).toEqual([3, 2, 1, 0])
    expect((await call('GET', '/cloud/v1/tasks?sorting=up')).status).toBe(400)
  })

  it('of regions are in four orders', async () => {
    const { call } = await startFixture()
    const listed = async (order: string) => results(await call('GET', `/cloud/v1/regions?order_by=${order}`))
    const names = async (order: string) => (await listed(order)).map((region) => String(region['display_name']))
    const ascending = await names('display_name.asc')
    expect(ascending).toEqual([...ascending].sort())
    expect(await names('display_name.desc')).toEqual([...ascending].reverse())
    const times = async (order: string) => (await listed(order)).map((region) => String(region['created_at']))
    expect(await times('created_at.asc')).toEqual([...(await times('created_at.desc'))].reverse())
    expect(await times('created_at.asc')).toEqual([...(await times('created_at.asc'))].sort())
    expect((await call('GET', '/cloud/v1/regions?order_by=id')).status).toBe(400)
  })
})

describe('the older way to acknowledge tasks', () => {
  it('takes those that are named, or all that have ended', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const tasks: string[] = []
    for (let index = 0; index < 3; index += 1)
      tasks.push(onlyTask(await call('DELETE', inRegion('images', `/${emulator.addImage({})}`))))
    await emulator.clock.advance(60_000)
    const path = '/cloud/v1/tasks/acknowledge'
    const acknowledged = async () => (await call('GET', '/cloud/v1/tasks?is_acknowledged=true')).body['count']
    expect((await call('POST', path, { task_ids: tasks.slice(0, 1) })).status).toBe(204)
    expect(await acknowledged()).toBe(1)
    expect((await call('POST', `${path}?region_id=180`, { task_ids: null })).status).toBe(204)
    expect(await acknowledged()).toBe(1)
    expect((await call('POST', path)).status).toBe(204)
    expect(await acknowledged()).toBe(3)
    expect((await call('POST', path, { task_ids: [7] })).status).toBe(400)
  })
})
