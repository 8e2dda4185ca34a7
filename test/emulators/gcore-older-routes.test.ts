import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, onlyTask, results, startFixture } from './gcore-fixture.ts'

afterEach(closeAll)

describe('the older routes of tags', () => {
  it('list, set, replace and remove them', async () => {
    const { call, inRegion, emulator } = await startFixture()
    const path = inRegion('images', `/${emulator.addImage({ tags: { env: 'prod' }, readOnlyTags: { os: 'x' } })}`)
    const tags = async () =>
      Object.fromEntries(results(await call('GET', `${path}/metadata`)).map((tag) => [tag['key'], tag['value']]))
    expect((await call('GET', `${path}/metadata`)).body['count']).toBe(2)
    expect((await call('POST', `${path}/metadata`, { team: 'one' })).status).toBe(204)
    expect(await tags()).toEqual({ env: 'prod', os: 'x', team: 'one' })
    expect((await call('PUT', `${path}/metadata`, { env: 'test' })).status).toBe(204)
    expect(await tags()).toEqual({ env: 'test', os: 'x' })
    expect((await call('GET', `${path}/metadata_item?key=env`)).body).toEqual({
      key: 'env',
      value: 'test',
      read_only: false,
    })
    expect((await call('DELETE', `${path}/metadata_item?key=env`)).status).toBe(204)
    expect((await call('DELETE', `${path}/metadata_item?key=env`)).status).toBe(404)
    expect((await call('GET', `${path}/metadata_item`)).status).toBe(400)
    expect((await call('DELETE', `${path}/metadata_item?key=os`)).status).toBe(204)
    expect(await tags()).toEqual({ os: 'x' })
    expect((await call('POST', `${path}/metadata`, { 'a b': 'x' })).status).toBe(400)
    const lent = inRegion('images', `/${emulator.addImage({ own: false })}/metadata`)
    expect((await call('POST', lent, { env: 'mine' })).status).toBe(403)
  })
})

describe('tasks', () => {
  it('can be acknowledged, one or all that have ended', async () => {
    const { call, inRegion, emulator } = await startFixture()
    const tasks: string[] = []
    for (let index = 0; index < 3; index += 1)
      tasks.push(onlyTask(await call('DELETE', inRegion('images', `/${emulator.addImage({})}`))))
    const count = async (query: string) => (await call('GET', `/cloud/v1/tasks?${query}`)).body['count']
    expect((await call('POST', '/cloud/v1/tasks/acknowledge_all')).status).toBe(204)
    expect(await count('is_acknowledged=false')).toBe(3)
    await emulator.clock.advance(60_000)
    const one = await call('POST', `/cloud/v1/tasks/${tasks[0]}/acknowledge`)
    expect(one).toMatchObject({ status: 200, body: { acknowledged_at: '2026-08-21T00:01:00', acknowledged_by: 123 } })
    expect([await count('is_acknowledged=true'), await count('is_acknowledged=false'), await count('')]).toEqual([
      1, 2, 3,
    ])
    expect((await call('POST', '/cloud/v1/tasks/acknowledge_all?region_id=180')).status).toBe(204)
    expect(await count('is_acknowledged=true')).toBe(1)
    expect((await call('POST', `/cloud/v1/tasks/acknowledge_all?project_id=${emulator.project}`)).status).toBe(204)
    expect(await count('is_acknowledged=true')).toBe(3)
    expect((await call('POST', '/cloud/v1/tasks/none/acknowledge')).status).toBe(404)
  })

  it('of a deletion have made nothing, in 36 empty lists', async () => {
    const { call, inRegion, emulator } = await startFixture()
    const task = onlyTask(await call('DELETE', inRegion('images', `/${emulator.addImage({})}`)))
    await emulator.clock.advance(60_000)
    const created = (await call('GET', `/cloud/v1/tasks/${task}`)).body['created_resources']
    expect(Object.values(created as object)).toEqual(Array.from({ length: 36 }, () => []))
  })
})

describe('prices and quotas', () => {
  it('tell the price of a size in GB', async () => {
    const { call, inRegion } = await startFixture()
    expect(await call('POST', inRegion('pricing', '/images'), { size: 1000 })).toMatchObject({
      status: 200,
      body: { currency_code: 'USD', price_per_hour: 0.1, price_per_month: 72, price_status: 'show' },
    })
    for (const body of [{}, { size: 'x' }, { size: -1 }])
      expect((await call('POST', inRegion('pricing', '/images'), body)).status).toBe(400)
  })

  it('are there for all regions at once, and beyond regions', async () => {
    const { call } = await startFixture({ quota: { 76: { images: 7, bytes: 5 } } })
    const { body } = await call('GET', '/cloud/v2/client_quotas')
    const regional = body['regional_quotas'] as readonly { region_id: number; image_count_limit: number }[]
    expect(regional.find(({ region_id }) => region_id === 76)?.image_count_limit).toBe(7)
    expect(Object.keys((await call('GET', '/cloud/v2/global_quotas/123')).body)).toHaveLength(16)
    expect((await call('GET', '/cloud/v2/global_quotas/124')).status).toBe(404)
  })
})
