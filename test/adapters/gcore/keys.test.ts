import { ensureImage, type ImageStore, type ImportSpec } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { type GcoreEmulatorOptions, startEmulator } from 'imageferry/gcore/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../../demo/disk-images.ts'
import { serveFiles } from '../../../demo/file-server.ts'
import { manualClock } from '../../../src/emulator/clock.ts'
import { fail, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

const disk = qcow2Disk({ label: 'keyed' })
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const key = 'run 4711/wéb'
const volumeId = '3ab58d5e-6bb6-4f5d-9e3c-5f1f3a1c6d10'

/** An emulated account with a file, and stores of it: each is what another process would make. */
const account = async (options: GcoreEmulatorOptions = {}) => {
  const clock = manualClock()
  const emulator = await startEmulator({ clock, volumes: [{ id: volumeId }], ...options })
  const files = await serveFiles(async (name) => (name.endsWith('.qcow2') ? disk : undefined))
  opened.push(emulator.close, files.close)
  const { apiKey, project, baseUrl } = emulator
  const open = (regions: readonly (number | string)[] | undefined = [76, 172]): ImageStore =>
    gcore({ apiKey, project, baseUrl, regions, runtime: virtualRuntime(clock) })
  const spec: ImportSpec = { name: 'web', url: `${files.urlOf('web.qcow2')}?sig=1`, region: '76', key }
  const capture = { name: 'web', source: volumeId, region: 'Luxembourg-2', key }
  const posts = () => emulator.requests.filter(({ method }) => method === 'POST')
  const lines = () => emulator.requests.map(({ method, path }) => `${method} ${path}`)
  const broken = { ...spec, url: files.urlOf('missing.raw') }
  return { emulator, clock, open, spec, broken, capture, posts, lines }
}

const told = ['full', 'name-and-url', 'none'] as const
const eras = ['tags_v2', 'tags', 'strings'] as const

describe('the tag of a key', () => {
  it.each(eras)('is set by the request that makes the image, and shows as the key alone: %s', async (tagsEra) => {
    const { open, spec, posts, clock, emulator } = await account({ tagsEra })
    const store = open()
    const tags = [{ key: 'env', value: 'prod' }]
    const { ref } = await succeed(store.importFromUrl({ ...spec, tags }))
    expect(posts()[0]?.body).toMatchObject({
      tags: { env: 'prod', 'imageferry-key': expect.stringMatching(/^import:run%204711%2Fw%C3%A9b:[0-9a-f]{16}$/) },
    })
    await clock.advance(600_000)
    const { images } = await succeed(store.listPage())
    const image = images.find(({ name }) => name === 'web')
    expect(image).toMatchObject({ tags, provenance: { key, operation: ref } })
    expect((await succeed(store.listPage({ tags: [{ key: 'imageferry-key' }] }))).images).toEqual([])

    const imageRef = image?.ref ?? expect.fail('there is no image')
    const wire = { key: 'imageferry-key', value: 'import:x:0123456789abcdef' }
    expect(await fail(store.update(imageRef, { tags: { put: [wire] } }))).toMatchObject({
      kind: 'invalid-argument',
      fields: { tags: expect.stringContaining('imageferry-key') },
    })
    const kept = await succeed(store.update(imageRef, { tags: { put: [{ key: 'new' }], drop: [wire, ...tags] } }))
    expect(kept).toMatchObject({ tags: [{ key: 'new' }], provenance: { key } })
    expect(emulator.failures).toEqual([])
  })
})

describe.each(told)('keys where tasks tell %s', (taskData) => {
  it('make one image for one process, however often it calls', async () => {
    const { open, spec, posts, clock } = await account({ taskData })
    const store = open()
    const first = await succeed(store.importFromUrl(spec))
    for (const wait of [0, 20_000, 600_000]) {
      await clock.advance(wait)
      const again = await succeed(store.importFromUrl({ ...spec, url: spec.url.replace('sig=1', 'sig=2') }))
      expect(again.ref).toBe(first.ref)
      expect((await succeed(store.findOperations(key))).map(({ ref }) => ref)).toEqual([first.ref])
    }
    expect(posts()).toHaveLength(1)
  })

  it('are told apart within one process, for imports of one name at the same time', async () => {
    const { open, spec, posts } = await account({ taskData })
    const store = open()
    const begun = []
    for (const more of [{ key: 'a' }, { key: 'b' }, { key: undefined }, { key: 'c' }])
      begun.push((await succeed(store.importFromUrl({ ...spec, ...more }))).ref)
    expect(new Set(begun).size).toBe(4)
    expect(posts()).toHaveLength(4)
  })

  it('never make a second image in silence where another process repeats the call', async () => {
    const { open, spec, capture, posts, clock } = await account({ taskData })
    for (const begin of [
      (store: ImageStore) => store.importFromUrl(spec),
      (store: ImageStore) => store.createFromVolume({ ...capture, key: 'captured' }),
    ]) {
      const before = posts().length
      const first = await succeed(begin(open()))
      const repeated = begin(open())
      if (taskData === 'none') {
        const error = await fail(repeated)
        expect(error).toMatchObject({ kind: 'conflict', hint: expect.stringMatching(/wait/i) })
        expect(error.message).toContain(first.ref)
      } else expect((await succeed(repeated)).ref).toBe(first.ref)
      await clock.advance(600_000)
      expect(await succeed(begin(open()))).toMatchObject({ ref: first.ref, state: 'succeeded' })
      expect(posts()).toHaveLength(before + 1)
    }
  })

  it('are a conflict with another name, source, region or member, afterwards', async () => {
    const { open, spec, capture, posts, clock } = await account({ taskData })
    await succeed(open().importFromUrl(spec))
    await clock.advance(600_000)
    const others = [{ name: 'other' }, { url: spec.url.replace('web', 'other') }, { region: '172' }]
    for (const more of others) expect((await fail(open().importFromUrl({ ...spec, ...more }))).kind).toBe('conflict')
    expect((await fail(open().createFromVolume(capture))).kind).toBe('conflict')
    expect(posts()).toHaveLength(1)
  })

  it('are free again when the import has failed or its image was deleted', async () => {
    const { open, spec, broken, posts, clock } = await account({ taskData })
    await succeed(open().importFromUrl(broken))
    await clock.advance(600_000)
    const second = await succeed(open().importFromUrl(spec))
    await clock.advance(330_000)
    const [found] = (await succeed(open().findOperations(key))).filter(({ state }) => state !== 'failed')
    expect(found?.ref).toBe(second.ref)
    await succeed(open().delete(found?.image ?? expect.fail('there is no image')))
    // So soon after the end of the import that a list could lag behind, if the task of the deletion did not tell.
    await clock.advance(10_000)
    expect((await succeed(open().importFromUrl(spec))).ref).not.toBe(second.ref)
    expect(posts()).toHaveLength(3)
  })

  it('ensure an image: twice is once, and after a failure there is a second try', async () => {
    const {
      open,
      spec: { key: _key, ...spec },
      broken,
      posts,
      clock,
    } = await account({ taskData })
    const store = open()
    const { key: _brokenKey, ...brokenSpec } = broken
    expect(await succeed(ensureImage(store, brokenSpec, key))).toMatchObject({ begun: 'now' })
    await clock.advance(600_000)
    expect(await succeed(ensureImage(store, spec, key))).toMatchObject({ begun: 'now' })
    expect(await succeed(ensureImage(store, spec, key))).toMatchObject({ begun: 'before', others: [] })
    await clock.advance(600_000)
    const ensured = await succeed(ensureImage(open(), spec, key))
    expect(ensured).toMatchObject({ begun: 'before', others: [], operation: { state: 'succeeded' } })
    expect(posts()).toHaveLength(2)
  })
})

describe('what a look-up by a key costs', () => {
  it('is the tasks, before and after, the region of the import and each of the store; and two where it is found', async () => {
    const { open, spec, lines, clock } = await account()
    const own = (region: number) => `GET /cloud/v1/projectimages/1337/${region}`
    await succeed(open().importFromUrl(spec))
    expect(lines()).toEqual([
      'GET /cloud/v1/tasks',
      own(76),
      'GET /cloud/v1/regions',
      own(76),
      own(172),
      'GET /iam/clients/me',
      'GET /cloud/v2/regional_quotas/123/76',
      'POST /cloud/v1/downloadimage/1337/76',
      'GET /cloud/v1/tasks',
    ])
    await clock.advance(600_000)
    const before = lines().length
    await succeed(open().importFromUrl(spec))
    expect(lines().slice(before)).toEqual(['GET /cloud/v1/tasks', own(76)])
  })

  it('fails, and begins nothing, where a region does not answer', async () => {
    const { open, spec, posts, emulator } = await account()
    emulator.failRegion(172, 503)
    expect((await fail(open().importFromUrl(spec))).kind).toBe('unavailable')
    expect(posts()).toEqual([])
  })

  it('finds what was begun in a region that the store does not list, by the region of the call', async () => {
    const { open, spec, posts, clock } = await account()
    await succeed(open([172]).importFromUrl(spec))
    await clock.advance(600_000)
    expect((await succeed(open([172]).importFromUrl(spec))).state).toBe('succeeded')
    expect(posts()).toHaveLength(1)
  })

  it('reads every region where the store names none', async () => {
    const { open, spec, clock } = await account()
    await succeed(open(undefined).importFromUrl(spec))
    await clock.advance(600_000)
    const moved = { ...spec, region: 'Chicago' }
    expect((await fail(open(undefined).importFromUrl(moved))).kind).toBe('conflict')
  })
})

describe('keys of images for other servers', () => {
  it.each([
    ['GPU', { gpu: true }, {}],
    ['bare-metal GPU', { gpu: true, bareMetal: true }, {}],
    ['bare-metal', { bareMetal: true }, { taskData: 'full' }],
    [
      'bare-metal, which are not among the own',
      { bareMetal: true },
      { taskData: 'full', bareMetalInProjectImages: false },
    ],
  ] as const)('make one image of a kind: %s', async (_, kind, options) => {
    const { open, spec, posts, clock } = await account(options)
    const keyed = { ...spec, ...kind, region: '148' }
    const first = await succeed(open([148]).importFromUrl(keyed))
    expect((await succeed(open([76]).importFromUrl(keyed))).ref).toBe(first.ref)
    // The task has finished, and GPU images cannot be read for a while yet.
    await clock.advance(302_000)
    expect((await succeed(open([76]).importFromUrl(keyed))).state).toBe('settling')
    await clock.advance(600_000)
    const again = await succeed(open([76]).importFromUrl(keyed))
    const [lookup] = await succeed(open().getOperations([again.ref]))
    expect(lookup).toMatchObject({ found: true, operation: { state: 'succeeded', image: again.image } })
    expect((await fail(open([148]).importFromUrl({ ...spec, region: '148' }))).kind).toBe('conflict')
    expect(posts()).toHaveLength(1)
  })
})

describe('an image that does not tell the task that made it', () => {
  it('is found by its key all the same, and followed itself', async () => {
    const { open, spec, clock, emulator } = await account()
    const tags = { 'imageferry-key': `import:${encodeURIComponent(key)}:0123456789abcdef` }
    const id = emulator.addImage({ name: 'web', tags, status: 'saving', size: 0 })
    const [found] = await succeed(open().findOperations(key))
    expect(found).toMatchObject({ ref: `gcore:1337/76/image/${id}`, kind: 'import', state: 'settling' })
    const refs = found === undefined ? [] : [found.ref]
    const [lookup] = await succeed(open().getOperations(refs))
    expect(lookup).toMatchObject({ found: true, operation: { image: `gcore:1337/76/${id}`, state: 'settling' } })
    expect((await fail(open().importFromUrl(spec))).kind).toBe('conflict')
    await clock.advance(1)
  })
})
