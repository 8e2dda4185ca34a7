import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, results, startFixture } from './gcore-fixture.ts'

afterEach(closeAll)

describe('a refused request', () => {
  it('is explained as the guides show it', async () => {
    const { call, inRegion } = await startFixture()
    const bare = await call('POST', inRegion('downloadimage'), {})
    expect(bare.body['message']).toBe("Validation Error: {'name': ['Field required'], 'url': ['Field required']}")
    // A text with a quotation mark in it has the other one around it.
    const visibility = await call('GET', inRegion('images', '?visibility=none'))
    expect(visibility.body['message']).toBe(
      `Validation Error: {'visibility': ["Input should be 'private', 'public' or 'shared'"]}`,
    )
    const tag = await call('POST', inRegion('downloadimage'), {
      name: 'disk',
      url: 'http://x/',
      tags: { 'it\'s "a"': 'b' },
    })
    expect(tag.body['message']).toContain(`{'tags': ['Tag key "it\\'s \\\\"a\\\\"" should have`)
  })

  it('names the parts of a path as the specification does', async () => {
    const { call } = await startFixture()
    for (const [path, field] of [
      ['/cloud/v1/images/x/76', 'project_id'],
      ['/cloud/v1/projectimages/1337/x', 'region_id'],
      ['/cloud/v1/tasks/1337/x/active', 'region_id'],
      ['/cloud/v1/regions/x', 'region_id'],
      ['/cloud/v1/projects/x', 'project_id'],
      ['/cloud/v2/regional_quotas/x/76', 'client_id'],
    ] as const) {
      expect(await call('GET', path)).toMatchObject({
        status: 400,
        body: { exception_class: 'ValidationError', invalid_fields: { [field]: ['Input should be a valid integer'] } },
      })
    }
  })

  it('may have a field of any name', async () => {
    const { call, inRegion, emulator } = await startFixture()
    const id = emulator.addImage({ name: 'own' })
    const before = await call('GET', inRegion('images', `/${id}`))
    for (const [method, path, body] of [
      ['POST', inRegion('downloadimage'), '{"name":"disk","url":"http://127.0.0.1/","__proto__":{"status":"killed"}}'],
      ['PATCH', inRegion('images', `/${id}`), '{"__proto__":{"status":"killed"}}'],
      ['PATCH', inRegion('images', `/${id}`), '{"constructor":{}}'],
    ] as const) {
      const answer = await call(method, path, body)
      expect(answer).toMatchObject({ status: 400, body: { exception_class: 'ValidationError' } })
      expect(Object.values(answer.body['invalid_fields'] ?? {})).toEqual([['Extra inputs are not permitted']])
    }
    expect(await call('GET', inRegion('images', `/${id}`))).toEqual(before)
    expect((await call('GET', '/cloud/v1/tasks')).body['count']).toBe(0)
  })

  it('is not one for a tag of any name', async () => {
    const { call, inRegion, emulator } = await startFixture()
    const id = emulator.addImage({ name: 'own' })
    const changed = await call('PATCH', inRegion('images', `/${id}`), '{"tags":{"__proto__":"a","constructor":"b"}}')
    expect(changed.body['tags_v2']).toEqual([
      { key: '__proto__', value: 'a', read_only: false },
      { key: 'constructor', value: 'b', read_only: false },
    ])
    const found = await call('GET', inRegion('images', `?tag_key_value=${encodeURIComponent('{"__proto__":"a"}')}`))
    expect(results(found)).toMatchObject([{ id }])
  })
})
