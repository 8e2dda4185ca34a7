import { type ImagePatch, type ImportSpec, imageRef, operationRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../../src/emulator/clock.ts'
import { fail, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const url = 'https://host.example/gpu.qcow2'

describe.each([
  ['gpu-virtual', 'virtual', {}],
  ['gpu-bare-metal', 'baremetal', { bareMetal: true }],
] as const)('images of %s', (kind, word, more) => {
  const ref = imageRef(`gcore:1337/148/${kind}/uuid`)
  const images = `/cloud/v3/gpu/${word}/1337/148/images`
  // The size is 0 where it is not told, and no sign of an image that is still on its way.
  const row = { id: 'uuid', name: 'gpu', status: 'active', size: 0, visibility: 'private', cuda_toolkit_version: null }
  const spec: ImportSpec = { name: 'gpu', url, region: '148', gpu: true, ...more }

  it('are read where they are', async () => {
    const answer = { ...row, task_id: 't7', tags: [{ key: 'env', value: 'prod' }], gpu_driver: 'nvidia' }
    const { store, lines } = gcoreTalk([{ method: 'GET', body: answer }])
    expect(await succeed(store.get(ref))).toMatchObject({
      ref,
      kind,
      status: 'available',
      regions: ['148'],
      tags: [{ key: 'env', value: 'prod' }],
      gpuDriver: { vendor: 'nvidia' },
      lockedBy: `gcore:1337/148/${kind}/task/t7`,
    })
    expect(lines()).toEqual([`GET ${images}/uuid`])
  })

  it('are imported where they belong, without what has no field there', async () => {
    const { store, sent } = gcoreTalk([{ method: 'POST', body: { tasks: ['t1'] } }])
    const full: ImportSpec = {
      ...spec,
      os: { family: 'linux', distribution: 'ubuntu', version: '24.04' },
      architecture: 'x86_64',
      firmware: 'uefi',
      sshKeyPolicy: 'allow',
      copyOnWrite: true,
      tags: [{ key: 'env', value: 'prod' }],
    }
    expect(await succeed(store.importFromUrl(full))).toEqual({
      ref: `gcore:1337/148/${kind}/task/t1`,
      kind: 'import',
      state: 'queued',
      losses: [],
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'POST', path: images })
    expect(sent[0]?.body).toEqual({
      name: 'gpu',
      url,
      os_type: 'linux',
      os_distro: 'ubuntu',
      os_version: '24.04',
      architecture: 'x86_64',
      hw_firmware_type: 'uefi',
      ssh_key: 'allow',
      cow_format: true,
      tags: { env: 'prod' },
    })
  })

  it('lose a machine type, and not silently', async () => {
    const wanted: ImportSpec = { ...spec, machineType: 'q35' }
    const refused = gcoreTalk()
    expect(await fail(refused.store.importFromUrl(wanted))).toMatchObject({
      kind: 'invalid-argument',
      fields: { machineType: expect.stringContaining('GPU') },
    })
    const { store, sent } = gcoreTalk([{ method: 'POST', body: { tasks: ['t1'] } }])
    expect(await succeed(store.importFromUrl({ ...wanted, onLoss: 'accept' }))).toMatchObject({
      losses: [{ field: 'machineType', wanted: 'q35' }],
    })
    expect(sent[0]?.body).not.toHaveProperty('hw_machine_type')
  })

  it('whose import was accepted without a task are found by a task of any type', async () => {
    const now = new Date().toISOString()
    const tasks = [
      { id: 'old', task_type: 'anything', state: 'FINISHED', region_id: 148, created_on: '2020-01-01T00:00:00' },
      { id: 'gone', task_type: 'delete_image', state: 'NEW', region_id: 148, created_on: now },
      { id: 'new', task_type: 'anything', state: 'NEW', region_id: 148, created_on: now, data: { name: 'gpu', url } },
    ]
    const { store, lines } = gcoreTalk([
      { method: 'POST', status: 202 },
      { method: 'GET', body: { count: 3, results: tasks } },
    ])
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ ref: `gcore:1337/148/${kind}/task/new` })
    expect(lines()[1]).not.toContain('task_type')
  })

  it('have their name and tags changed', async () => {
    const renamed = { ...row, name: 'renamed' }
    const { store, sent, lines } = gcoreTalk([
      { method: 'GET', body: { ...row, tags: [{ key: 'a', value: '1' }] } },
      { method: 'PATCH', body: {} },
      { method: 'GET', body: renamed },
    ])
    const patch: ImagePatch = {
      name: 'renamed',
      tags: { put: [{ key: 'b', value: '2' }], drop: [{ key: 'a', value: '1' }] },
    }
    expect(await succeed(store.update(ref, patch))).toMatchObject({ ref, kind, name: 'renamed' })
    expect(lines()).toEqual([`GET ${images}/uuid`, `PATCH ${images}/uuid`, `GET ${images}/uuid`])
    expect(sent[1]?.body).toEqual({ name: 'renamed', tags: { a: null, b: '2' } })
  })

  it.each<ImagePatch>([
    { osFamily: 'linux' },
    { sshKeyPolicy: 'deny' },
    { firmware: 'uefi' },
    { machineType: 'q35' },
    { bareMetal: true },
  ])('have nothing else changed: %j', async (patch) => {
    const { store, sent } = gcoreTalk()
    expect(await fail(store.update(ref, { name: 'renamed', ...patch }))).toMatchObject({
      kind: 'invalid-argument',
      fields: { [Object.keys(patch)[0] ?? '']: expect.stringContaining('GPU image') },
    })
    expect(sent).toEqual([])
  })

  it('are deleted by a task that need not tell what it does', async () => {
    const operation = operationRef(`gcore:1337/148/${kind}/deletion/uuid/t1`)
    const { store, lines } = gcoreTalk([
      { method: 'DELETE', body: { tasks: ['t1'] } },
      { method: 'GET', body: { id: 't1', state: 'RUNNING', task_type: 'no_such_type' } },
      { method: 'GET', body: { id: 't1', state: 'FINISHED', task_type: 'no_such_type', data: {} } },
      { method: 'GET', body: { id: 't1', state: 'ERROR', error: 'it is needed', task_type: 'no_such_type' } },
    ])
    expect(await succeed(store.delete(ref))).toMatchObject({
      ref: operation,
      kind: 'delete',
      state: 'queued',
      image: ref,
    })
    const look = async () => (await succeed(store.getOperations([operation])))[0]
    expect(await look()).toMatchObject({ operation: { kind: 'delete', state: 'running', image: ref } })
    expect(await look()).toMatchObject({ operation: { state: 'succeeded', outcome: 'deleted', image: ref } })
    expect(await look()).toMatchObject({ operation: { state: 'failed', failure: 'it is needed', image: ref } })
    expect(lines()).toEqual([`DELETE ${images}/uuid`, ...Array<string>(3).fill('GET /cloud/v1/tasks/t1')])
  })

  it('whose deletion has no task are followed by their own path', async () => {
    const { store, lines } = gcoreTalk([
      { method: 'DELETE', status: 204 },
      { method: 'GET', status: 404 },
    ])
    const { ref: operation } = await succeed(store.delete(ref))
    expect(operation).toBe(`gcore:1337/148/${kind}/deletion/uuid`)
    expect(await succeed(store.getOperations([operation]))).toMatchObject([{ operation: { outcome: 'deleted' } }])
    expect(lines()[1]).toBe(`GET ${images}/uuid`)
  })

  it('are ready as their task has finished, once they can be read', async () => {
    const finished = {
      id: 't1',
      state: 'FINISHED',
      task_type: `upload_${word}_image`,
      created_resources: { images: ['uuid'] },
    }
    const clock = manualClock()
    const { store, lines } = gcoreTalk(
      [
        { method: 'GET', body: finished },
        { method: 'GET', status: 404, body: { exception_class: 'NotFoundError' } },
        { method: 'GET', body: finished },
        { method: 'GET', body: finished },
        { method: 'GET', body: row },
      ],
      { runtime: virtualRuntime(clock) },
    )
    const operation = operationRef(`gcore:1337/148/${kind}/task/t1`)
    const look = async () => (await succeed(store.getOperations([operation])))[0]
    expect(await look()).toMatchObject({ operation: { kind: 'import', state: 'settling', image: ref } })
    await clock.advance(19_999)
    expect(await look()).toMatchObject({ operation: { kind: 'import', state: 'settling', image: ref } })
    await clock.advance(1)
    expect(await look()).toMatchObject({ operation: { kind: 'import', state: 'succeeded', image: ref } })
    expect(lines()).toEqual([
      'GET /cloud/v1/tasks/t1',
      `GET ${images}/uuid`,
      'GET /cloud/v1/tasks/t1',
      'GET /cloud/v1/tasks/t1',
      `GET ${images}/uuid`,
    ])
  })
})

describe('bare metal', () => {
  const spec: ImportSpec = { name: 'metal', url, region: '76', bareMetal: true }

  it.each([{}, { gpu: true }])('is not imported with BIOS as its firmware: %j', async (more) => {
    const { store, sent } = gcoreTalk()
    expect(await fail(store.importFromUrl({ ...spec, ...more, firmware: 'bios' }))).toMatchObject({
      kind: 'invalid-argument',
      fields: { firmware: expect.stringContaining('UEFI') },
    })
    expect(sent).toEqual([])
  })

  it.each([
    [{}, { is_baremetal: true }],
    [{ gpu: true }, {}],
  ])('is imported with UEFI where no firmware is named: %j', async (more, fields) => {
    const { store, sent } = gcoreTalk([
      { method: 'GET', status: 403 },
      { method: 'POST', body: { tasks: ['t1'] } },
    ])
    await succeed(store.importFromUrl({ ...spec, ...more }))
    expect(sent.at(-1)?.body).toEqual({ name: 'metal', url, hw_firmware_type: 'uefi', ...fields })
  })

  it('is not made of an image together with BIOS', async () => {
    const { store, sent } = gcoreTalk()
    const patch: ImagePatch = { bareMetal: true, firmware: 'bios' }
    expect(await fail(store.update(imageRef('gcore:1337/76/uuid'), patch))).toMatchObject({
      kind: 'invalid-argument',
      fields: { firmware: expect.stringContaining('UEFI') },
    })
    expect(sent).toEqual([])
  })
})
