import { afterEach, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import type { Body, Fixture } from './gcore-fixture.ts'
import { closeAll, onlyTask, results, startFixture, startSourceHost } from './gcore-fixture.ts'

afterEach(closeAll)

const minute = 60_000
const inGpuRegion = 148
const withoutGpu = 76

const namespaces = ['virtual', 'baremetal'] as const
type Namespace = (typeof namespaces)[number]

const names = (items: readonly Body[]): readonly unknown[] => items.map(({ name }) => name)

const gpuPath = ({ emulator }: Fixture, namespace: string, rest = '', regionId = inGpuRegion): string =>
  `/cloud/v3/gpu/${namespace}/${emulator.project}/${regionId}/images${rest}`

const addGpuImage = ({ emulator }: Fixture, gpuNamespace: Namespace, more: object = {}): string =>
  emulator.addImage({ region_id: inGpuRegion, gpuNamespace, name: 'mine', ...more })

describe('regions', () => {
  it('tell whether they have bare metal and GPU servers', async () => {
    const { call } = await startFixture()
    expect((await call('GET', `/cloud/v1/regions/${inGpuRegion}`)).body).toMatchObject({
      has_ai_gpu: true,
      has_baremetal: true,
    })
    expect((await call('GET', `/cloud/v1/regions/${withoutGpu}`)).body).toMatchObject({
      has_ai_gpu: false,
      has_baremetal: false,
    })
  })
})

describe.each(namespaces)('%s GPU images', (namespace) => {
  it('have the 22 fields of the specification, with tags in every era', async () => {
    for (const tagsEra of ['tags_v2', 'strings'] as const) {
      const fixture = await startFixture({ tagsEra })
      const id = addGpuImage(fixture, namespace, { tags: { a: 'b' } })
      const { body } = await fixture.call('GET', gpuPath(fixture, namespace, `/${id}`))
      expect(Object.keys(body)).toHaveLength(22)
      expect(body).toMatchObject({ id, name: 'mine', tags: [{ key: 'a', value: 'b', read_only: false }] })
      for (const field of ['tags_v2', 'project_id', 'region_id', 'region', 'hw_machine_type', 'creator_task_id'])
        expect(body).not.toHaveProperty(field)
    }
  })

  it('are a namespace of their own, with a catalogue of their own', async () => {
    const fixture = await startFixture()
    const { call, inRegion } = fixture
    const id = addGpuImage(fixture, namespace)
    const here = await call('GET', gpuPath(fixture, namespace))
    expect(here.body['count']).toBe(2)
    expect(names(results(here))).toContain('mine')
    expect(results(here)).toContainEqual(expect.objectContaining({ visibility: 'public', gpu_driver: 'nvidia' }))
    const other = namespace === 'virtual' ? 'baremetal' : 'virtual'
    expect(names(results(await call('GET', gpuPath(fixture, other))))).not.toContain('mine')
    expect((await call('GET', gpuPath(fixture, other, `/${id}`))).status).toBe(404)
    expect((await call('GET', inRegion('images', `/${id}`, inGpuRegion))).status).toBe(404)
    for (const list of ['images', 'projectimages', 'bmimages'])
      expect(names(results(await call('GET', inRegion(list, '', inGpuRegion))))).not.toContain('mine')
  })

  it('are nowhere where the region has no GPU servers', async () => {
    const fixture = await startFixture()
    for (const [method, rest] of [
      ['GET', ''],
      ['POST', ''],
      ['GET', '/some'],
      ['PATCH', '/some'],
      ['DELETE', '/some'],
    ] as const)
      expect(await fixture.call(method, gpuPath(fixture, namespace, rest, withoutGpu))).toMatchObject({
        status: 404,
        body: { exception_class: 'NotFoundError' },
      })
  })

  it('come in pages without filters; servers that know no pages give all', async () => {
    for (const [pagination, rows] of [
      ['honoured', 2],
      ['ignored', 6],
    ] as const) {
      const fixture = await startFixture({ pagination })
      for (let index = 0; index < 5; index++) addGpuImage(fixture, namespace)
      const page = await fixture.call('GET', gpuPath(fixture, namespace, '?limit=2&offset=1&name=other'))
      expect(page.body['count']).toBe(6)
      expect(results(page)).toHaveLength(rows)
    }
  })

  it('have their name, minimums and tags changed, and nothing else', async () => {
    const fixture = await startFixture()
    const { call } = fixture
    const at = gpuPath(fixture, namespace, `/${addGpuImage(fixture, namespace, { tags: { a: '1', b: '2' } })}`)
    const { status, body } = await call('PATCH', at, { name: 'renamed', min_disk: 30, min_ram: 8, tags: { a: null } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'renamed', min_disk: 30, min_ram: 8, tags: [{ key: 'b', value: '2' }] })
    expect((await call('GET', at)).body).toEqual(body)
    for (const [field, value] of [
      ['ssh_key', 'deny'],
      ['hw_firmware_type', 'uefi'],
      ['is_baremetal', true],
      ['min_disk', 9000],
      ['min_ram', -1],
      ['min_ram', 1.5],
    ] as const)
      expect(await call('PATCH', at, { [field]: value })).toMatchObject({
        status: 400,
        body: { invalid_fields: { [field]: [expect.any(String)] } },
      })
  })

  it('are deleted by a task that tells nothing of them, unless they are not the project’s', async () => {
    const fixture = await startFixture()
    const { call, emulator } = fixture
    const at = gpuPath(fixture, namespace, `/${addGpuImage(fixture, namespace)}`)
    const task = onlyTask(await call('DELETE', at))
    expect((await call('GET', at)).body).toMatchObject({ task_id: task })
    expect((await call('DELETE', at)).status).toBe(409)
    await emulator.clock.advance(minute)
    expect((await call('GET', `/cloud/v1/tasks/${task}`)).body).toMatchObject({
      task_type: `remove_gpu_${namespace}_image`,
      state: 'FINISHED',
      data: {},
    })
    expect((await call('GET', at)).status).toBe(404)
    const foreign = results(await call('GET', gpuPath(fixture, namespace)))[0]
    expect((await call('DELETE', gpuPath(fixture, namespace, `/${foreign?.['id']}`))).status).toBe(403)
  })

  it('are imported by a task, ready when it ends, and to be read some time later', async () => {
    const fixture = await startFixture({ gpuReadLag: 20_000, gpuTaskTypes: { upload: 'make_*' } })
    const { call, emulator } = fixture
    const source = await startSourceHost({ good: { bytes: qcow2Disk({ label: 'gpu' }) } })
    const body = {
      name: 'gpu-image',
      url: `${source}/good`,
      architecture: null,
      os_type: null,
      hw_firmware_type: 'uefi',
      tags: { a: 'b' },
    }
    const task = onlyTask(await call('POST', gpuPath(fixture, namespace), body))
    const state = async () => (await call('GET', `/cloud/v1/tasks/${task}`)).body
    expect(await state()).toMatchObject({ task_type: `make_${namespace}`, region_id: inGpuRegion, state: 'NEW' })
    await emulator.clock.advance(5 * minute)
    const ended = await state()
    expect(ended).toMatchObject({ state: 'FINISHED', created_resources: { images: [expect.any(String)] } })
    const [id] = (ended['created_resources'] as { readonly images: readonly string[] }).images
    expect((await call('GET', gpuPath(fixture, namespace, `/${id}`))).status).toBe(404)
    expect(names(results(await call('GET', gpuPath(fixture, namespace))))).not.toContain('gpu-image')
    await emulator.clock.advance(20_000)
    expect(await call('GET', gpuPath(fixture, namespace, `/${id}`))).toMatchObject({
      status: 200,
      body: { status: 'active', size: expect.any(Number), hw_firmware_type: 'uefi', tags: [{ key: 'a' }] },
    })
    expect(names(results(await call('GET', gpuPath(fixture, namespace))))).toContain('gpu-image')
  })

  it.each([
    ['url', undefined],
    ['name', undefined],
    ['hw_machine_type', 'q35'],
    ['is_baremetal', true],
    ['os_type', 'plan9'],
  ])('are not imported with %s = %j', async (field, value) => {
    const fixture = await startFixture()
    const body = { name: 'gpu-image', url: 'http://127.0.0.1/x', [field]: value }
    expect(await fixture.call('POST', gpuPath(fixture, namespace), body)).toMatchObject({
      status: 400,
      body: { invalid_fields: { [field]: [expect.any(String)] } },
    })
  })

  it('fail with their region', async () => {
    const fixture = await startFixture()
    fixture.emulator.failRegion(inGpuRegion, 500)
    expect((await fixture.call('GET', gpuPath(fixture, namespace))).status).toBe(500)
  })
})

describe('bare metal', () => {
  const bios = { name: 'metal', url: 'http://127.0.0.1/x', hw_firmware_type: 'bios' }
  const refused = { status: 400, body: { invalid_fields: { hw_firmware_type: [expect.stringContaining('UEFI')] } } }

  it('boots by UEFI only', async () => {
    const fixture = await startFixture()
    const { call, inRegion } = fixture
    expect(await call('POST', inRegion('downloadimage'), { ...bios, is_baremetal: true })).toMatchObject(refused)
    expect(await call('POST', gpuPath(fixture, 'baremetal'), bios)).toMatchObject(refused)
    expect((await call('POST', inRegion('downloadimage'), bios)).status).toBe(200)
    expect((await call('POST', gpuPath(fixture, 'virtual'), bios)).status).toBe(200)
  })

  it('has images that projectimages holds, or not', async () => {
    for (const bareMetalInProjectImages of [true, false]) {
      const { call, emulator, inRegion } = await startFixture({ bareMetalInProjectImages })
      emulator.addImage({ name: 'metal', region_id: 148, is_baremetal: true })
      emulator.addImage({ name: 'machine', region_id: 148 })
      const own = names(results(await call('GET', inRegion('projectimages', '', 148))))
      expect([...own].sort()).toEqual(bareMetalInProjectImages ? ['machine', 'metal'] : ['machine'])
      expect(names(results(await call('GET', inRegion('bmimages', '', 148))))).toContain('metal')
    }
  })

  it('has images that the list of all images holds, or not', async () => {
    for (const bareMetalInImages of [true, false]) {
      const { call, emulator, inRegion } = await startFixture({ bareMetalInImages })
      emulator.addImage({ name: 'metal', region_id: 148, is_baremetal: true })
      const seen = names(results(await call('GET', inRegion('images', '', 148))))
      expect(seen.includes('metal')).toBe(bareMetalInImages)
    }
  })

  it('has images made of volumes', async () => {
    const { call, emulator, inRegion } = await startFixture()
    const body = (regionId: number) => ({ name: 'of-volume', volume_id: emulator.addVolume({ region_id: regionId }) })
    onlyTask(await call('POST', inRegion('bmimages', '', 148), body(148)))
    await emulator.clock.advance(5 * minute)
    expect(results(await call('GET', inRegion('bmimages', '', 148)))).toContainEqual(
      expect.objectContaining({ name: 'of-volume', is_baremetal: true }),
    )
    expect((await call('POST', inRegion('bmimages'), body(76))).status).toBe(404)
  })

  it('has no list where the region has none, and its images are among the others there', async () => {
    const { call, emulator, inRegion } = await startFixture({ bareMetalInProjectImages: false })
    emulator.addImage({ name: 'metal', is_baremetal: true })
    expect((await call('GET', inRegion('bmimages'))).status).toBe(404)
    expect(names(results(await call('GET', inRegion('images'))))).toContain('metal')
    expect(names(results(await call('GET', inRegion('projectimages'))))).toContain('metal')
  })
})
