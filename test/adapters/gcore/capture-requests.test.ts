import type { CaptureSpec } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const volume = '0b4d8a5e-1f0c-4b6a-9c57-3f9d2b1c7e11'
const spec: CaptureSpec = { name: 'web', source: volume, region: '76' }
const get = (body: object) => ({ method: 'GET', body }) as const
const client = get({ id: 123 })
const room = get({ image_count_limit: 9, image_count_usage: 8 })
const begun = { method: 'POST', body: { tasks: ['t1'] } } as const

describe('createFromVolume', () => {
  it('sends no more than it was given, after a look at the quota', async () => {
    const { store, sent, lines } = gcoreTalk([client, room, begun])
    expect(await succeed(store.createFromVolume(spec))).toEqual({
      ref: 'gcore:1337/76/task/t1',
      kind: 'capture',
      state: 'queued',
      losses: [],
    })
    expect(lines()).toEqual([
      'GET /iam/clients/me',
      'GET /cloud/v2/regional_quotas/123/76',
      'POST /cloud/v1/images/1337/76',
    ])
    expect(sent[2]?.body).toEqual({ name: 'web', volume_id: volume, source: 'volume' })
  })

  it('sends all that Gcore keeps, in its own words', async () => {
    const { store, sent } = gcoreTalk([begun])
    const full: CaptureSpec = {
      ...spec,
      osFamily: 'windows',
      architecture: 'aarch64',
      firmware: 'uefi',
      machineType: 'pc',
      sshKeyPolicy: 'deny',
      bareMetal: true,
      tags: [{ key: 'base image' }, { key: 'env', value: 'prod' }],
    }
    await succeed(store.createFromVolume(full))
    expect(sent[0]?.body).toEqual({
      name: 'web',
      volume_id: volume,
      source: 'volume',
      os_type: 'windows',
      architecture: 'aarch64',
      hw_firmware_type: 'uefi',
      hw_machine_type: 'i440',
      ssh_key: 'deny',
      is_baremetal: true,
      tags: { base__20__image: '__none__', env: 'prod' },
    })
  })

  it.each<[string, Partial<CaptureSpec>]>([
    ['name', { name: '日本' }],
    ['source', { source: '5' }],
    ['source', { source: `${volume}/..` }],
    ['region', { region: undefined }],
    ['region', { region: '' }],
    ['architecture', { architecture: 'riscv64' }],
    ['firmware', { bareMetal: true, firmware: 'bios' }],
    ['machineType', { machineType: 'virt' }],
    ['sshKeyPolicy', { sshKeyPolicy: 'maybe' }],
    ['key', { key: '' }],
    ['tags', { tags: [{ key: 'imageferry-key', value: 'x' }] }],
  ])('refuses what can never be, whatever losses are accepted, and sends nothing: %s', async (field, more) => {
    const { store, lines } = gcoreTalk()
    const error = await fail(store.createFromVolume({ ...spec, ...more, onLoss: 'accept' }))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'createFromVolume' })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
    expect(lines()).toEqual([])
  })

  it('refuses what would be lost, unless the caller accepts it', async () => {
    const lossy: CaptureSpec = {
      ...spec,
      osFamily: 'bsd',
      tags: [
        { key: 'env', value: 'a' },
        { key: 'env', value: 'b' },
      ],
    }
    const error = await fail(gcoreTalk().store.createFromVolume(lossy))
    expect(Object.keys(error.fields ?? {}).sort()).toEqual(['osFamily', 'tags'])
    const { store, sent } = gcoreTalk([begun])
    const { losses } = await succeed(store.createFromVolume({ ...lossy, onLoss: 'accept' }))
    expect(losses.map(({ field, instead }) => [field, instead])).toEqual([
      ['tags', undefined],
      ['osFamily', 'linux'],
    ])
    expect(sent[0]?.body).toMatchObject({ tags: { env: 'a' } })
  })

  it('refuses a region without room before anything is made', async () => {
    const full = get({ image_count_limit: 5, image_count_usage: 5 })
    const { store, lines } = gcoreTalk([client, full])
    expect((await fail(store.createFromVolume(spec))).kind).toBe('quota-exceeded')
    expect(lines()).toHaveLength(2)
  })

  it('is looked for among the tasks that make images of volumes where the answer names none', async () => {
    const now = new Date(Date.now() + 60_000).toISOString()
    const task = (id: string, more: object = {}) => ({
      id,
      state: 'NEW',
      task_type: 'create_image',
      created_on: now,
      region_id: 76,
      data: { name: 'web', volume_id: volume },
      ...more,
    })
    const tasks = [
      task('import', { task_type: 'download_image' }),
      task('other', { data: { name: 'db' } }),
      task('mine'),
    ]
    const { store, lines } = gcoreTalk([client, room, { method: 'POST', status: 200 }, get({ results: tasks })])
    expect((await succeed(store.createFromVolume(spec))).ref).toBe('gcore:1337/76/task/mine')
    expect(lines().at(-1)).toContain('task_type=create_image')
  })
})
