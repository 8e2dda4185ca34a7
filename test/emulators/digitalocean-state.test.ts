import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DigitalOceanEmulatorOptions, DigitalOceanState } from '../../adapters/digitalocean/emulator.ts'
import { manualClock } from '../../src/emulator/clock.ts'
import { type Fixture, startFixture } from './digitalocean-fixture.ts'
import { bootableDisk, type FileSource, startFileSource } from './file-source.ts'

let files: FileSource
beforeAll(async () => {
  files = await startFileSource({
    '/good.raw': { bytes: bootableDisk() },
    '/bad.raw': { bytes: Buffer.from('no disk') },
  })
})
afterAll(() => files.close())

const running: Fixture[] = []
const start = async (options: DigitalOceanEmulatorOptions = {}): Promise<Fixture> => {
  const fixture = await startFixture({ droplets: [{ id: 250_000_000 }], ...options })
  running.push(fixture)
  return fixture
}
afterEach(async () => {
  for (const { emulator } of running.splice(0)) {
    await emulator.close()
    expect(emulator.failures).toEqual([])
  }
})

/** Sets everything going that takes time. */
const setGoing = async ({ call, emulator }: Fixture): Promise<void> => {
  const image = { region: 'nyc3', tags: ['Kept', 'other'] }
  await call('POST', '/v2/images', { ...image, name: 'good', url: files.url('/good.raw') })
  await call('POST', '/v2/images', { ...image, name: 'bad', url: files.url('/bad.raw') })
  await call('POST', '/v2/images', { ...image, name: 'missing', url: files.url('/missing.raw') })
  await call('POST', '/v2/droplets/250000000/actions', { type: 'snapshot', name: 'snap' })
  const backup = emulator.addImage({ type: 'backup' })
  await call('POST', `/v2/images/${backup}/actions`, { type: 'convert' })
  const snapshot = emulator.addImage({ name: 'copied' })
  await call('POST', `/v2/images/${snapshot}/actions`, { type: 'transfer', region: 'ams3' })
}

/** A state with some of its lists made otherwise. */
type Changes = {
  readonly [List in keyof DigitalOceanState]?: (rows: DigitalOceanState[List], state: DigitalOceanState) => unknown
}

const changed = (state: DigitalOceanState, changes: Changes): unknown => ({
  ...state,
  ...Object.fromEntries(
    Object.entries(changes).map(([list, change]) => [
      list,
      (change as (rows: unknown, state: DigitalOceanState) => unknown)(state[list as keyof DigitalOceanState], state),
    ]),
  ),
})

/** Through JSON, as over HTTP or through a file. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a saved state', () => {
  it('goes on in another emulator, at another time, as it would have in the first one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 320_000 }),
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.constantFrom('unlisted', 'listed-pending'),
        async (savedAfter, shift, unfinishedSnapshots) => {
          const options = { unfinishedSnapshots, snapshotListedAfter: 40_000 } as const
          const first = await start(options)
          await setGoing(first)
          await first.emulator.clock.advance(savedAfter)
          const saved = json(first.emulator.saveState())
          const clock = manualClock({ start: Date.UTC(2026, 0, 1) + shift })
          const second = await start({ ...options, seed: 7, clock })
          second.emulator.restoreState(saved)
          expect(json(second.emulator.saveState())).toEqual(saved)
          for (const { emulator, call } of [first, second]) {
            await emulator.clock.advance(400_000)
            await call('POST', '/v2/images', { name: 'later', url: files.url('/good.raw'), region: 'nyc3' })
            await emulator.clock.advance(400_000)
          }
          const ends = [first, second].map(({ emulator }) => json(emulator.saveState()))
          expect(ends[1]).toEqual(ends[0])
          expect(first.emulator.saveState().steps).toEqual([])
          expect(first.emulator.saveState().images.filter(({ name }) => /good|snap$/.test(name))).toMatchObject([
            { status: 'available' },
            { status: 'available' },
          ])
        },
      ),
      { numRuns: 12 },
    )
  })

  it.each([
    ['an image twice', { images: (rows) => [...rows, ...rows.slice(0, 1)] }, /images has \d+ twice/],
    ['a Droplet twice', { droplets: (rows) => [...rows, ...rows] }, /droplets has 250000000 twice/],
    ['tags that differ by case', { tags: () => [{ name: 'Prod' }, { name: 'prod' }] }, /tags has prod twice/],
    ['a step of no action', { steps: () => [{ kind: 'action-ends', action: 5, dueMs: 1 }] }, /no action 5/],
    [
      'a step of no image',
      { steps: () => [{ kind: 'import-starts', image: 5, url: 'http://a', region: 'nyc3', endsAtMs: 1, dueMs: 1 }] },
      /steps\.0: there is no image 5/,
    ],
    [
      'a step in no region',
      {
        steps: (_, { images }) => [
          { kind: 'import-starts', image: images[0]?.id, url: 'http://a', region: 'moon', endsAtMs: 1, dueMs: 1 },
        ],
      },
      /steps\.0: there is no region moon/,
    ],
  ] satisfies readonly (readonly [string, Changes, RegExp])[])(
    'with %s is refused, and changes nothing',
    async (_, changes, message) => {
      const { emulator } = await start()
      const saved = emulator.saveState()
      expect(() => emulator.restoreState(changed(saved, changes))).toThrow(message)
      expect(emulator.saveState()).toEqual(saved)
    },
  )

  it.each(['image', 'action', 'droplet'] as const)(
    'whose next %s would be one that there is is refused',
    async (kind) => {
      const fixture = await start()
      await setGoing(fixture)
      const saved = fixture.emulator.saveState()
      const low = { ...saved, lastIds: { ...saved.lastIds, [kind]: 1 } }
      expect(() => fixture.emulator.restoreState(low)).toThrow(new RegExp(`lastIds\\.${kind} is 1`))
      expect(fixture.emulator.saveState()).toEqual(saved)
    },
  )

  it('has no step of an import whose image was deleted meanwhile', async () => {
    const { emulator, call } = await start()
    const { body } = await call('POST', '/v2/images', { name: 'gone', url: files.url('/good.raw'), region: 'nyc3' })
    expect((await call('DELETE', `/v2/images/${body.image.id}`)).status).toBe(204)
    const saved = emulator.saveState()
    expect(saved.steps).toEqual([])
    emulator.restoreState(saved)
  })

  it('is not reached by a request that commits late, and was sent before it was restored', async () => {
    const { emulator, call, get } = await start()
    const saved = emulator.saveState()
    emulator.faults.script({ method: 'POST', fault: { kind: 'late-commit', delayMs: 60_000 } })
    await expect(call('POST', '/v2/tags', { name: 'late' })).rejects.toThrow()
    emulator.restoreState(saved)
    await emulator.clock.advance(120_000)
    expect((await get('/v2/tags')).body.tags).toEqual([])
  })

  it('makes void what was planned after it', async () => {
    const { emulator, call, get } = await start()
    const saved = emulator.saveState()
    const { body } = await call('POST', '/v2/images', { name: 'gone', url: files.url('/good.raw'), region: 'nyc3' })
    await emulator.clock.advance(15_000)
    emulator.restoreState(saved)
    expect(emulator.clock.now()).toBe(saved.nowMs)
    // The next image has the id of the one that never was.
    const again = await call('POST', '/v2/images', { name: 'new', url: files.url('/missing.raw'), region: 'nyc3' })
    expect(again.body.image.id).toBe(body.image.id)
    await emulator.clock.advance(600_000)
    expect((await get(`/v2/images/${body.image.id}`)).body.image).toMatchObject({ name: 'new', status: 'deleted' })
  })

  it('restored in the middle of a download has the file fetched again', async () => {
    const slow = await startFileSource({ '/slow.raw': { silent: true } })
    const { emulator, call, get } = await start({ timeScale: 1000 })
    await call('POST', '/v2/images', { name: 'slow', url: slow.url('/slow.raw'), region: 'nyc3' })
    await expect.poll(() => slow.requests.length).toBe(1)
    const saved = json(emulator.saveState())
    const other = await start()
    other.emulator.restoreState(saved)
    await slow.close()
    await other.emulator.clock.advance(400_000)
    const { images } = (await other.get('/v2/images?private=true')).body
    expect(images).toEqual([])
    expect(other.emulator.saveState().images.at(-1)).toMatchObject({ name: 'slow', status: 'deleted' })
    expect((await get('/v2/regions')).status).toBe(200)
  })

  it('keeps spelled tags, counted requests and ids', async () => {
    const first = await start()
    await first.call('POST', '/v2/tags', { name: 'Prod' })
    const second = await start({ seed: 3 })
    second.emulator.restoreState(json(first.emulator.saveState()))
    expect((await second.call('POST', '/v2/tags', { name: 'prod' })).body.tag.name).toBe('Prod')
    expect((await second.get('/v2/regions')).headers.get('ratelimit-remaining')).toBe('4997')
    const { lastIds } = first.emulator.saveState()
    expect(second.emulator.saveState().lastIds).toEqual(lastIds)
  })

  it('that is not as it should be is refused with what is wrong, and changes nothing', async () => {
    const { emulator } = await start()
    const saved = emulator.saveState()
    expect(() => emulator.restoreState({ ...saved, format: 'other/1' })).toThrow(/format/)
    expect(() => emulator.restoreState({ ...saved, images: [{ id: 'one' }] })).toThrow(/images\.0\.id is not/)
    expect(() => emulator.restoreState({ ...saved, steps: [{ kind: 'dances', dueMs: 1 }] })).toThrow(/steps/)
    expect(() => emulator.restoreState(undefined)).toThrow(/It is not State/)
    for (const nowMs of [1e16, -1e16, null])
      expect(() => emulator.restoreState({ ...saved, nowMs })).toThrow(/nowMs is not a moment/)
    expect(emulator.saveState()).toEqual(saved)
  })
})
