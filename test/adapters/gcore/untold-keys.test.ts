import type { ImageStore, ImportSpec } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { type GcoreEmulatorOptions, startEmulator } from 'imageferry/gcore/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../../demo/disk-images.ts'
import { serveFiles } from '../../../demo/file-server.ts'
import { manualClock } from '../../../src/emulator/clock.ts'
import { fail, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

const disk = qcow2Disk({ label: 'untold' })
const volumeId = '3ab58d5e-6bb6-4f5d-9e3c-5f1f3a1c6d10'
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** An emulated account; each store that is opened stands for a process of its own, which remembers nothing of the others. */
const account = async (options: GcoreEmulatorOptions) => {
  const clock = manualClock()
  const emulator = await startEmulator({ clock, volumes: [{ id: volumeId }], ...options })
  const files = await serveFiles(async () => disk)
  opened.push(emulator.close, files.close)
  const { apiKey, project, baseUrl } = emulator
  const another = (): ImageStore =>
    gcore({ apiKey, project, baseUrl, regions: [76, 148, 172], runtime: virtualRuntime(clock) })
  const spec: ImportSpec = { name: 'web', url: files.urlOf('web.qcow2'), region: '148', key: 'k' }
  const posts = () => emulator.requests.filter(({ method }) => method === 'POST').length
  return { another, spec, posts, clock, emulator, otherUrl: files.urlOf('other.qcow2') }
}

const modes = ['full', 'name-and-url', 'none'] as const

describe('a call under a key while another process runs something else under it', () => {
  const capture = { name: 'web', source: volumeId, region: '76', key: 'k' }

  it.each([
    ['another name', { name: 'other' }],
    ['another source', { url: 'other' }],
    ['another region', { region: '172' }],
    ['other servers', { bareMetal: true }],
    ['other servers, with graphics processors', { gpu: true }],
  ])('is a conflict where tasks tell all: %s', async (_, more) => {
    const { another, spec, posts, otherUrl } = await account({ taskData: 'full' })
    await succeed(another().importFromUrl(spec))
    const other = { ...spec, ...more, ...('url' in more ? { url: otherUrl } : {}) }
    expect((await fail(another().importFromUrl(other))).kind).toBe('conflict')
    expect(posts()).toBe(1)
  })

  it('is a conflict where tasks tell all: the making of an image from a volume', async () => {
    const { another, spec, posts } = await account({ taskData: 'full' })
    await succeed(another().createFromVolume(capture))
    expect((await fail(another().importFromUrl({ ...spec, region: '76' }))).kind).toBe('conflict')
    expect(posts()).toBe(1)
  })

  // What a task tells speaks against it, and whether it has the key is not known: to refuse would refuse every import beside it.
  it.each([
    ['none', 'another region', { region: '172' }],
    ['name-and-url', 'another region', { region: '172' }],
    ['name-and-url', 'another name', { name: 'other' }],
    ['name-and-url', 'another source', { url: 'other' }],
  ] as const)('is begun where tasks tell %s: %s', async (taskData, _, more) => {
    const { another, spec, posts, clock, otherUrl } = await account({ taskData })
    const first = await succeed(another().importFromUrl(spec))
    const other = { ...spec, ...more, ...('url' in more ? { url: otherUrl } : {}) }
    expect((await succeed(another().importFromUrl(other))).ref).not.toBe(first.ref)
    expect(posts()).toBe(2)
    // Only their images tell that there are two.
    await clock.advance(900_000)
    expect(await succeed(another().findOperations('k'))).toHaveLength(2)
  })

  it.each(['none', 'name-and-url'] as const)(
    'is begun where tasks tell %s, and the other is from a volume',
    async (taskData) => {
      const { another, spec, posts } = await account({ taskData })
      await succeed(another().createFromVolume(capture))
      await succeed(another().importFromUrl({ ...spec, region: '76' }))
      expect(posts()).toBe(2)
    },
  )

  it.each([{ name: 'other' }, { bareMetal: true }])(
    'is a conflict that names the task where tasks tell nothing: %j',
    async (more) => {
      const { another, spec, posts } = await account({ taskData: 'none' })
      const first = await succeed(another().importFromUrl(spec))
      const error = await fail(another().importFromUrl({ ...spec, ...more }))
      expect(error.kind).toBe('conflict')
      expect(error.message).toContain(first.ref)
      expect(posts()).toBe(1)
    },
  )
})

describe('a task of another process that is alike and has no such key', () => {
  it.each([
    ['without a key, for bare metal', { key: undefined, bareMetal: true }],
    ['without a key, of a known system', { key: undefined, os: { family: 'linux' } }],
    ['with another key', { key: 'other' }],
  ])('is left alone where tasks tell all: %s', async (_, more) => {
    const { another, spec, posts } = await account({ taskData: 'full' })
    const first = await succeed(another().importFromUrl({ ...spec, ...more }))
    expect((await succeed(another().importFromUrl(spec))).ref).not.toBe(first.ref)
    expect(posts()).toBe(2)
  })

  it('is never taken for the key’s where two are alike', async () => {
    const { another, spec, posts } = await account({ taskData: 'name-and-url' })
    const both = [
      await succeed(another().importFromUrl({ ...spec, key: undefined })),
      await succeed(another().importFromUrl({ ...spec, key: undefined })),
    ]
    const error = await fail(another().importFromUrl(spec))
    expect(error.kind).toBe('conflict')
    for (const { ref } of both) expect(error.message).toContain(ref)
    expect(posts()).toBe(2)
  })

  it.each(modes)('is no bare-metal import unless it says so; tasks tell %s', async (taskData) => {
    const { another, spec, posts } = await account({ taskData })
    const first = await succeed(another().importFromUrl({ ...spec, bareMetal: true }))
    const again = another().importFromUrl({ ...spec, bareMetal: true })
    if (taskData === 'full') expect((await succeed(again)).ref).toBe(first.ref)
    else expect((await fail(again)).message).toContain(first.ref)
    expect(posts()).toBe(1)
  })

  it.each(['upload_*_image', 'create_gpu_*_image', 'make_image'])(
    'is no import for virtual machines where its type is %s',
    async (upload) => {
      const { another, spec, posts } = await account({ taskData: 'name-and-url', gpuTaskTypes: { upload } })
      const first = await succeed(another().importFromUrl({ ...spec, key: undefined, gpu: true }))
      expect((await succeed(another().importFromUrl(spec))).ref).not.toBe(first.ref)
      expect(posts()).toBe(2)
    },
  )

  it.each([
    ['upload_*_image', {}, 'begun'],
    ['upload_*_image', { bareMetal: true }, 'found'],
    ['make_image', {}, 'conflict'],
    ['make_image', { bareMetal: true }, 'conflict'],
    ['download_image', { bareMetal: true }, 'conflict'],
  ] as const)('is a bare-metal GPU import only where its type says so: %s %j', async (upload, more, outcome) => {
    const { another, spec, posts } = await account({ taskData: 'name-and-url', gpuTaskTypes: { upload } })
    const first = await succeed(another().importFromUrl({ ...spec, gpu: true, bareMetal: true }))
    const again = another().importFromUrl({ ...spec, gpu: true, ...more })
    if (outcome === 'conflict') expect((await fail(again)).message).toContain('/task/')
    else expect((await succeed(again)).ref === first.ref).toBe(outcome === 'found')
    expect(posts()).toBe(outcome === 'begun' ? 2 : 1)
  })
})

describe('an image of a key that was deactivated', () => {
  it.each([
    ['is found, and not made again, where it was made', 5, 1],
    ['counts as failed where its bytes never came', 0, 2],
  ])('%s', async (_, size, requests) => {
    const { another, spec, posts, clock, emulator } = await account({ taskData: 'full' })
    await succeed(another().importFromUrl(spec))
    await clock.advance(900_000)
    const [made] = await succeed(another().findOperations('k'))
    await succeed(another().delete(made?.image ?? expect.fail('there is no image')))
    await clock.advance(900_000)
    const [request] = emulator.requests.filter(({ method }) => method === 'POST')
    const { tags } = (request?.body ?? {}) as { readonly tags?: Readonly<Record<string, string>> }
    const id = emulator.addImage({ name: 'web', region_id: 148, status: 'deactivated', size, tags: tags ?? {} })
    const found = await succeed(another().importFromUrl(spec))
    expect(found.image?.endsWith(id) === true).toBe(requests === 1)
    expect(posts()).toBe(requests)
  })
})
