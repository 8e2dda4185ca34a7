import type { ImportSpec } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const spec: ImportSpec = { name: 'web', url: 'https://host.example/web.qcow2', region: '76' }
const begun = { method: 'POST', body: { tasks: ['b63f0fff'] } } as const

describe('importFromUrl', () => {
  it('sends no more than it was given', async () => {
    const { store, sent } = gcoreTalk([begun])
    expect(await succeed(store.importFromUrl(spec))).toEqual({
      ref: 'gcore:1337/76/task/b63f0fff',
      kind: 'import',
      state: 'queued',
      losses: [],
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'POST', path: '/cloud/v1/downloadimage/1337/76' })
    expect(sent[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(sent[0]?.body).toEqual({ name: 'web', url: 'https://host.example/web.qcow2' })
  })

  it('sends all that Gcore keeps, in its own words', async () => {
    const { store, sent } = gcoreTalk([begun])
    await succeed(
      store.importFromUrl({
        ...spec,
        os: { family: 'linux', distribution: 'ubuntu', version: '24.04' },
        architecture: 'aarch64',
        firmware: 'uefi',
        machineType: 'pc',
        sshKeyPolicy: 'required',
        bareMetal: true,
        copyOnWrite: false,
        tags: [{ key: 'base image' }, { key: 'env', value: 'prod' }, { key: 'empty', value: '' }],
      }),
    )
    expect(sent[0]?.body).toEqual({
      name: 'web',
      url: 'https://host.example/web.qcow2',
      os_type: 'linux',
      os_distro: 'ubuntu',
      os_version: '24.04',
      architecture: 'aarch64',
      hw_firmware_type: 'uefi',
      hw_machine_type: 'i440',
      ssh_key: 'required',
      is_baremetal: true,
      cow_format: false,
      tags: { base__20__image: '__none__', env: 'prod', empty: '____' },
    })
  })

  const lossy: Partial<ImportSpec> = {
    name: 'Büro Köln! (test)',
    description: 'the web server',
    os: { family: 'bsd', distribution: 'freebsd' },
    tags: [
      { key: 'env', value: 'a' },
      { key: 'env', value: 'b' },
    ],
  }

  it('refuses what would be lost, naming it, unless the caller accepts it', async () => {
    const { name: _, ...withGoodName } = lossy
    const error = await fail(gcoreTalk().store.importFromUrl({ ...spec, ...withGoodName }))
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {}).sort()).toEqual(['description', 'os', 'tags'])
    expect((await fail(gcoreTalk().store.importFromUrl({ ...spec, ...lossy }))).fields).toHaveProperty('name')

    const { store, sent } = gcoreTalk([begun])
    const { losses } = await succeed(store.importFromUrl({ ...spec, ...lossy, onLoss: 'accept' }))
    expect(sent[0]?.body).toEqual({
      name: 'Buro Koln- -test',
      url: spec.url,
      os_distro: 'freebsd',
      tags: { env: 'a' },
    })
    expect(losses.map(({ field, wanted, instead }) => [field, wanted, instead])).toEqual([
      ['name', 'Büro Köln! (test)', 'Buro Koln- -test'],
      ['tags', 'env=b', undefined],
      ['os', 'bsd', 'linux'],
      ['description', 'the web server', undefined],
    ])
  })

  it.each<[string, Partial<ImportSpec>]>([
    ['name', { name: '日本' }],
    ['region', { region: 'nyc3' }],
    ['region', { region: '../1' }],
    ['url', { url: 'ftp://host.example/a.img' }],
    ['architecture', { architecture: 'riscv64' }],
    ['firmware', { firmware: 'coreboot' }],
    ['firmware', { firmware: 'bios', bareMetal: true }],
    ['machineType', { machineType: 'virt' }],
    ['sshKeyPolicy', { sshKeyPolicy: 'maybe' }],
    ['key', { key: 'step-1' }],
  ])('refuses what can never be, whatever losses are accepted: %s', async (field, more) => {
    const error = await fail(gcoreTalk().store.importFromUrl({ ...spec, ...more, onLoss: 'accept' }))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'importFromUrl' })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
  })
})

describe('an import that is accepted without naming its task', () => {
  const now = new Date().toISOString().replace('Z', '')
  const task = (id: string, more: object = {}) => ({
    id,
    state: 'NEW',
    task_type: 'download_image',
    created_on: now,
    project_id: 1337,
    region_id: 76,
    data: { name: spec.name, url: spec.url },
    ...more,
  })
  const tasks = (...results: readonly object[]) =>
    ({ method: 'GET', body: { count: results.length, results } }) as const
  const others = [
    task('old', { created_on: '2020-01-01T00:00:00' }),
    task('elsewhere', { region_id: 8 }),
    task('another', { task_type: 'delete_image' }),
    task('renamed', { data: { name: 'other', url: spec.url } }),
    task('other-source', { data: { name: spec.name, url: 'https://host.example/other.qcow2' } }),
  ]

  it.each([
    ['no body', undefined],
    ['an empty object', {}],
    ['no tasks', { tasks: [] }],
    ['null', { tasks: null }],
  ])('is looked up and not sent again: %s', async (_, body) => {
    const { store, lines, slept, unused } = gcoreTalk([
      { method: 'POST', status: 202, body },
      tasks(...others),
      tasks(...others, task('mine')),
      begun,
    ])
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ ref: 'gcore:1337/76/task/mine', state: 'queued' })
    const look = 'GET /cloud/v1/tasks?project_id=1337&region_id=76&task_type=download_image&order_by=desc&limit=100'
    expect(lines()).toEqual(['POST /cloud/v1/downloadimage/1337/76', look, look])
    expect(slept).toEqual([5_000])
    expect(unused()).toBe(1)
  })

  it('is a conflict where it could be either of two', async () => {
    const { store } = gcoreTalk([{ method: 'POST', status: 202 }, tasks(task('one'), task('two', { data: null }))])
    const error = await fail(store.importFromUrl(spec))
    expect(error).toMatchObject({ kind: 'conflict', hint: expect.stringMatching(/do not repeat/i) })
    expect(error.message).toContain('one, two')
  })

  it('is an error that says so where none shows up', async () => {
    const { store, sent } = gcoreTalk([
      { method: 'POST', status: 202 },
      ...Array.from({ length: 7 }, () => tasks(...others)),
    ])
    expect(await fail(store.importFromUrl(spec))).toMatchObject({
      kind: 'unexpected-response',
      hint: expect.stringMatching(/do not repeat/i),
    })
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})
