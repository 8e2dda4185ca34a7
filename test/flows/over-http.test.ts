import { inspect } from 'node:util'
import { ImageStoreError, imageRef, type RegionFailure, systemRuntime, withPromises } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { afterAll, describe, expect, it } from 'vitest'
import { qcow2Disk, truncated } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { manualClock } from '../../src/emulator/clock.ts'
import { virtualRuntime } from '../virtual-runtime.ts'

const clock = manualClock()
const runtime = virtualRuntime(clock)
const disk = qcow2Disk({ label: 'flows' })
const text = (value: string) => new TextEncoder().encode(value)

const contents = new Map<string, Uint8Array>([
  ['good.qcow2', disk],
  ['cut.qcow2', truncated(disk, 0.5)],
  ['page.qcow2', text('<!doctype html><html><body>Sign in</body></html>')],
  ['noise.raw', text('neither a disk nor anything else'.repeat(100))],
])
const files = await serveFiles(async (name) => contents.get(name))
const ocean = await startDigitalOcean({ clock, rateLimit: 'headers-only' })
const cloud = await startGcore({ clock })

const oceanImages = withPromises(digitalOcean({ ...ocean, runtime }))
const cloudImages = withPromises(
  gcore({ apiKey: cloud.apiKey, project: cloud.project, baseUrl: cloud.baseUrl, regions: [76, 148], runtime }),
)

afterAll(async () => {
  await Promise.all([ocean.close(), cloud.close(), files.close()])
  expect([...ocean.failures, ...cloud.failures]).toEqual([])
})

const errorOf = async (work: Promise<unknown>): Promise<ImageStoreError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ImageStoreError)) throw new Error(`not an ImageStoreError: ${inspect(error)}`)
  return error
}

describe('imports of what no provider takes', () => {
  const stores = [
    { images: oceanImages, region: 'nyc3' },
    { images: cloudImages, region: '76' },
  ]
  const cases = stores.flatMap(({ images, region }) =>
    ['cut.qcow2', 'page.qcow2', 'noise.raw', 'missing.qcow2'].map((file) => ({
      images,
      region,
      file,
      name: images.name,
    })),
  )

  it.each(cases)('$name gives $file up, and the error says why and what to do', async ({ images, region, file }) => {
    const { ref } = await images.importFromUrl({ name: `from ${file}`, url: files.urlOf(file), region })
    const [outcome] = await images.waitForAll([ref], { runtime })
    expect(outcome).toMatchObject({ succeeded: false, error: { kind: 'import-failed', store: images.name } })
    if (outcome?.succeeded !== false) return
    expect(outcome.error.message).not.toBe('')
    expect(outcome.error.hint).toBeDefined()
    expect(await images.collect({ name: `from ${file}` })).toEqual([])
  })
})

describe('a region that does not answer', () => {
  it('fails a listing, or is reported beside the others where that is asked for', async () => {
    const tried = gcore({
      apiKey: cloud.apiKey,
      project: cloud.project,
      baseUrl: cloud.baseUrl,
      regions: [76, 148],
      runtime: { ...systemRuntime, sleep: async () => {} },
    })
    const images = withPromises(tried)
    cloud.addImage({ name: 'in-76', region_id: 76 })
    cloud.addImage({ name: 'in-148', region_id: 148 })
    cloud.failRegion(148, 503)
    const error = await errorOf(images.collect())
    expect(error).toMatchObject({ kind: 'unavailable', store: 'gcore', operation: 'listPage', status: 503 })
    const failures: RegionFailure[] = []
    const names = (await images.collect({}, { onRegionFailure: (failure) => failures.push(failure) })).map(
      ({ name }) => name,
    )
    cloud.failRegion(148, undefined)
    expect(names).toContain('in-76')
    expect(names).not.toContain('in-148')
    expect(failures).toMatchObject([{ region: '148', error: { kind: 'unavailable' } }])
  })
})

describe("DigitalOcean's tags, which keep the capitals of their first use", () => {
  it('are put and dropped whatever capitals the account remembers', async () => {
    const first = ocean.addImage({ name: 'first', tags: ['PROD'] })
    const second = ocean.addImage({ name: 'second' })
    const tag = { key: 'prod' }
    const updated = await oceanImages.update(imageRef(`digitalocean:${second}`), { tags: { put: [tag] } })
    expect(updated.tags).toEqual([{ key: 'prod', wire: 'PROD' }])
    const dropped = await oceanImages.update(imageRef(`digitalocean:${first}`), { tags: { drop: [tag] } })
    expect(dropped.tags).toEqual([])
    expect((await oceanImages.collect({ tags: [tag] })).map(({ name }) => name)).toEqual(['second'])
  })
})

describe('a wrong credential', () => {
  it('is said to be wrong and never shown', async () => {
    const secret = 'dop_v1_0123456789abcdef'
    const key = '99$0123456789abcdef'
    for (const [error, hidden] of [
      [await errorOf(withPromises(digitalOcean({ ...ocean, token: secret })).collect()), secret],
      [
        await errorOf(
          withPromises(gcore({ apiKey: key, project: 1337, baseUrl: cloud.baseUrl, regions: [76] })).collect(),
        ),
        key,
      ],
    ] as const) {
      expect(error.kind).toBe('unauthenticated')
      expect(error.requestId).toBeDefined()
      expect(error.hint).toBeDefined()
      expect(`${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${error.stack}`).not.toContain(
        hidden,
      )
    }
  })
})

describe('a token without a scope', () => {
  it('is told which scope it needs', async () => {
    const narrow = await startDigitalOcean({ clock, scopes: ['image:read'] })
    const images = withPromises(digitalOcean({ ...narrow, runtime }))
    const error = await errorOf(
      images.importFromUrl({ name: 'x', url: files.urlOf('good.qcow2'), region: 'nyc3', tags: [{ key: 'a' }] }),
    )
    await narrow.close()
    expect(error).toMatchObject({ kind: 'permission-denied', status: 403, operation: 'importFromUrl' })
    expect(error.hint).toContain('image:create')
  })
})

describe('an update that fails half-way', () => {
  it('says what was changed before', async () => {
    const narrow = await startDigitalOcean({ clock, scopes: ['image:read', 'image:update'] })
    const images = withPromises(digitalOcean({ ...narrow, runtime }))
    const ref = imageRef(`digitalocean:${narrow.addImage({ name: 'before' })}`)
    const error = await errorOf(images.update(ref, { name: 'after', tags: { put: [{ key: 'new' }] } }))
    expect(error).toMatchObject({ kind: 'permission-denied', completed: ['name'] })
    expect((await images.get(ref)).name).toBe('after')
    await narrow.close()
  })
})
