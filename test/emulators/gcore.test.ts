import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { gptDisk, qcow2Disk, rawDisk, truncated, vhdxDisk } from '../../demo/disk-images.ts'
import type { Body, Fixture, Source } from './gcore-fixture.ts'
import { closeAll, onlyTask, results, startFixture, startSourceHost } from './gcore-fixture.ts'

afterEach(closeAll)

const names = (items: readonly Body[]): readonly unknown[] => items.map((item) => item['name'])
const minute = 60_000

describe('the door', () => {
  it.each([
    [{ authorization: '' }, 'not_authenticated', 'Authentication credentials were not provided.'],
    [{ authorization: 'Basic abc' }, 'not_authenticated', 'Authentication credentials were not provided.'],
    [{ authorization: 'Bearer 1234$abc' }, 'token_not_valid', 'Given token not valid for any token type'],
    [{ authorization: 'APIKey 1234' }, 'token_not_valid', 'Bad permanent token: 1234'],
    [{ authorization: 'APIKey 1234$abcdef00' }, 'token_not_valid', 'Token is invalid or expired'],
  ])('refuses %j with 401', async (headers, exceptionClass, message) => {
    const { call } = await startFixture()
    const answer = await call('GET', '/cloud/v1/regions', undefined, headers)
    expect(answer).toMatchObject({ status: 401, body: { exception_class: exceptionClass, message } })
    expect(answer.body['request_id']).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each(['APIKey', 'apikey', 'APIKEY'])('takes the scheme %s', async (scheme) => {
    const { call, emulator } = await startFixture({ apiKey: '251_d3361abc' })
    const headers = { authorization: `${scheme} 251_d3361abc` }
    expect(emulator.apiKey).toBe('251_d3361abc')
    expect((await call('GET', '/cloud/v1/regions', undefined, headers)).status).toBe(200)
  })

  it('knows nothing of other projects, regions, paths and methods', async () => {
    const { call, inRegion } = await startFixture()
    const notFound = { status: 404, body: { exception_class: 'NotFoundError' } }
    expect(await call('GET', '/cloud/v1/images/1/76')).toMatchObject(notFound)
    expect(await call('GET', inRegion('images', '', 9999))).toMatchObject(notFound)
    expect(await call('GET', inRegion('images', '/no-such-image'))).toMatchObject({
      status: 404,
      body: { message: 'Image no-such-image could not be found' },
    })
    expect(await call('GET', '/cloud/v1/nothing')).toMatchObject({ status: 404 })
    expect(await call('PUT', inRegion('images'))).toMatchObject({
      status: 405,
      body: { exception_class: 'HTTPError', message: 'HTTP 405: Method Not Allowed' },
    })
    expect(await call('GET', '/cloud/v1/images/x/76')).toMatchObject({ status: 400 })
  })

  it('refuses a body that is not JSON', async () => {
    const { call, inRegion } = await startFixture()
    expect(await call('POST', inRegion('downloadimage'), '{"name":')).toMatchObject({
      status: 400,
      body: { exception_class: 'ValidationError' },
    })
  })

  it('remembers the requests', async () => {
    const { call, emulator } = await startFixture()
    await call('GET', '/cloud/v1/regions?limit=1')
    expect(emulator.requests).toMatchObject([{ method: 'GET', path: '/cloud/v1/regions', status: 200 }])
  })
})

describe('regions, projects and quotas', () => {
  it('lists the regions, newest first', async () => {
    const { call } = await startFixture()
    const all = await call('GET', '/cloud/v1/regions')
    expect(all.body['count']).toBe(results(all).length)
    expect(results(all)[0]).toMatchObject({ id: 196, display_name: 'London-2', country: 'GB', zone: 'EMEA' })
    expect(results(all).some(({ state }) => state !== 'ACTIVE')).toBe(true)
    expect(results(all).some((region) => region['has_kvm'] === false)).toBe(true)
    for (const region of results(all)) {
      expect(region['coordinates']).toEqual({ latitude: expect.any(String), longitude: expect.any(String) })
    }
  })

  it('pages them, and finds one by its whole name in any case', async () => {
    const { call } = await startFixture()
    const second = await call('GET', '/cloud/v1/regions?limit=2&offset=2&order_by=created_at.asc')
    expect(results(second).map(({ id }) => id)).toEqual([68, 76])
    expect(second.body['count']).toBeGreaterThan(2)
    expect(names(results(await call('GET', '/cloud/v1/regions?display_name=luxembourg-2')))).toHaveLength(1)
    expect(results(await call('GET', '/cloud/v1/regions?display_name=luxem'))).toHaveLength(0)
    expect(await call('GET', '/cloud/v1/regions/76')).toMatchObject({ body: { display_name: 'Luxembourg-2' } })
    expect((await call('GET', '/cloud/v1/regions/7')).status).toBe(404)
  })

  it('has one project', async () => {
    const { call } = await startFixture({ project: 42 })
    expect(results(await call('GET', '/cloud/v1/projects'))).toMatchObject([{ id: 42, name: 'Default' }])
    expect(await call('GET', '/cloud/v1/projects/42')).toMatchObject({ status: 200, body: { is_default: true } })
    expect((await call('GET', '/cloud/v1/projects/43')).status).toBe(404)
  })

  it('writes their times as those of images', async () => {
    for (const [timestamps, form] of [
      ['zone-less', /T\d\d:\d\d:\d\d$/],
      ['z', /T\d\d:\d\d:\d\dZ$/],
      ['offset', /T\d\d:\d\d:\d\d\+00:00$/],
    ] as const) {
      const { call } = await startFixture({ timestamps })
      const [region] = results(await call('GET', '/cloud/v1/regions?limit=1'))
      const [project] = results(await call('GET', '/cloud/v1/projects'))
      for (const stamp of [region?.['created_at'], region?.['created_on'], project?.['created_at']]) {
        expect(stamp).toMatch(form)
      }
    }
  })

  it('tells the quota of a region', async () => {
    const { call, emulator } = await startFixture({ quota: { 76: { images: 10, bytes: 5000 } } })
    emulator.addImage({ size: 3000 })
    const { body: client } = await call('GET', '/iam/clients/me')
    const quota = await call('GET', `/cloud/v2/regional_quotas/${client['id']}/76`)
    expect(quota.body).toMatchObject({
      image_count_limit: 10,
      image_count_usage: 1,
      image_size_limit: 5000,
      image_size_usage: 3000,
    })
    expect(Object.keys(quota.body)).toHaveLength(103)
    const closed = await call('GET', `/cloud/v2/regional_quotas/${client['id']}/6`)
    expect(closed.body).toMatchObject({ image_count_limit: 0, image_size_limit: 0 })
  })
})

describe('image lists', () => {
  it('show the public catalogue of each region under ids of its own', async () => {
    const { call, inRegion } = await startFixture()
    const here = results(await call('GET', inRegion('images')))
    const there = results(await call('GET', inRegion('images', '', 180)))
    expect(here.length).toBeGreaterThan(9)
    expect([...names(here)].sort()).toEqual([...names(there)].sort())
    const ids = [...here, ...there].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const image of here) expect(image).toMatchObject({ visibility: 'public', project_id: 1337, region_id: 76 })
    expect(here.some(({ architecture }) => architecture === 'aarch64')).toBe(true)
    expect((await call('GET', inRegion('images', `/${there[0]?.['id']}`))).status).toBe(404)
  })

  it('show own and shared images too; projectimages only own ones', async () => {
    const { call, emulator, inRegion } = await startFixture()
    emulator.addImage({ name: 'mine' })
    emulator.addImage({ name: 'lent', own: false, visibility: 'shared' })
    expect(names(results(await call('GET', inRegion('images'))))).toEqual(expect.arrayContaining(['mine', 'lent']))
    const own = await call('GET', inRegion('projectimages', '?limit=0'))
    expect(own.body['count']).toBe(1)
    expect(names(results(own))).toEqual(['mine'])
  })

  it('count over all pages, with at most 1000 on one', async () => {
    const { call, emulator, inRegion } = await startFixture()
    for (let index = 0; index < 5; index += 1) emulator.addImage({ name: `mine-${index}` })
    const page = await call('GET', inRegion('images', '?name=MINE&limit=2&offset=4'))
    expect(page.body['count']).toBe(5)
    expect(results(page)).toHaveLength(1)
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'offset=-1']) {
      expect(await call('GET', inRegion('images', `?${query}`))).toMatchObject({
        status: 400,
        body: {
          exception_class: 'ValidationError',
          invalid_fields: { [query.split('=')[0] ?? '']: expect.anything() },
        },
      })
    }
  })

  it('ignore limit and offset as old servers do', async () => {
    const { call, inRegion } = await startFixture({ pagination: 'ignored' })
    const page = await call('GET', inRegion('images', '?limit=2&offset=3'))
    expect(results(page)).toHaveLength(Number(page.body['count']))
  })

  it('ignore filters where they are told to', async () => {
    const { call, inRegion } = await startFixture({ filters: 'ignored' })
    const all = results(await call('GET', inRegion('images')))
    expect(results(await call('GET', inRegion('images', '?name=ubuntu&architecture=aarch64')))).toEqual(all)
  })

  it('filter by every parameter', async () => {
    const { call, emulator, inRegion } = await startFixture()
    emulator.addImage({ name: 'Web-Server', os_distro: 'plan9', os_version: '4E', tags: { env: 'prod', team: 'a' } })
    emulator.addImage({ name: 'db', architecture: 'aarch64', os_distro: 'plan9', tags: { env: 'dev' } })
    const found = async (query: string) =>
      [...names(results(await call('GET', inRegion('images', `?${query}`))))].sort()
    const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value))
    expect(await found('name=b-serv')).toEqual(['Web-Server'])
    expect(await found('os_distro=PLAN9')).toEqual(['Web-Server', 'db'])
    expect(await found('os_version=4e')).toEqual(['Web-Server'])
    expect(await found('os_distro=plan9&architecture=aarch64')).toEqual(['db'])
    expect(await found('visibility=private')).toEqual(['Web-Server', 'db'])
    expect(await found('private=false')).toEqual(['Web-Server', 'db'])
    expect(await found('tag_key=env')).toEqual(['Web-Server', 'db'])
    expect(await found('tag_key=env&tag_key=team')).toEqual(['Web-Server'])
    expect(await found(`tag_key_value=${json({ env: 'dev' })}`)).toEqual(['db'])
    expect(await found(`tag_key_value=${json({ env: 'prod', team: 'b' })}`)).toEqual([])
    expect((await call('GET', inRegion('images', '?tag_key_value=env'))).status).toBe(400)
    expect((await call('GET', inRegion('images', '?architecture=mips'))).status).toBe(400)
    expect((await call('GET', inRegion('images', '?visibility=secret'))).status).toBe(400)
  })

  it('give prices where asked for', async () => {
    const { call, inRegion } = await startFixture()
    const [plain] = results(await call('GET', inRegion('images', '?name=ubuntu-22.04')))
    expect(plain).toMatchObject({ currency_code: null, price_per_hour: null, price_status: null })
    const [priced] = results(await call('GET', inRegion('images', '?name=ubuntu-22.04&include_prices=true')))
    expect(priced).toMatchObject({ currency_code: 'USD', price_per_hour: expect.any(Number), price_status: 'show' })
  })

  it('have bare-metal images apart, and their detail in common', async () => {
    const { call, inRegion } = await startFixture()
    const metal = results(await call('GET', inRegion('bmimages', '?limit=5', 148)))
    expect(metal).toMatchObject([{ is_baremetal: true, hw_firmware_type: 'uefi' }])
    expect(names(results(await call('GET', inRegion('images', '', 148))))).not.toContain(metal[0]?.['name'])
    expect((await call('GET', inRegion('images', `/${metal[0]?.['id']}`, 148))).status).toBe(200)
  })

  it('fail for one region on demand', async () => {
    const { call, emulator, inRegion } = await startFixture()
    emulator.failRegion(76, 503)
    for (const collection of ['images', 'projectimages', 'bmimages']) {
      expect((await call('GET', inRegion(collection))).status).toBe(503)
    }
    expect((await call('POST', inRegion('downloadimage'), {})).status).toBe(503)
    expect((await call('GET', inRegion('images', '', 180))).status).toBe(200)
    emulator.failRegion(76, undefined)
    expect((await call('GET', inRegion('images'))).status).toBe(200)
  })
})

describe('an image', () => {
  it('has the 33 fields of the specification, and tags by the era', async () => {
    const eras = {
      tags_v2: { tags_v2: [{ key: 'a', value: 'b', read_only: false }] },
      tags: { tags: [{ key: 'a', value: 'b', read_only: false }] },
      strings: { tags: ['a=b'], metadata: { a: 'b' } },
    } as const
    for (const [tagsEra, expected] of Object.entries(eras)) {
      const { call, emulator, inRegion } = await startFixture({ tagsEra: tagsEra as keyof typeof eras })
      const id = emulator.addImage({ tags: { a: 'b' } })
      const { body } = await call('GET', inRegion('images', `/${id}`))
      expect(body).toMatchObject(expected)
      expect(Object.keys(body)).toHaveLength(tagsEra === 'strings' ? 35 : 33)
      expect('tags_v2' in body).toBe(tagsEra === 'tags_v2')
      expect(body).not.toHaveProperty('own')
    }
  })

  it.each([
    ['zone-less', /T\d\d:\d\d:\d\d\.\d{6}$/],
    ['z', /:\d\dZ$/],
    ['offset', /:\d\d\+00:00$/],
    ['compact-offset', /:\d\d\+0000$/],
  ] as const)('has its times written %s', async (timestamps, pattern) => {
    const { call, emulator, inRegion } = await startFixture({ timestamps })
    const { body } = await call('GET', inRegion('images', `/${emulator.addImage({})}`))
    expect(body['created_at']).toMatch(pattern)
    expect(body['updated_at']).toMatch(pattern)
  })

  it('is there from the start where it is given, with an unusual name too', async () => {
    const { call, inRegion } = await startFixture({ images: [{ id: 'seeded', name: 'Große (alt)', region_id: 180 }] })
    expect(await call('GET', inRegion('images', '/seeded', 180))).toMatchObject({ body: { name: 'Große (alt)' } })
  })

  it('has the same id for the same seed', async () => {
    const [one, two, other] = [
      await startFixture({ seed: 7 }),
      await startFixture({ seed: 7 }),
      await startFixture({ seed: 8 }),
    ]
    const id = one.emulator.addImage({})
    expect(two.emulator.addImage({})).toBe(id)
    expect(other.emulator.addImage({})).not.toBe(id)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  })

  it('can be changed at once', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const id = emulator.addImage({ name: 'old' })
    const change = {
      name: 'new name',
      os_type: 'windows',
      ssh_key: 'deny',
      hw_firmware_type: 'uefi',
      hw_machine_type: 'i440',
      is_baremetal: true,
    }
    await emulator.clock.advance(minute)
    const { status, body } = await call('PATCH', inRegion('images', `/${id}`), change)
    expect(status).toBe(200)
    expect(body).toMatchObject(change)
    expect(body['updated_at']).not.toBe(body['created_at'])
    expect((await call('GET', inRegion('images', `/${id}`))).body).toEqual(body)
  })

  it.each([
    ['name', 'ab'],
    ['name', '-starts-wrong'],
    ['name', 'x'.repeat(64)],
    ['hw_machine_type', 'pc'],
    ['hw_firmware_type', null],
    ['ssh_key', 'maybe'],
    ['visibility', 'public'],
    ['architecture', 'aarch64'],
    ['os_version', '1'],
    ['colour', 'red'],
    ['tags', { 'a b': 'x' }],
    ['tags', { a: '' }],
    ['tags', { a: 'x\ty' }],
    ['tags', { a: 'x'.repeat(256) }],
    ['tags', []],
  ])('refuses %s = %j', async (field, value) => {
    const { call, emulator, inRegion } = await startFixture()
    const id = emulator.addImage({ name: 'kept' })
    expect(await call('PATCH', inRegion('images', `/${id}`), { [field]: value })).toMatchObject({
      status: 400,
      body: { exception_class: 'ValidationError', invalid_fields: { [field]: [expect.any(String)] } },
    })
    expect((await call('GET', inRegion('images', `/${id}`))).body).toMatchObject({ name: 'kept' })
  })

  it('has its tags changed by merge patch', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const id = emulator.addImage({ tags: { a: '1', b: '2' }, readOnlyTags: { system: 'x' } })
    const tagsAfter = async (tags: unknown) =>
      (await call('PATCH', inRegion('images', `/${id}`), { tags })).body['tags_v2']
    const system = { key: 'system', value: 'x', read_only: true }
    const tag = (key: string, value: string) => ({ key, value, read_only: false })
    expect(await tagsAfter({ a: null, b: ' 3 ', c: '4' })).toEqual([tag('b', '3'), system, tag('c', '4')])
    expect(await tagsAfter({})).toEqual([tag('b', '3'), system, tag('c', '4')])
    expect(await tagsAfter({ system: null })).toEqual([tag('b', '3'), system, tag('c', '4')])
    expect(await tagsAfter({ system: 'y' })).toEqual([tag('b', '3'), system, tag('c', '4')])
    expect(await tagsAfter(null)).toEqual([system])
  })

  it('is deleted by a task that locks it', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const id = emulator.addImage({})
    const taskId = onlyTask(await call('DELETE', inRegion('images', `/${id}`)))
    const conflict = { status: 409, body: { exception_class: 'ConflictError' } }
    expect(await call('DELETE', inRegion('images', `/${id}`))).toMatchObject(conflict)
    expect(await call('PATCH', inRegion('images', `/${id}`), { name: 'other' })).toMatchObject(conflict)
    expect((await call('GET', inRegion('images', `/${id}`))).body['task_id']).toBe(taskId)
    await emulator.clock.advance(minute)
    const task = await call('GET', `/cloud/v1/tasks/${taskId}`)
    expect(task.body).toMatchObject({ task_type: 'delete_image', state: 'FINISHED', data: { image_id: id } })
    expect((await call('GET', inRegion('images', `/${id}`))).status).toBe(404)
    expect((await call('DELETE', inRegion('images', `/${id}`))).status).toBe(404)
  })

  it('is not changed where it is public, lent, in use or locked', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const [catalogued] = results(await call('GET', inRegion('images')))
    const lent = emulator.addImage({ own: false, visibility: 'shared' })
    for (const id of [catalogued?.['id'], lent]) {
      expect((await call('DELETE', inRegion('images', `/${id}`))).status).toBe(403)
      expect((await call('PATCH', inRegion('images', `/${id}`), { name: 'mine' })).status).toBe(403)
    }
    const used = emulator.addImage({ inUse: true })
    expect((await call('DELETE', inRegion('images', `/${used}`))).status).toBe(409)
    expect((await call('PATCH', inRegion('images', `/${used}`), { name: 'still-fine' })).status).toBe(200)
    const locked = emulator.addImage({ task_id: 'some-task' })
    expect((await call('DELETE', inRegion('images', `/${locked}`))).status).toBe(409)
    const going = emulator.addImage({ status: 'pending_delete' })
    expect((await call('DELETE', inRegion('images', `/${going}`))).status).toBe(409)
    expect((await call('PATCH', inRegion('images', `/${going}`), { name: 'renamed' })).status).toBe(409)
  })
})

/** Starts an import of one source and answers its task id. */
const importOf = async ({ call, inRegion }: Fixture, url: string, fields: Body = {}, regionId = 76): Promise<string> =>
  onlyTask(await call('POST', inRegion('downloadimage', '', regionId), { name: 'imported', url, ...fields }))

const taskOf = async ({ call }: Fixture, id: string): Promise<Body> => (await call('GET', `/cloud/v1/tasks/${id}`)).body

const ownImages = async ({ call, inRegion }: Fixture): Promise<readonly Body[]> =>
  results(await call('GET', inRegion('projectimages')))

describe('an import', () => {
  it('goes from NEW over RUNNING to FINISHED, and its image from saving over active without size to active', async () => {
    const host = await startSourceHost({ 'disk.qcow2': { bytes: qcow2Disk({ virtualBytes: 3 * 2 ** 30 }) } })
    const fixture = await startFixture()
    const { clock } = fixture.emulator
    const taskId = await importOf(fixture, `${host}/disk.qcow2`, { tags: { env: 'prod' } })
    expect(await taskOf(fixture, taskId)).toMatchObject({ state: 'NEW', created_resources: null, error: null })
    await clock.advance(5_000)
    expect(await taskOf(fixture, taskId)).toMatchObject({ state: 'RUNNING', finished_on: null })
    expect(await ownImages(fixture)).toEqual([])
    await clock.advance(295_000)

    const task = await taskOf(fixture, taskId)
    expect(task).toMatchObject({ state: 'FINISHED', task_type: 'download_image', error: null, region_id: 76 })
    const created = task['created_resources'] as Record<string, readonly string[]>
    expect(Object.keys(created)).toHaveLength(36)
    expect(created['volumes']).toEqual([])
    const [image] = await ownImages(fixture)
    expect(created['images']).toEqual([image?.['id']])
    expect(image).toMatchObject({ status: 'saving', size: 0, creator_task_id: taskId, visibility: 'private' })
    expect(image).toMatchObject({ tags_v2: [{ key: 'env', value: 'prod', read_only: false }], name: 'imported' })

    await clock.advance(10_000)
    expect(await ownImages(fixture)).toMatchObject([{ status: 'active', size: 0 }])
    await clock.advance(10_000)
    expect(await ownImages(fixture)).toMatchObject([
      { status: 'active', size: 393_216, min_disk: 3, disk_format: 'qcow2', architecture: 'x86_64', os_type: 'linux' },
    ])
  })

  it.each([
    ['an MBR disk', rawDisk()],
    ['a GPT disk', gptDisk()],
    ['VHDX', vhdxDisk()],
  ])('takes %s', async (_, bytes) => {
    const host = await startSourceHost({ disk: { bytes } })
    const fixture = await startFixture()
    const taskId = await importOf(fixture, `${host}/disk`)
    await fixture.emulator.clock.advance(10 * minute)
    expect(await taskOf(fixture, taskId)).toMatchObject({ state: 'FINISHED' })
    expect(await ownImages(fixture)).toMatchObject([{ size: bytes.length }])
  })

  it('stores a copy-on-write image raw, and as the options say', async () => {
    const host = await startSourceHost({ disk: { bytes: qcow2Disk({ virtualBytes: 2 ** 30 }) } })
    const fixture = await startFixture({ ownVisibility: 'shared', importDuration: minute, settleDuration: 0 })
    const fields = {
      cow_format: true,
      os_distro: 'debian',
      os_version: '12',
      is_baremetal: false,
      hw_machine_type: 'q35',
    }
    await importOf(fixture, `${host}/disk`, fields)
    await fixture.emulator.clock.advance(minute)
    expect(await ownImages(fixture)).toMatchObject([
      {
        status: 'active',
        size: 2 ** 30,
        disk_format: 'raw',
        visibility: 'shared',
        os_distro: 'debian',
        os_version: '12',
      },
    ])
  })

  const failures: readonly (readonly [string, Source, RegExp])[] = [
    ['answers HEAD with 403', { bytes: rawDisk(), headStatus: 403 }, /403/],
    ['answers GET with 500', { bytes: rawDisk(), getStatus: 500 }, /500/],
    ['is a web page', { bytes: Buffer.from('<!doctype html><title>Sign in</title>') }, /web page/],
    ['is a truncated qcow2', { bytes: truncated(qcow2Disk(), 0.7) }, /truncated/],
    ['is a truncated VHDX', { bytes: truncated(vhdxDisk(), 0.3) }, /truncated/],
    ['is no disk image', { bytes: Buffer.from('hello') }, /format/],
    ['is compressed', { bytes: gzipSync(rawDisk()) }, /gzip/],
    ['is an archive', { bytes: Buffer.from('PK\x03\x04....') }, /zip/],
  ]
  it.each(failures)(
    'ends in ERROR, with the reason and without an image, where the source %s',
    async (_, source, reason) => {
      const host = await startSourceHost({ disk: source })
      const fixture = await startFixture()
      const taskId = await importOf(fixture, `${host}/disk`)
      await fixture.emulator.clock.advance(10 * minute)
      const task = await taskOf(fixture, taskId)
      expect(task).toMatchObject({ state: 'ERROR', created_resources: null })
      expect(task['error']).toMatch(reason)
      expect(await ownImages(fixture)).toEqual([])
    },
  )

  it('ends in ERROR where nobody answers, or nothing is there', async () => {
    const host = await startSourceHost({})
    const fixture = await startFixture()
    const missing = await importOf(fixture, `${host}/missing`)
    const nobody = await importOf(fixture, 'http://127.0.0.1:1/disk.qcow2')
    await fixture.emulator.clock.advance(10 * minute)
    expect(await taskOf(fixture, missing)).toMatchObject({ state: 'ERROR', error: expect.stringContaining('404') })
    expect(await taskOf(fixture, nobody)).toMatchObject({ state: 'ERROR', error: expect.any(String) })
  })

  it.each([
    ['name', { name: undefined }],
    ['url', { url: undefined }],
    ['url', { url: 'no url' }],
    ['url', { url: '' }],
    ['name', { name: 'a' }],
    ['architecture', { architecture: 'mips' }],
    ['hw_machine_type', { hw_machine_type: 'pc' }],
    ['os_type', { os_type: null }],
    ['cow_format', { cow_format: 'yes' }],
    ['tags', { tags: { key: null } }],
    ['tags', { tags: { 'a=b': 'c' } }],
    ['visibility', { visibility: 'public' }],
  ])('is refused at once for a wrong %s: %j', async (field, change) => {
    const { call, inRegion } = await startFixture()
    const body = { name: 'imported', url: 'http://127.0.0.1:1/disk', ...change }
    expect(await call('POST', inRegion('downloadimage'), body)).toMatchObject({
      status: 400,
      body: { exception_class: 'ValidationError', invalid_fields: { [field]: [expect.any(String)] } },
    })
    expect((await call('GET', '/cloud/v1/tasks')).body['count']).toBe(0)
  })

  it('is refused where the quota is used up, always in region 6', async () => {
    const fixture = await startFixture({ quota: { 76: { images: 2, bytes: 2 ** 40 } } })
    fixture.emulator.addImage({})
    const body = { name: 'imported', url: 'http://127.0.0.1:1/disk' }
    const post = (regionId: number) => fixture.call('POST', fixture.inRegion('downloadimage', '', regionId), body)
    expect((await post(76)).status).toBe(200)
    expect(await post(76)).toMatchObject({
      status: 400,
      body: {
        exception_class: 'QuotaLimitExceed',
        message: 'Quota limit for image_count exceeded by 1',
        info: { attribute: 'image_count', current_usage: 2, requested_usage: 3, limit: 2 },
      },
    })
    expect(await post(6)).toMatchObject({ body: { exception_class: 'QuotaLimitExceed', info: { limit: 0 } } })
  })

  it('ends in ERROR where the image turns out too large for the quota', async () => {
    const host = await startSourceHost({ disk: { bytes: rawDisk() } })
    const fixture = await startFixture({ quota: { 76: { images: 9, bytes: 1000 } } })
    const taskId = await importOf(fixture, `${host}/disk`)
    await fixture.emulator.clock.advance(10 * minute)
    expect(await taskOf(fixture, taskId)).toMatchObject({
      state: 'ERROR',
      error: `Quota limit for image_size exceeded by ${2 ** 20 - 1000}`,
    })
  })

  it('waits for a place, and is given up when it has not started within 10 minutes', async () => {
    const host = await startSourceHost({ disk: { bytes: rawDisk() } })
    const fixture = await startFixture({ concurrentImports: 1, importDuration: 8 * minute })
    const { clock } = fixture.emulator
    const tasks = [await importOf(fixture, `${host}/disk`), await importOf(fixture, `${host}/disk`)]
    tasks.push(await importOf(fixture, `${host}/disk`, {}, 180))
    const states = async () => (await Promise.all(tasks.map((id) => taskOf(fixture, id)))).map(({ state }) => state)
    await clock.advance(7 * minute)
    expect(await states()).toEqual(['RUNNING', 'NEW', 'NEW'])
    await clock.advance(2 * minute)
    expect(await states()).toEqual(['FINISHED', 'RUNNING', 'NEW'])
    await clock.advance(2 * minute)
    expect(await states()).toEqual(['FINISHED', 'RUNNING', 'ERROR'])
    expect((await taskOf(fixture, tasks[2] ?? ''))['error']).toBe(
      'Task was not started within 10 minutes of creation. Marked as failed by scheduler cleanup.',
    )
    await clock.advance(20 * minute)
    expect(await states()).toEqual(['FINISHED', 'FINISHED', 'ERROR'])
  })

  it('goes by itself on a clock that runs', async () => {
    const host = await startSourceHost({ disk: { bytes: rawDisk() } })
    const fixture = await startFixture({ timeScale: 100_000, importDuration: 20_000, settleDuration: 0 })
    const taskId = await importOf(fixture, `${host}/disk`)
    let state: unknown
    // Asking again and again takes long enough: 20 virtual seconds are less than a real millisecond.
    for (let tries = 0; tries < 1000 && state !== 'FINISHED'; tries += 1)
      state = (await taskOf(fixture, taskId))['state']
    expect(state).toBe('FINISHED')
  })
})

describe('tasks', () => {
  it('are listed ten to a page, newest first, and filtered', async () => {
    const fixture = await startFixture({ concurrentImports: 100 })
    const { call, emulator } = fixture
    const ids: string[] = []
    for (let index = 0; index < 12; index += 1) {
      await emulator.clock.advance(1000)
      ids.push(await importOf(fixture, 'http://127.0.0.1:1/disk', {}, index % 2 === 0 ? 76 : 180))
    }
    const list = async (query: string) => {
      const answer = await call('GET', `/cloud/v1/tasks?${query}`)
      return { count: answer.body['count'], ids: results(answer).map(({ id }) => id) }
    }
    expect(await list('')).toEqual({ count: 12, ids: [...ids].reverse().slice(0, 10) })
    expect(await list('order_by=asc&limit=3&offset=1')).toEqual({ count: 12, ids: ids.slice(1, 4) })
    expect((await list('region_id=180&limit=1000')).count).toBe(6)
    expect((await list('region_id=180&region_id=76')).count).toBe(12)
    expect((await list('project_id=1')).count).toBe(0)
    expect((await list('project_id=1&project_id=1337')).count).toBe(12)
    expect((await list('task_type=delete_image')).count).toBe(0)
    expect((await list('state=FINISHED')).count).toBe(0)
    expect((await list('state=NEW&state=ERROR&state=RUNNING')).count).toBe(12)
    expect((await call('GET', '/cloud/v1/tasks?state=DONE')).status).toBe(400)
    expect((await call('GET', '/cloud/v1/tasks?limit=1001')).status).toBe(400)
    expect((await call('GET', '/cloud/v1/tasks/none')).status).toBe(404)

    const active = await call('GET', fixture.inRegion('tasks', '/active'))
    expect(Number(active.body['count'])).toBeGreaterThan(0)
    await emulator.clock.advance(minute)
    expect((await call('GET', fixture.inRegion('tasks', '/active'))).body['count']).toBe(0)
    expect((await list('state=ERROR')).count).toBe(12)
  })
})
