import type { ImportSpec } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const spec: ImportSpec = { name: 'web', url: 'https://host.example/web.qcow2', region: '76' }
const client = { method: 'GET', body: { id: 123 } } as const
const quota = (more: object = {}) =>
  ({ method: 'GET', body: { image_count_limit: 9, image_count_usage: 8, ...more } }) as const
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

  it('refuses what is no region by name, from plain JavaScript; a quota takes the number that the options take', async () => {
    const { store, lines } = gcoreTalk([client, quota()])
    await succeed(store.quota(76 as unknown as string))
    expect(lines().at(-1)).toBe('GET /cloud/v2/regional_quotas/123/76')
    for (const wrong of [76, -1, null, true, {}]) {
      const region = wrong as unknown as string
      expect(await fail(store.importFromUrl({ ...spec, region }))).toMatchObject({
        kind: 'invalid-argument',
        fields: { region: expect.stringMatching(/text|neither/) },
      })
      if (wrong !== 76) expect(await fail(store.quota(region))).toMatchObject({ kind: 'invalid-argument' })
    }
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
    ['region', { region: '' }],
    ['region', { region: ' ' }],
    ['url', { url: 'ftp://host.example/a.img' }],
    ['architecture', { architecture: 'riscv64' }],
    ['firmware', { firmware: 'coreboot' }],
    ['firmware', { firmware: 'bios', bareMetal: true }],
    ['machineType', { machineType: 'virt' }],
    ['sshKeyPolicy', { sshKeyPolicy: 'maybe' }],
    ['key', { key: ' ' }],
    ['key', { key: '\ud800' }],
    ['key', { key: 'x'.repeat(231) }],
    ['tags', { tags: [{ key: 'imageferry-key', value: 'import:a:0123456789abcdef' }] }],
  ])('refuses what can never be, whatever losses are accepted: %s', async (field, more) => {
    const error = await fail(gcoreTalk().store.importFromUrl({ ...spec, ...more, onLoss: 'accept' }))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'importFromUrl' })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
  })
})

describe('the quota before an import', () => {
  const look = ['GET /iam/clients/me', 'GET /cloud/v2/regional_quotas/123/76']
  const post = 'POST /cloud/v1/downloadimage/1337/76'

  it('is asked for each time, and the client once', async () => {
    const { store, lines } = gcoreTalk([client, quota(), begun, quota(), begun])
    await succeed(store.importFromUrl(spec))
    await succeed(store.importFromUrl(spec))
    expect(lines()).toEqual([...look, post, look[1], post])
  })

  it.each([
    ['has no images', { image_count_limit: 0, image_count_usage: 0 }, /no quota/, /ask/i],
    ['has no bytes', { image_size_limit: 0, image_size_usage: 0 }, /no quota/, /ask/i],
    ['has as many images as it may', { image_count_limit: 5, image_count_usage: 5 }, /5 of 5 images/, /delete/i],
    ['has more bytes than it may', { image_size_limit: 5, image_size_usage: 6 }, /6 of 5 bytes/, /delete/i],
  ])('refuses an import into a region that %s, before it is sent', async (_, more, message, hint) => {
    const { store, lines } = gcoreTalk([client, quota(more), begun])
    const error = await fail(store.importFromUrl(spec))
    expect(error).toMatchObject({
      kind: 'quota-exceeded',
      operation: 'importFromUrl',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    expect(lines()).toEqual(look)
  })

  const forbidden = { method: 'GET', status: 403, body: { exception_class: 'ForbiddenError' } } as const
  const broken = { method: 'GET', status: 500, body: {} } as const
  it.each([
    ['client', [broken], ['GET /iam/clients/me']],
    ['quota', [client, broken], look],
  ])('is asked for once where the %s cannot be had: an import does not wait for it', async (_, answers, asked) => {
    const { store, lines, slept } = gcoreTalk([...answers, begun])
    await succeed(store.importFromUrl(spec))
    expect(lines()).toEqual([...asked, post])
    expect(slept).toEqual([])
  })

  it.each([
    ['the client is not told', [forbidden]],
    ['the quota is not told', [client, forbidden]],
    ['the quota says nothing of images', [client, { method: 'GET', body: { cpu_count_limit: 0 } } as const]],
    ['the limits are null or below zero', [client, quota({ image_count_limit: -1, image_size_limit: null })]],
  ])('stops nothing where %s', async (_, answers) => {
    const { store, lines } = gcoreTalk([...answers, begun])
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ state: 'queued' })
    expect(lines().at(-1)).toBe(post)
  })
})

describe('quota', () => {
  it('reads the limits and what is used of them, of images and of bytes', async () => {
    const { store, lines } = gcoreTalk([client, quota({ image_size_limit: 1000, image_size_usage: 20 })])
    expect(await succeed(store.quota('76'))).toEqual({
      images: { limit: 9, used: 8 },
      bytes: { limit: 1000, used: 20 },
    })
    expect(lines()).toEqual(['GET /iam/clients/me', 'GET /cloud/v2/regional_quotas/123/76'])
  })

  it('refuses what is no region, and sends nothing', async () => {
    expect(await fail(gcoreTalk().store.quota(' '))).toMatchObject({
      kind: 'invalid-argument',
      fields: { region: expect.anything() },
    })
  })
})

describe('an import that is accepted without naming its task', () => {
  // A little ahead: what was created before the request was sent is not taken for what it made.
  const now = new Date(Date.now() + 60_000).toISOString().replace('Z', '')
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
      client,
      quota(),
      { method: 'POST', status: 202, body },
      tasks(...others),
      tasks(...others, task('mine')),
      begun,
    ])
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ ref: 'gcore:1337/76/task/mine', state: 'queued' })
    const look = 'GET /cloud/v1/tasks?project_id=1337&region_id=76&task_type=download_image&order_by=desc&limit=100'
    expect(lines().slice(2)).toEqual(['POST /cloud/v1/downloadimage/1337/76', look, look])
    expect(slept).toEqual([2_000])
    expect(unused()).toBe(1)
  })

  it('is a conflict where it could be either of two', async () => {
    const { store } = gcoreTalk([
      client,
      quota(),
      { method: 'POST', status: 202 },
      ...Array.from({ length: 15 }, () => tasks(task('one'), task('two', { data: null }))),
    ])
    const error = await fail(store.importFromUrl(spec))
    expect(error).toMatchObject({ kind: 'conflict', hint: expect.stringMatching(/do not repeat/i) })
    expect(error.message).toContain('one, two')
  })

  it('is an error that says so where none shows up', async () => {
    const { store, sent } = gcoreTalk([
      client,
      quota(),
      { method: 'POST', status: 202 },
      ...Array.from({ length: 15 }, () => tasks(...others)),
    ])
    expect(await fail(store.importFromUrl(spec))).toMatchObject({
      kind: 'unexpected-response',
      hint: expect.stringMatching(/do not repeat/i),
    })
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})
