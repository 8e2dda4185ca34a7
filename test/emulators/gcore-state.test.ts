import fc from 'fast-check'
import type { GcoreEmulatorOptions, GcoreState } from 'imageferry/gcore/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { manualClock } from '../../src/emulator/clock.ts'
import { bootableDisk, startFileSource } from './file-source.ts'
import { closeAll, type Fixture, onlyTask, results, startFixture, startSourceHost } from './gcore-fixture.ts'

afterEach(closeAll)

const minute = 60_000
const volumeId = '3ab58d5e-6bb6-4f5d-9e3c-5f1f3a1c6d10'

/** Begins something of every sort: imports, also of a GPU image and of what is not there, more than run at a time, a capture, a deletion. */
const beginAll = async ({ call, inRegion, emulator }: Fixture, host: string): Promise<void> => {
  const post = (collection: string, body: object) => call('POST', inRegion(collection), body)
  for (const name of ['one', 'two', 'three'])
    await post('downloadimage', { name, url: `${host}/disk`, tags: { env: name } })
  await post('downloadimage', { name: 'broken', url: `${host}/missing` })
  await call('POST', `/cloud/v3/gpu/virtual/${emulator.project}/148/images`, { name: 'gpu', url: `${host}/disk` })
  await post('images', { name: 'captured', volume_id: volumeId })
  await call('DELETE', inRegion('images', `/${emulator.addImage({ name: 'going' })}`))
}

const options: GcoreEmulatorOptions = {
  concurrentImports: 2,
  importDuration: [minute, 4 * minute],
  earlyError: 10_000,
  settleShare: 0.5,
  taskListLag: 30_000,
  volumes: [{ id: volumeId }],
}

describe('a saved state', () => {
  it('goes on in a fresh emulator as in the one that it was saved in, whenever it was saved', async () => {
    const host = await startSourceHost({ disk: { bytes: qcow2Disk({ virtualBytes: 2 ** 30 }) } })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 * minute }), fc.integer({ min: 1, max: 9 }), async (at, seed) => {
        const original = await startFixture({ ...options, seed })
        await beginAll(original, host)
        await original.emulator.clock.advance(at)
        const text = JSON.stringify(original.emulator.saveState())

        // Another seed, and a clock that stands years away.
        const clock = manualClock({ start: 0 })
        const other = await startFixture({ ...options, seed: seed + 1, clock })
        other.emulator.restoreState(JSON.parse(text))
        expect(JSON.stringify(other.emulator.saveState())).toBe(text)
        for (const { call, inRegion, emulator } of [original, other]) {
          await emulator.clock.advance(20_000)
          await call('POST', inRegion('downloadimage'), { name: 'later', url: `${host}/disk` })
          await emulator.clock.advance(30 * minute)
        }
        const ended = other.emulator.saveState()
        expect(ended).toEqual(original.emulator.saveState())
        expect(ended.pending).toEqual([])
        expect(ended.images.filter(({ own }) => own).map(({ name }) => name)).toContain('later')
      }),
      { numRuns: 12 },
    )
  })

  it('undoes what came after it in the same emulator, and nothing of that acts any more', async () => {
    const host = await startSourceHost({ disk: { bytes: bootableDisk() } })
    const fixture = await startFixture(options)
    const { emulator, call, inRegion } = fixture
    const saved = emulator.saveState()
    await beginAll(fixture, host)
    await emulator.clock.advance(5_000)
    emulator.failRegion(76, 503)
    emulator.restoreState(saved)
    expect(emulator.clock.now()).toBe(saved.nowMs)
    await emulator.clock.advance(60 * minute)
    expect(emulator.saveState()).toEqual({ ...saved, nowMs: saved.nowMs + 60 * minute })
    expect((await call('GET', '/cloud/v1/tasks')).body['count']).toBe(0)
    expect(results(await call('GET', inRegion('projectimages')))).toEqual([])
  })

  it('has its own time to wait: what was planned before it was restored does not come earlier', async () => {
    const { emulator, call, inRegion } = await startFixture()
    const task = onlyTask(await call('DELETE', inRegion('images', `/${emulator.addImage({})}`)))
    const state = async () => (await call('GET', `/cloud/v1/tasks/${task}`)).body['state']
    await emulator.clock.advance(2_000)
    const saved = emulator.saveState()
    await emulator.clock.advance(1_500)
    emulator.restoreState(saved)
    // Planned for 4 s after the request, of which 2 have passed again.
    await emulator.clock.advance(1_999)
    expect(await state()).toBe('RUNNING')
    await emulator.clock.advance(1)
    expect(await state()).toBe('FINISHED')
  })

  it('has a file fetched once more that was being fetched, and does not hear of the first time', async () => {
    const source = await startFileSource({ '/disk': { silent: true } })
    const first = await startFixture({ timeScale: 0 })
    const { emulator, call, inRegion } = first
    const task = onlyTask(await call('POST', inRegion('downloadimage'), { name: 'slow', url: source.url('/disk') }))
    const passing = emulator.clock.advance(5_000)
    while (source.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const saved = emulator.saveState()
    expect(saved.imports).toMatchObject([{ task, phase: 'fetching' }])
    emulator.restoreState({ ...saved, imports: [], pending: [] })
    await source.close()
    await passing
    expect((await call('GET', `/cloud/v1/tasks/${task}`)).body).toMatchObject({ state: 'RUNNING', error: null })

    emulator.restoreState(saved)
    await emulator.clock.advance(1)
    expect((await call('GET', `/cloud/v1/tasks/${task}`)).body).toMatchObject({
      state: 'ERROR',
      error: expect.stringMatching(/ECONNREFUSED/),
    })
  })

  it('needs no step of an image that was deleted while it settled', async () => {
    const host = await startSourceHost({ disk: { bytes: bootableDisk() } })
    const { emulator, call, inRegion } = await startFixture({ settleStatuses: ['active'] })
    await call('POST', inRegion('downloadimage'), { name: 'going', url: `${host}/disk` })
    await emulator.clock.advance(301_000)
    const [image] = results(await call('GET', inRegion('projectimages')))
    expect((await call('DELETE', inRegion('images', `/${image?.['id']}`))).status).toBe(200)
    await emulator.clock.advance(6_000)
    const saved = emulator.saveState()
    expect(saved.pending.map(({ step }) => step.kind)).not.toContain('settle')
    emulator.restoreState(saved)
    expect(emulator.saveState()).toEqual(saved)
  })

  it.each([
    ['no object', () => 7, 'state: should be an object'],
    ['a field too few', ({ ids: _, ...rest }: object & { ids?: unknown }) => rest, 'state: ids: is missing'],
    ['another version', (state: object) => ({ ...state, version: 2 }), 'state: version: should be 1'],
    ['a field too many', (state: object) => ({ ...state, more: 1 }), /^state: more: is not a field that is known/],
    [
      'an image of another shape',
      (state: object) => ({ ...state, images: [{ id: 7 }] }),
      /^state: images: 0: region_id: is missing/,
    ],
    [
      'a step of no task',
      (state: object) => ({ ...state, pending: [{ atMs: 1, step: { kind: 'give-up', task: 'gone' } }] }),
      'state: there is no task gone, and something is still to come of it',
    ],
    [
      'a step of no image',
      (state: object) => ({
        ...state,
        pending: [{ atMs: 1, step: { kind: 'settle', image: 'gone', status: 'active', size: 1 } }],
      }),
      'state: there is no image gone, and something is still to come of it',
    ],
    [
      'a step that does not tell its task',
      (state: object) => ({ ...state, pending: [{ atMs: 1, step: { kind: 'fetch' } }] }),
      'state: pending: 0: step: task: is missing',
    ],
    [
      'a step of another kind',
      (state: object) => ({ ...state, pending: [{ atMs: 1, step: { kind: 'dance' } }] }),
      /^state: pending: 0: step: kind: should be one of begin-task/,
    ],
    [
      'an image twice',
      (state: GcoreState) => ({ ...state, images: [...state.images, ...state.images.slice(0, 1)] }),
      /^state: images: .* is there twice/,
    ],
    [
      'an image in an unknown region',
      (state: GcoreState) => ({ ...state, images: state.images.map((image) => ({ ...image, region_id: 5 })) }),
      'state: images: 0: region_id: should be the id of a region',
    ],
    [
      'an unknown region that fails',
      (state: object) => ({ ...state, failingRegions: [[5, 500]] }),
      'state: failingRegions: 0: should be the id of a region',
    ],
    ['a time that no clock can show', (state: object) => ({ ...state, nowMs: 1e16 }), /^state: nowMs: /],
  ])('is refused as a whole where it is or has %s', async (_, change, message) => {
    const { emulator } = await startFixture()
    const saved = emulator.saveState()
    expect(() => emulator.restoreState(change(saved))).toThrow(message)
    expect(emulator.saveState()).toEqual(saved)
  })
})
