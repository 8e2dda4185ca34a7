import { gzipSync } from 'node:zlib'
import type { GcoreEmulatorOptions } from 'imageferry/gcore/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { qcow2Disk, rawDisk } from '../../demo/disk-images.ts'
import { isoVolume, sparseVmdk } from '../inspect/other-formats.ts'
import { type Body, closeAll, type Fixture, onlyTask, results, startFixture, startSourceHost } from './gcore-fixture.ts'

afterEach(closeAll)

const minute = 60_000

const imageOf = async ({ call, inRegion, emulator }: Fixture, seed: Parameters<typeof emulator.addImage>[0] = {}) =>
  (await call('GET', inRegion('images', `/${emulator.addImage(seed)}?include_prices=true`))).body

const listed = async ({ call, inRegion }: Fixture, query: string, collection = 'images', region = 76) =>
  results(await call('GET', inRegion(collection, `?${query}`, region)))

const names = (items: readonly Body[]) => items.map(({ name }) => name)

const importOne = async ({ call, inRegion }: Fixture, url: string, more: Body = {}) =>
  onlyTask(await call('POST', inRegion('downloadimage'), { name: 'imported', url, ...more }))

const taskOf = async ({ call }: Fixture, id: string) => (await call('GET', `/cloud/v1/tasks/${id}`)).body

const own = async (fixture: Fixture) => listed(fixture, '', 'projectimages')

describe('an image', () => {
  const tags = [{ key: 'env', value: 'prod', read_only: false }]
  it.each<[GcoreEmulatorOptions, Body]>([
    [{ tagsEra: 'tags_v2-and-tags' }, { tags_v2: tags, tags }],
    [{ tagsEra: 'tags_v2-and-strings' }, { tags_v2: tags, tags: ['env=prod'] }],
    [{ tagsEra: 'strings' }, { tags: ['env=prod'], metadata: { env: 'prod' }, metadata_detailed: tags }],
    [{ machineTypes: 'pc' }, { hw_machine_type: 'pc' }],
    [{ machineTypes: 'i440' }, { hw_machine_type: 'i440' }],
    [{ prices: 'hide' }, { price_status: 'hide', price_per_hour: null, currency_code: null }],
    [{ prices: 'error' }, { price_status: 'error', price_per_hour: null }],
    [{ prices: 'trial' }, { price_status: 'show', price_per_hour: 0, price_per_month: 0 }],
    [{ zoneLessOffset: 2 * 60 * minute }, { created_at: '2026-08-21T02:00:00.000000' }],
    [{ zoneLessOffset: 60 * minute, timestamps: 'z' }, { created_at: '2026-08-21T00:00:00Z' }],
  ])('by %j reads %j', async (options, expected) => {
    const fixture = await startFixture(options)
    expect(await imageOf(fixture, { tags: { env: 'prod' }, hw_machine_type: 'i440' })).toMatchObject(expected)
  })

  it('has twelve fields by the guide', async () => {
    const image = await imageOf(await startFixture({ fields: 'guide' }), { tags: { env: 'prod' } })
    expect(Object.keys(image)).toHaveLength(12)
    expect(image).not.toHaveProperty('tags_v2')
    expect(image).not.toHaveProperty('task_id')
  })

  it('takes `pc` where it is called so, and `i440` too', async () => {
    for (const [machineTypes, status] of [
      ['pc', 200],
      ['i440', 400],
    ] as const) {
      const { call, inRegion, emulator } = await startFixture({ machineTypes })
      const path = inRegion('images', `/${emulator.addImage({})}`)
      expect((await call('PATCH', path, { hw_machine_type: 'pc' })).status).toBe(status)
      expect((await call('PATCH', path, { hw_machine_type: 'i440' })).body['hw_machine_type']).toBe(machineTypes)
    }
  })

  it('answers a change with three fields where told', async () => {
    const { call, inRegion, emulator } = await startFixture({ patchAnswer: 'three-fields' })
    const id = emulator.addImage({})
    const { body } = await call('PATCH', inRegion('images', `/${id}`), { name: 'other' })
    expect(body).toEqual({ id, name: 'other', status: 'active' })
  })

  it('has its unknown fields ignored where told', async () => {
    const { call, inRegion, emulator } = await startFixture({ unknownFields: 'ignored' })
    const path = inRegion('images', `/${emulator.addImage({})}`)
    const { status, body } = await call('PATCH', path, { name: 'other', visibility: 'public', size: 1, own: false })
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'other', visibility: 'private', size: 2_361_393_152 })
    expect((await call('DELETE', path)).status).toBe(200)
  })

  it.each([
    ['by-null', null, [], 200],
    ['by-null', {}, ['env'], 200],
    ['by-empty', null, ['env'], 400],
    ['by-empty', {}, [], 200],
  ] as const)('loses its tags %s: %j', async (clearingTags, patch, left, status) => {
    const { call, inRegion, emulator } = await startFixture({ clearingTags })
    const path = inRegion('images', `/${emulator.addImage({ tags: { env: 'prod' }, readOnlyTags: { os: 'x' } })}`)
    expect((await call('PATCH', path, { tags: patch })).status).toBe(status)
    const tagsLeft = (await call('GET', path)).body['tags_v2'] as readonly { key: string }[]
    expect(tagsLeft.map(({ key }) => key)).toEqual([...left, 'os'])
  })

  it.each([
    [1, 200],
    [3, 400],
  ] as const)('has tags of at least %i characters', async (shortestTag, status) => {
    const { call, inRegion, emulator } = await startFixture({ shortestTag })
    const path = inRegion('images', `/${emulator.addImage({})}`)
    expect((await call('PATCH', path, { tags: { ab: 'yes' } })).status).toBe(status)
    expect((await call('PATCH', path, { tags: { abc: 'no' } })).status).toBe(status)
    expect((await call('PATCH', path, { tags: { abc: 'yes' } })).status).toBe(200)
  })

  it.each([
    ['refused', 'qcow2', 409],
    ['deletable', 'qcow2', 200],
    ['deletable', 'raw', 409],
  ] as const)('in use is %s where it is stored as %s: %i', async (standardInUse, disk_format, status) => {
    const { call, inRegion, emulator } = await startFixture({ standardInUse })
    const id = emulator.addImage({ inUse: true, disk_format })
    expect((await call('DELETE', inRegion('images', `/${id}`))).status).toBe(status)
  })
})

describe('refusals', () => {
  it.each([400, 403, 409, 423] as const)('of a locked image are %i', async (lockStatus) => {
    const { call, inRegion, emulator } = await startFixture({ lockStatus })
    const path = inRegion('images', `/${emulator.addImage({ task_id: 'some-task' })}`)
    expect((await call('PATCH', path, { name: 'other' })).status).toBe(lockStatus)
    expect((await call('DELETE', path)).status).toBe(lockStatus)
  })

  it('of wrong fields and of a full quota have the statuses of the options', async () => {
    const fixture = await startFixture({ validationStatus: 422, quotaStatus: 403 })
    const post = (body: object, region: number) =>
      fixture.call('POST', fixture.inRegion('downloadimage', '', region), body)
    expect(await post({}, 76)).toMatchObject({ status: 422, body: { exception_class: 'ValidationError' } })
    expect(await post({ name: 'full', url: 'http://127.0.0.1:1/' }, 6)).toMatchObject({
      status: 403,
      body: { exception_class: 'QuotaLimitExceed' },
    })
  })

  it.each<[GcoreEmulatorOptions['unauthorizedBody'], Body]>([
    ['cloud', { exception_class: 'token_not_valid', request_id: expect.any(String) }],
    ['detail', { code: 'token_not_valid', detail: 'Token is invalid or expired' }],
    ['empty', {}],
  ])('of a key have a body by %s', async (unauthorizedBody = 'cloud', expected) => {
    const { call } = await startFixture({ unauthorizedBody })
    const answer = await call('GET', '/cloud/v1/regions', undefined, { authorization: 'APIKey 1$ab' })
    expect(answer).toEqual({
      status: 401,
      body: unauthorizedBody === 'cloud' ? expect.objectContaining(expected) : expected,
    })
  })

  it('tell no request where told', async () => {
    const { call } = await startFixture({ requestIds: 'never' })
    expect((await call('GET', '/cloud/v1/nothing')).body).not.toHaveProperty('request_id')
  })

  it('are for other spellings of the scheme where told', async () => {
    const { call, emulator } = await startFixture({ schemeCase: 'documented' })
    const statusOf = async (scheme: string) =>
      (await call('GET', '/cloud/v1/regions', undefined, { authorization: `${scheme} ${emulator.apiKey}` })).status
    expect(await Promise.all(['APIKey', 'apikey', 'APIKEY', 'ApiKey'].map(statusOf))).toEqual([200, 200, 401, 401])
  })
})

describe('lists', () => {
  const seeds = [
    { id: 'b', name: 'web-1', createdAtMs: 1, tags: { env: 'prod', team: 'one' }, os_distro: 'debian' },
    { id: 'c', name: 'web-2', createdAtMs: 3, tags: { env: 'prod' }, visibility: 'shared' },
    { id: 'a', name: 'web-3', createdAtMs: 2, tags: { team: 'one' } },
  ]
  it.each<[GcoreEmulatorOptions, string, readonly string[]]>([
    [{}, 'name=web', ['web-2', 'web-3', 'web-1']],
    [{ listOrder: 'oldest' }, 'name=web', ['web-1', 'web-3', 'web-2']],
    [{ listOrder: 'id' }, 'name=web', ['web-3', 'web-1', 'web-2']],
    [{}, 'tag_key=env&tag_key=team', ['web-1']],
    [{ tagKeys: 'any' }, 'tag_key=env&tag_key=team', ['web-2', 'web-3', 'web-1']],
    [{ tagKeys: 'any' }, 'name=web-1', ['web-1']],
    [{}, 'metadata_k=team', ['web-3', 'web-1']],
    [{}, `metadata_kv=${encodeURIComponent('{"env":"prod"}')}`, ['web-2', 'web-1']],
    [{}, 'private=false&name=web', ['web-3', 'web-1']],
    [{ privateFilter: 'boolean' }, 'private=false&name=web', ['web-2', 'web-3', 'web-1']],
    [{ privateFilter: 'boolean' }, 'private=true&name=web', ['web-3', 'web-1']],
    [{ filters: 'older' }, 'private=true&name=web-1&os_distro=debian', ['web-3', 'web-1']],
    [{ filters: 'older' }, 'visibility=shared&architecture=aarch64', ['web-2']],
  ])('by %j find by %s', async (options, query, expected) => {
    expect(names(await listed(await startFixture({ ...options, images: seeds }), query))).toEqual(expected)
  })

  it('have the flag of bare metal, or null', async () => {
    for (const [bareMetalFlag, flag] of [
      ['true', true],
      ['null', null],
    ] as const) {
      const fixture = await startFixture({ bareMetalFlag })
      const [image] = await listed(fixture, '', 'bmimages', 148)
      expect(image).toMatchObject({ is_baremetal: flag })
      const detail = await fixture.call('GET', fixture.inRegion('images', `/${image?.['id']}`, 148))
      expect(detail.body['is_baremetal']).toBe(true)
    }
  })

  it.each([
    ['not-found', 404],
    ['empty', 200],
  ] as const)('of what a region does not have are %s', async (absentLists, status) => {
    const { call, inRegion, emulator } = await startFixture({ absentLists })
    for (const path of [inRegion('bmimages'), `/cloud/v3/gpu/virtual/${emulator.project}/76/images`]) {
      const answer = await call('GET', path)
      expect(answer.status).toBe(status)
      if (status === 200) expect(answer.body).toEqual({ count: 0, results: [] })
    }
  })

  it.each([
    ['text', { latitude: '22.27832', longitude: '114.17469' }],
    ['number', { latitude: 22.27832, longitude: 114.17469 }],
    ['null', null],
  ] as const)('of regions have coordinates as %s', async (coordinates, expected) => {
    const { call } = await startFixture({ coordinates })
    expect((await call('GET', '/cloud/v1/regions/64')).body['coordinates']).toEqual(expected)
  })

  it('of tasks show a new one late, which is there by its id', async () => {
    const fixture = await startFixture({ taskListLag: 30_000 })
    const task = await importOne(fixture, 'http://127.0.0.1:1/')
    const counts = async () => [
      (await fixture.call('GET', '/cloud/v1/tasks')).body['count'],
      (await fixture.call('GET', `/cloud/v1/tasks?state=${(await taskOf(fixture, task))['state']}`)).body['count'],
    ]
    expect(await counts()).toEqual([0, 0])
    await fixture.emulator.clock.advance(29_999)
    expect(await counts()).toEqual([0, 0])
    await fixture.emulator.clock.advance(1)
    expect(await counts()).toEqual([1, 1])
  })
})

describe('an import', () => {
  it('settles by the words of the options', async () => {
    const host = await startSourceHost({ disk: { bytes: rawDisk() } })
    const fixture = await startFixture({
      importDuration: minute,
      settleDuration: 30_000,
      settleStatuses: ['queued', 'uploading', 'active'],
      settleSize: null,
      settlesTo: 'killed',
    })
    await importOne(fixture, `${host}/disk`)
    await fixture.emulator.clock.advance(minute)
    const seen: unknown[] = []
    for (let look = 0; look < 4; look += 1) {
      const [image] = await own(fixture)
      seen.push([image?.['status'], image?.['size']])
      await fixture.emulator.clock.advance(10_000)
    }
    expect(seen).toEqual([
      ['queued', null],
      ['uploading', null],
      ['active', null],
      ['killed', null],
    ])
  })

  it('settles in some cases only, drawn from the seed', async () => {
    const host = await startSourceHost({ disk: { bytes: rawDisk() } })
    const settling = async (settleShare: number) => {
      const fixture = await startFixture({ settleShare, concurrentImports: 40, importDuration: minute })
      await Promise.all(Array.from({ length: 40 }, () => importOne(fixture, `${host}/disk`)))
      await fixture.emulator.clock.advance(minute)
      return (await own(fixture)).filter(({ status }) => status === 'saving').length
    }
    expect(await settling(0)).toBe(0)
    expect(await settling(1)).toBe(40)
    const some = await settling(0.25)
    expect(some).toBeGreaterThan(2)
    expect(some).toBeLessThan(20)
    expect(await settling(0.25)).toBe(some)
  })

  it('takes a time between two', async () => {
    const host = await startSourceHost({ disk: { bytes: rawDisk() } })
    const fixture = await startFixture({ importDuration: [8 * minute, 75 * minute], concurrentImports: 10 })
    const tasks = await Promise.all(Array.from({ length: 8 }, () => importOne(fixture, `${host}/disk`)))
    const ended = async () =>
      (await Promise.all(tasks.map((id) => taskOf(fixture, id)))).filter(({ state }) => state === 'FINISHED').length
    await fixture.emulator.clock.advance(8 * minute - 1)
    expect(await ended()).toBe(0)
    await fixture.emulator.clock.advance(30 * minute)
    const halfway = await ended()
    expect(halfway).toBeGreaterThan(0)
    expect(halfway).toBeLessThan(8)
    await fixture.emulator.clock.advance(37 * minute)
    expect(await ended()).toBe(8)
  })

  it('tells its error before its state does, where told', async () => {
    const fixture = await startFixture({ earlyError: 30_000 })
    const task = await importOne(fixture, 'http://127.0.0.1:1/')
    await fixture.emulator.clock.advance(5_000)
    expect(await taskOf(fixture, task)).toMatchObject({ state: 'RUNNING', error: expect.stringContaining('failed') })
    await fixture.emulator.clock.advance(30_000)
    expect(await taskOf(fixture, task)).toMatchObject({ state: 'ERROR', error: expect.any(String) })
  })

  it.each([
    ['nothing', []],
    ['killed', [{ status: 'killed', size: 0 }]],
    ['queued', [{ status: 'queued', size: 0 }]],
  ] as const)('that fails leaves %s', async (failedImport, expected) => {
    const fixture = await startFixture({ failedImport })
    const task = await importOne(fixture, 'http://127.0.0.1:1/')
    await fixture.emulator.clock.advance(20 * minute)
    expect(await taskOf(fixture, task)).toMatchObject({ state: 'ERROR', created_resources: null })
    const left = await own(fixture)
    expect(left).toMatchObject(expected)
    for (const image of left) expect(image['creator_task_id']).toBe(task)
  })

  it.each([
    ['unknown', 'unknown'],
    ['empty', ''],
    ['null', null],
  ] as const)('without a distribution reads %s', async (unsetOs, expected) => {
    const host = await startSourceHost({ disk: { bytes: rawDisk() } })
    const fixture = await startFixture({ unsetOs })
    await importOne(fixture, `${host}/disk`)
    await fixture.emulator.clock.advance(20 * minute)
    expect(await own(fixture)).toMatchObject([{ os_distro: expected, os_version: expected }])
  })

  it.each<[GcoreEmulatorOptions, string, string]>([
    [{}, 'gzip', 'ERROR'],
    [{ compression: 'taken' }, 'gzip', 'FINISHED'],
    [{}, 'vmdk', 'FINISHED'],
    [{}, 'iso', 'FINISHED'],
    [{ uncertainFormats: 'refused' }, 'vmdk', 'ERROR'],
    [{ uncertainFormats: 'refused' }, 'iso', 'ERROR'],
    [{ uncertainFormats: 'refused' }, 'qcow2', 'FINISHED'],
  ])('by %j of %s ends %s', async (options, file, state) => {
    const host = await startSourceHost({
      gzip: { bytes: gzipSync(rawDisk()) },
      vmdk: { bytes: sparseVmdk() },
      iso: { bytes: isoVolume() },
      qcow2: { bytes: qcow2Disk({ virtualBytes: 2 ** 30 }) },
    })
    const fixture = await startFixture(options)
    const task = await importOne(fixture, `${host}/${file}`)
    await fixture.emulator.clock.advance(20 * minute)
    expect(await taskOf(fixture, task)).toMatchObject({ state })
  })
})
