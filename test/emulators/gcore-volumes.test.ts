import { afterEach, describe, expect, it } from 'vitest'
import { type Body, closeAll, onlyTask, results, startFixture } from './gcore-fixture.ts'

afterEach(closeAll)

const volume = '0b4d8a5e-1f0c-4b6a-9c57-3f9d2b1c7e11'
const unbootable = '1b4d8a5e-1f0c-4b6a-9c57-3f9d2b1c7e11'
const volumes = [
  { id: volume, size: 3 * 2 ** 30 + 1 },
  { id: unbootable, bootable: false },
]
const body = { name: 'web', volume_id: volume }

describe('an image of a volume', () => {
  it('is made by a task, and can be used when that has finished', async () => {
    const { call, inRegion, emulator } = await startFixture({ volumes })
    const tags = { env: 'prod' }
    const task = onlyTask(
      await call('POST', inRegion('images'), { ...body, source: 'volume', os_type: 'windows', tags }),
    )
    const read = async () => (await call('GET', `/cloud/v1/tasks/${task}`)).body
    expect(await read()).toMatchObject({
      task_type: 'create_image',
      state: 'NEW',
      region_id: 76,
      created_resources: null,
    })
    await emulator.clock.advance(30_000)
    expect(await read()).toMatchObject({ state: 'RUNNING' })
    expect(results(await call('GET', inRegion('projectimages')))).toEqual([])
    await emulator.clock.advance(30_000)
    const [image] = results(await call('GET', inRegion('projectimages')))
    expect(await read()).toMatchObject({ state: 'FINISHED', created_resources: { images: [image?.['id']] } })
    expect(image).toMatchObject({
      name: 'web',
      status: 'active',
      size: 3 * 2 ** 30 + 1,
      min_disk: 4,
      os_type: 'windows',
      architecture: 'x86_64',
      creator_task_id: task,
      tags_v2: [{ key: 'env', value: 'prod', read_only: false }],
    })
  })

  it.each<[string, Body, number, Body]>([
    [
      'a volume that is not there',
      { volume_id: '2b4d8a5e-1f0c-4b6a-9c57-3f9d2b1c7e11' },
      404,
      { exception_class: 'NotFoundError' },
    ],
    [
      'a volume that cannot be booted from',
      { volume_id: unbootable },
      400,
      { invalid_fields: { volume_id: expect.anything() } },
    ],
    ['what is no UUID', { volume_id: '5' }, 400, { invalid_fields: { volume_id: expect.anything() } }],
    ['another source', { source: 'server' }, 400, { invalid_fields: { source: expect.anything() } }],
    ['a field of imports', { os_distro: 'ubuntu' }, 400, { invalid_fields: { os_distro: expect.anything() } }],
    ['a name that is too short', { name: 'a' }, 400, { invalid_fields: { name: expect.anything() } }],
  ])('is refused of %s', async (_, more, status, expected) => {
    const { call, inRegion } = await startFixture({ volumes })
    const answer = await call('POST', inRegion('images'), { ...body, ...more })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject(expected)
  })

  it('is not made in another region, and counts in the quota from its acceptance on', async () => {
    const { call, inRegion, emulator } = await startFixture({ quota: { 76: { images: 1, bytes: 2 ** 40 } } })
    const id = emulator.addVolume()
    const elsewhere = emulator.addVolume({ region_id: 148 })
    expect((await call('POST', inRegion('images'), { ...body, volume_id: elsewhere })).status).toBe(404)
    onlyTask(await call('POST', inRegion('images'), { ...body, volume_id: id }))
    const second = await call('POST', inRegion('images'), { ...body, volume_id: id })
    expect(second.body).toMatchObject({ exception_class: 'QuotaLimitExceed', info: { attribute: 'image_count' } })
  })
})

describe('what a task tells of its request', () => {
  const tags = { env: 'prod' }
  const url = 'http://127.0.0.1:1/web.qcow2'
  it.each([
    ['full', { name: 'web', url, tags }, { ...body, tags }],
    ['name-and-url', { name: 'web', url }, body],
    ['none', null, null],
  ] as const)('is %s', async (taskData, ofImport, ofCapture) => {
    const { call, inRegion } = await startFixture({ taskData, volumes })
    const imported = onlyTask(await call('POST', inRegion('downloadimage'), { name: 'web', url, tags }))
    const captured = onlyTask(await call('POST', inRegion('images'), { ...body, tags }))
    expect((await call('GET', `/cloud/v1/tasks/${imported}`)).body['data']).toEqual(ofImport)
    expect((await call('GET', `/cloud/v1/tasks/${captured}`)).body['data']).toEqual(ofCapture)
  })
})

describe('projects', () => {
  const furtherProjects = [
    { id: 7, name: 'web' },
    { id: 8, name: 'old', deleted: true },
  ]

  it('are listed without the deleted ones unless those are asked for, and by name', async () => {
    const { call } = await startFixture({ projectName: 'main', furtherProjects })
    const names = async (query: string) =>
      results(await call('GET', `/cloud/v1/projects${query}`)).map(({ name, state, deleted_at }) => [
        name,
        state,
        deleted_at,
      ])
    expect(await names('')).toEqual([
      ['main', 'ACTIVE', null],
      ['web', 'ACTIVE', null],
    ])
    expect(await names('?name=web')).toEqual([['web', 'ACTIVE', null]])
    expect(await names('?include_deleted=true')).toContainEqual(['old', 'DELETED', expect.any(String)])
    expect((await call('GET', '/cloud/v1/projects?limit=1')).body).toMatchObject({ count: 2, results: [{ id: 1337 }] })
    expect((await call('GET', '/cloud/v1/projects/7')).body).toMatchObject({ name: 'web', is_default: false })
    expect((await call('GET', '/cloud/v1/projects/9')).status).toBe(404)
  })
})
