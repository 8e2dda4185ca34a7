import { type CaptureSpec, imageRef, type Operation, systemRuntime } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { type DigitalOceanEmulatorOptions, startEmulator } from 'imageferry/digitalocean/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../../src/emulator/clock.ts'
import { fail, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const droplet = '250445117'

const start = async (options: DigitalOceanEmulatorOptions = {}) => {
  const clock = manualClock()
  const emulator = await startEmulator({ clock, droplets: [{ id: Number(droplet), region: 'ams3' }], ...options })
  stops.push(async () => {
    await emulator.close()
    expect(emulator.failures).toEqual([])
  })
  const runtime = virtualRuntime(clock)
  const store = digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime })
  const lookUp = async ({ ref }: Operation) => {
    const [lookup] = await succeed(store.getOperations([ref]))
    return lookup
  }
  const lines = () => emulator.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`)
  return { clock, emulator, store, lookUp, lines, runtime }
}

const spec = (more: Partial<CaptureSpec> = {}): CaptureSpec => ({ name: 'nightly', source: droplet, ...more })

describe('a capture', () => {
  it('runs, settles while no list has the image, and ends with the ref that the lists give', async () => {
    const { clock, store, lookUp } = await start({ snapshotListedAfter: 60_000 })
    const begun = await succeed(store.createFromServer(spec()))
    expect(begun).toMatchObject({ kind: 'capture', state: 'running', startedAt: '2026-08-21T00:00:00Z' })
    expect(begun.ref).toMatch(/^digitalocean:capture\/250445117\/\d+$/)
    expect(begun.image).toBeUndefined()
    await clock.advance(180_000)
    expect(await lookUp(begun)).toMatchObject({ operation: { state: 'settling' } })
    await clock.advance(60_000)
    const { images } = await succeed(store.listPage())
    expect(images).toMatchObject([{ name: 'nightly', kind: 'snapshot', status: 'available' }])
    expect(await lookUp(begun)).toMatchObject({ operation: { state: 'succeeded', image: images[0]?.ref } })
  })

  it('is still known when the Droplet has gone, and takes no other Droplet’s image', async () => {
    const { clock, emulator, store, lookUp } = await start()
    const begun = await succeed(store.createFromServer(spec()))
    await succeed(store.createFromServer({ name: 'other', source: String(emulator.addDroplet()) }))
    await clock.advance(180_000)
    emulator.removeDroplet(Number(droplet))
    const { images } = await succeed(store.listPage({ name: 'nightly' }))
    expect(await lookUp(begun)).toMatchObject({ operation: { state: 'succeeded', image: images[0]?.ref } })
  })

  it('fails where the Droplet goes before it is done', async () => {
    const { clock, emulator, store, lookUp } = await start()
    const begun = await succeed(store.createFromServer(spec()))
    emulator.removeDroplet(Number(droplet))
    await clock.advance(180_000)
    expect(await lookUp(begun)).toMatchObject({
      operation: { state: 'failed', failure: expect.any(String), hint: expect.stringContaining('Droplet') },
    })
  })

  it('is not-found, and does not settle for ever, where its image has been deleted', async () => {
    const { clock, store, lookUp } = await start()
    const begun = await succeed(store.createFromServer(spec()))
    await clock.advance(180_000)
    const [image] = (await succeed(store.listPage())).images
    await succeed(store.delete(image?.ref ?? imageRef('digitalocean:1')))
    await clock.advance(16 * 60_000)
    expect(await lookUp(begun)).toMatchObject({ found: false, error: { kind: 'not-found' } })
  })

  it('is no backup’s, and none of those that were there before', async () => {
    const { clock, emulator, store, lookUp } = await start()
    emulator.addImage({ droplet: Number(droplet), type: 'backup' })
    emulator.addImage({ droplet: Number(droplet), created_at: '2026-08-20T23:59:59Z' })
    const begun = await succeed(store.createFromServer(spec()))
    await clock.advance(180_000)
    const [image] = (await succeed(store.listPage({ name: 'nightly' }))).images
    expect(await lookUp(begun)).toMatchObject({ operation: { image: image?.ref } })
  })

  it('waits for what the Droplet is busy with, and is sent again then', async () => {
    const { store, lines, clock } = await start()
    const [one, two] = [
      await succeed(store.createFromServer(spec())),
      await succeed(store.createFromServer(spec({ name: 'second' }))),
    ]
    expect(two.ref).not.toBe(one.ref)
    expect(lines().filter((line) => line.startsWith('POST'))).toHaveLength(3)
    // Its beginning is not in the second in which the other ended.
    expect(Date.parse(two.startedAt ?? '') - Date.parse(one.startedAt ?? '')).toBeGreaterThan(180_000)
    expect(clock.now() - Date.parse(two.startedAt ?? '')).toBeLessThan(1000)
  })

  it('gives up with `locked` after an hour, and at once where the caller’s time is over', async () => {
    const { store, clock } = await start({ snapshotDuration: 10 * 3_600_000 })
    await succeed(store.createFromServer(spec()))
    const before = clock.now()
    const error = await fail(store.createFromServer(spec()))
    expect(error).toMatchObject({ kind: 'locked', operation: 'createFromServer', hint: expect.any(String) })
    expect(clock.now() - before).toBeLessThanOrEqual(3_660_000)
  })

  it('stops waiting when the caller aborts', async () => {
    const controller = new AbortController()
    const { emulator, store, clock } = await start()
    await succeed(store.createFromServer(spec()))
    const impatient = digitalOcean({
      token: emulator.token,
      baseUrl: emulator.baseUrl,
      runtime: {
        ...systemRuntime,
        now: clock.now,
        sleep: (_, signal) => {
          controller.abort()
          return Promise.reject(signal?.reason)
        },
      },
    })
    const error = await fail(impatient.createFromServer(spec(), { signal: controller.signal }))
    expect(error.kind).toBe('canceled')
  })

  it.each([
    ['region', { region: 'nyc3' }],
    ['region', { region: 'NYC 3' }],
    ['source', { source: 'web-01' }],
    ['source', { source: '0' }],
    ['name', { name: ' ' }],
    ['key', { key: '\ud800' }],
    ['name', { key: 'k'.repeat(190), name: 'n'.repeat(60) }],
  ] as const)('is refused by its %s, and not begun: %j', async (field, more) => {
    const { store, lines } = await start()
    const error = await fail(store.createFromServer(spec(more)))
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {})).toEqual([field])
    expect(lines().filter((line) => line.startsWith('POST'))).toEqual([])
  })

  it('is begun in the Droplet’s own region where that is named', async () => {
    const { store } = await start()
    expect(await succeed(store.createFromServer(spec({ region: 'ams3' })))).toMatchObject({ state: 'running' })
  })
})

describe('a capture with a key', () => {
  const key = 'run 4711/web'

  it('is the same operation again, by its ref, while it runs and when it is done', async () => {
    const { clock, store, emulator } = await start()
    const begun = await succeed(store.createFromServer(spec({ key })))
    const again = await succeed(store.createFromServer(spec({ key })))
    expect(again).toMatchObject({ ref: begun.ref, state: 'running', startedAt: begun.startedAt })
    await clock.advance(600_000)
    expect((await succeed(store.createFromServer(spec({ key })))).ref).toBe(begun.ref)
    expect((await succeed(store.findOperations(key))).map(({ ref }) => ref)).toEqual([begun.ref])
    const posts = emulator.requests.filter(({ method, status }) => method === 'POST' && status === 201)
    expect(posts).toHaveLength(1)
  })

  it('is a conflict with one of another Droplet and with an import under the same key while it runs', async () => {
    const { clock, store, emulator } = await start({ snapshotListedAfter: 60_000 })
    const begun = await succeed(store.createFromServer(spec({ key })))
    const other = spec({ key, source: String(emulator.addDroplet()) })
    const file = { name: 'nightly', url: 'https://host.example/a.qcow2', region: 'nyc3', key }
    for (const passed of [0, 180_000, 50_000, 60_000]) {
      await clock.advance(passed)
      expect((await fail(store.createFromServer(other))).kind).toBe('conflict')
      expect((await fail(store.importFromUrl(file))).kind).toBe('conflict')
      expect((await succeed(store.findOperations(key))).map(({ ref }) => ref)).toEqual([begun.ref])
    }
    const posts = emulator.requests.filter(({ method, status }) => method === 'POST' && status !== 422)
    expect(posts).toHaveLength(1)
  })

  it('can be made again once its image was deleted', async () => {
    const { clock, store, lookUp } = await start()
    const begun = await succeed(store.createFromServer(spec({ key })))
    await clock.advance(180_000)
    const lookup = await lookUp(begun)
    const image = lookup?.found === true ? lookup.operation.image : undefined
    await succeed(store.delete(image ?? imageRef('digitalocean:1')))
    const again = await succeed(store.createFromServer(spec({ key })))
    expect(again.state).toBe('running')
    expect(again.ref).not.toBe(begun.ref)
  })

  it('is not made twice where the lists lag behind', async () => {
    const { clock, store, emulator } = await start({ snapshotListedAfter: 60_000 })
    const begun = await succeed(store.createFromServer(spec({ key })))
    await clock.advance(180_000)
    expect((await succeed(store.createFromServer(spec({ key })))).ref).toBe(begun.ref)
    expect(emulator.requests.filter(({ method, status }) => method === 'POST' && status === 201)).toHaveLength(1)
  })

  it.each([{}, { snapshotListedAfter: 60_000 }])(
    'is made once by three calls at once, where lists are %j',
    async (options) => {
      const { store, emulator } = await start(options)
      const operations = await Promise.all(
        Array.from({ length: 3 }, () => succeed(store.createFromServer(spec({ key })))),
      )
      expect(new Set(operations.map(({ ref }) => ref)).size).toBe(1)
      // None of them was refused because another had come before it.
      expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
    },
  )

  it.each([{}, { snapshotListedAfter: 60_000 }])(
    'is made once by three processes at once, where lists are %j',
    async (options) => {
      const { runtime, emulator } = await start(options)
      const stores = Array.from({ length: 3 }, () =>
        digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime }),
      )
      const operations = await Promise.all(stores.map((one) => succeed(one.createFromServer(spec({ key })))))
      expect(new Set(operations.map(({ ref }) => ref)).size).toBe(1)
      expect(emulator.requests.filter(({ method, status }) => method === 'POST' && status === 201)).toHaveLength(1)
    },
  )

  it('is its key’s, and not another’s that was made in the same second', async () => {
    const { clock, store, emulator, lookUp } = await start()
    const begun = await succeed(store.createFromServer(spec({ key })))
    if (begun.startedAt !== undefined)
      emulator.addImage({ type: 'snapshot', name: 'other', droplet: Number(droplet), created_at: begun.startedAt })
    await clock.advance(180_000)
    const [image] = (await succeed(store.listPage({ name: 'nightly' }))).images
    expect(await lookUp(begun)).toMatchObject({ operation: { state: 'succeeded', image: image?.ref } })
  })

  it('is found by its image where the Droplet has gone, and that ref can be looked up', async () => {
    const { clock, store, emulator, lookUp } = await start()
    await succeed(store.createFromServer(spec({ key })))
    await clock.advance(180_000)
    emulator.removeDroplet(Number(droplet))
    const [found] = await succeed(store.findOperations(key))
    const [image] = (await succeed(store.listPage({ name: 'nightly' }))).images
    expect(found).toMatchObject({ ref: `digitalocean:captured/${image?.ref.split(':')[1]}`, state: 'succeeded' })
    if (found !== undefined) expect(await lookUp(found)).toMatchObject({ operation: found })
  })

  it('keeps the key at the provider when it is renamed, and shows the name without it', async () => {
    const { clock, store, emulator } = await start()
    await succeed(store.createFromServer(spec({ key })))
    await clock.advance(180_000)
    const [image] = (await succeed(store.listPage({ name: 'nightly' }))).images
    expect(image).toMatchObject({ name: 'nightly', provenance: { key, server: droplet } })
    const renamed = await succeed(store.update(image?.ref ?? imageRef('digitalocean:1'), { name: 'weekly' }))
    expect(renamed).toMatchObject({ name: 'weekly', provenance: { key, server: droplet } })
    const [atTheProvider] = (
      (await (
        await fetch(`${emulator.baseUrl}/v2/images?private=true`, {
          headers: { authorization: `Bearer ${emulator.token}` },
        })
      ).json()) as { images: readonly { name: string }[] }
    ).images
    expect(atTheProvider?.name).toMatch(/^weekly \[imageferry:1:run%204711%2Fweb:[0-9a-f]{16}:250445117\]$/)
  })

  it('is a conflict with an import under the same key', async () => {
    const { clock, store } = await start()
    await succeed(store.createFromServer(spec({ key })))
    await clock.advance(180_000)
    const file = { name: 'nightly', url: 'https://host.example/a.qcow2', region: 'nyc3', key }
    expect((await fail(store.importFromUrl(file))).kind).toBe('conflict')
  })

  it('reads a name that only looks like one with a key as it stands', async () => {
    const { clock, store } = await start()
    const name = 'x [imageferry:1:k:0]'
    await succeed(store.createFromServer(spec({ name })))
    await clock.advance(180_000)
    const [image] = (await succeed(store.listPage({ name }))).images
    expect(image).toMatchObject({ name, provenance: undefined })
    const renamed = await succeed(
      store.update(image?.ref ?? imageRef('digitalocean:1'), { name: `${name} [imageferry:1::]` }),
    )
    expect(renamed.name).toBe(`${name} [imageferry:1::]`)
  })
})

describe('snapshots, backups and custom images', () => {
  it('are told apart by their kind', async () => {
    const { emulator, store } = await start()
    for (const type of ['snapshot', 'backup', 'custom'] as const) emulator.addImage({ type, name: type })
    for (const kind of ['snapshot', 'backup', 'custom'])
      expect((await succeed(store.listPage({ kinds: [kind] }))).images).toMatchObject([{ name: kind, kind }])
  })
})
