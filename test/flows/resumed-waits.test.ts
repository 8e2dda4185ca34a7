import { collect, type Operation, type OperationRef, type StoreEvent, waitFor, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { rightOf } from '../either.ts'
import { simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const second = 1_000
const hour = 3_600 * second
const disk = qcow2Disk({ label: 'resumed' })
const ends: (() => Promise<void> | void)[] = []

beforeAll(warmUp)

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const start = async () => {
  const time = simulatedTime(1)
  ends.push(time.stop)
  const files = await serveFiles(async (name) => (name === 'good.qcow2' ? disk : undefined))
  ends.push(files.close)
  return { time, good: files.urlOf('good.qcow2'), missing: files.urlOf('missing.qcow2') }
}

/** What another process reads of operations that this one has written down. */
const written = (operations: readonly Operation[]): readonly OperationRef[] =>
  (JSON.parse(JSON.stringify(operations)) as readonly Operation[]).map(({ ref }) => ref)

describe('a wait in another process', () => {
  it('goes on after hours, with another token, at DigitalOcean', async () => {
    const { time, good, missing } = await start()
    const first = await startDigitalOcean({ clock: time.clock })
    ends.push(first.close)
    const before = digitalOcean({ token: first.token, baseUrl: first.baseUrl, runtime: time.runtime })
    const begin = async (name: string, url: string) =>
      rightOf(await before.importFromUrl({ name, url, region: 'nyc3' })())
    const begun = await time.run(Promise.all([begin('web', good), begin('gone', missing)]), hour)
    await time.clock.advance(5 * hour)
    const second_ = await startDigitalOcean({ clock: time.clock, token: 'another-token' })
    ends.push(second_.close)
    second_.restoreState(first.saveState())
    const after = digitalOcean({ token: 'another-token', baseUrl: second_.baseUrl, runtime: time.runtime })
    const outcomes = rightOf(await time.run(waitForAll(after, written(begun), { runtime: time.runtime })(), hour))
    expect(outcomes).toMatchObject([
      { succeeded: true, operation: { image: begun[0]?.image } },
      { succeeded: false, error: { kind: 'import-failed', hint: expect.any(String) } },
    ])
  })

  it('goes on after hours, with another key, at Gcore', async () => {
    const { time, good, missing } = await start()
    const first = await startGcore({ clock: time.clock })
    ends.push(first.close)
    const { project } = first
    const before = gcore({ apiKey: first.apiKey, project, baseUrl: first.baseUrl, runtime: time.runtime })
    const begin = async (name: string, url: string) =>
      rightOf(await before.importFromUrl({ name, url, region: '76' })())
    const begun = await time.run(Promise.all([begin('web', good), begin('gone', missing)]), hour)
    await time.clock.advance(5 * hour)
    const second_ = await startGcore({ clock: time.clock, apiKey: '1234$abc0' })
    ends.push(second_.close)
    second_.restoreState(first.saveState())
    const after = gcore({ apiKey: '1234$abc0', project, baseUrl: second_.baseUrl, runtime: time.runtime })
    const outcomes = rightOf(await time.run(waitForAll(after, written(begun), { runtime: time.runtime })(), hour))
    expect(outcomes).toMatchObject([
      { succeeded: true },
      { succeeded: false, error: { kind: 'import-failed', hint: expect.any(String) } },
    ])
    const [image] = rightOf(await time.run(collect(after)(), hour))
    expect(outcomes[0]?.succeeded === true && outcomes[0].operation.image).toBe(image?.ref)
  })
})

describe('what one operation meets', () => {
  it('is not felt by others: a region of Gcore that is down', async () => {
    const { time, good } = await start()
    const emulator = await startGcore({ clock: time.clock })
    ends.push(emulator.close)
    const { apiKey, project, baseUrl } = emulator
    const store = gcore({ apiKey, project, baseUrl, regions: [76, 148], runtime: time.runtime })
    const begin = async (region: string) =>
      rightOf(await store.importFromUrl({ name: `web-${region}`, url: good, region })()).ref
    const refs = await time.run(Promise.all([begin('76'), begin('148')]), hour)
    emulator.failRegion(148, 503)
    const order: OperationRef[] = []
    const wait = async (): Promise<void> => {
      for await (const outcome of waitFor(store, refs, { runtime: time.runtime })) {
        expect(outcome.succeeded).toBe(true)
        order.push(outcome.ref)
        emulator.failRegion(148, undefined)
      }
    }
    await time.run(wait(), 4 * hour)
    expect(order).toEqual(refs)
  })

  it.each([
    ['whose images, read one by one, hang', 1],
    ['whose lists hang', 2],
  ])('is not felt by others: a region of Gcore %s', async (_, count) => {
    const { time, good } = await start()
    const emulator = await startGcore({ clock: time.clock, importDuration: 100 * second, settleDuration: 0 })
    ends.push(emulator.close)
    const { apiKey, project, baseUrl } = emulator
    const store = gcore({ apiKey, project, baseUrl, regions: [76, 148], runtime: time.runtime })
    const begin = async (name: string, region: string, key: string | undefined) =>
      rightOf(await store.importFromUrl({ name, url: good, region, key })()).ref
    const hanging = await time.run(
      Promise.all(Array.from({ length: count }, (_, index) => begin(`hung-${index}`, '148', undefined))),
      hour,
    )
    // Others are to end while those of the region that hangs are looked for already.
    await time.clock.advance(50 * second)
    const healthy = await time.run(Promise.all([begin('web-0', '76', 'web-0'), begin('web-1', '76', undefined)]), hour)
    const begun = time.clock.now()
    for (const list of ['images', 'projectimages', 'bmimages'])
      emulator.faults.script({
        method: 'GET',
        path: `/cloud/v1/${list}/${project}/148`,
        times: 1_000_000,
        fault: { kind: 'slow', delayMs: 10 * hour },
      })
    const noticed: OperationRef[] = []
    const wait = async (): Promise<void> => {
      const refs = [...hanging, ...healthy]
      for await (const outcome of waitFor(store, refs, { runtime: time.runtime })) {
        expect(outcome.succeeded).toBe(true)
        noticed.push(outcome.ref)
        if (noticed.length === healthy.length) break
      }
    }
    await time.run(wait(), hour)
    expect(new Set(noticed)).toEqual(new Set(healthy))
    // It begins after 5 s, a look is due every 15 s, and a part of it is given as long, or twice as long after one that was late.
    expect(time.clock.now() - begun).toBeLessThanOrEqual((105 + 15 + 30) * second)
  })

  it('is seen all the same where a region of Gcore takes 20 s for each answer', async () => {
    const { time, good } = await start()
    const emulator = await startGcore({ clock: time.clock, importDuration: 100 * second, settleDuration: 0 })
    ends.push(emulator.close)
    const { apiKey, project, baseUrl, faults } = emulator
    const store = gcore({ apiKey, project, baseUrl, regions: [76], runtime: time.runtime })
    const { ref } = rightOf(await time.run(store.importFromUrl({ name: 'web', url: good, region: '76' })(), hour))
    const slow = { kind: 'slow', delayMs: 20 * second } as const
    faults.script({ method: 'GET', path: `/cloud/v1/images/${project}/76`, times: 1_000_000, fault: slow })
    const outcomes = rightOf(await time.run(waitForAll(store, [ref], { runtime: time.runtime })(), hour))
    expect(outcomes).toMatchObject([{ succeeded: true }])
  })

  it('is not felt by others: an image of DigitalOcean that is read by itself, and hangs', async () => {
    const { time, good, missing } = await start()
    const emulator = await startDigitalOcean({ clock: time.clock, importDuration: 100 * second })
    ends.push(emulator.close)
    const store = digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime: time.runtime })
    const begin = async (name: string, url: string) =>
      rightOf(await store.importFromUrl({ name, url, region: 'nyc3' })())
    // It fails, and so leaves the list.
    const hanging = await time.run(begin('gone', missing), hour)
    await time.clock.advance(50 * second)
    const healthy = await time.run(Promise.all([begin('web-0', good), begin('web-1', good)]), hour)
    const begun = time.clock.now()
    emulator.faults.script({
      method: 'GET',
      path: `/v2/images/${hanging.image?.split(':').at(-1)}`,
      times: 1_000_000,
      fault: { kind: 'slow', delayMs: 10 * hour },
    })
    const refs = [hanging, ...healthy].map(({ ref }) => ref)
    const outcomes = rightOf(
      await time.run(waitForAll(store, refs, { runtime: time.runtime, timeoutMs: 135 * second })(), hour),
    )
    expect(outcomes).toMatchObject([
      { succeeded: false, error: { kind: 'timeout' } },
      { succeeded: true },
      { succeeded: true },
    ])
    expect(time.clock.now() - begun).toBeLessThanOrEqual(150 * second)
    expect(time.outstanding()).toBe(0)
  })

  it('is not felt by others, nor by itself: an image of DigitalOcean that cannot be found at first', async () => {
    const { time, good } = await start()
    const emulator = await startDigitalOcean({
      clock: time.clock,
      imageListedAfter: 20 * second,
      imageReadableAfter: 20 * second,
    })
    ends.push(emulator.close)
    const store = digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime: time.runtime })
    const { ref } = rightOf(await time.run(store.importFromUrl({ name: 'web', url: good, region: 'nyc3' })(), hour))
    // As another process would: it knows nothing of what was begun a moment ago.
    const other = digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime: time.runtime })
    const outcomes = rightOf(await time.run(waitForAll(other, [ref], { runtime: time.runtime })(), hour))
    expect(outcomes).toMatchObject([{ succeeded: true }])
  })

  it('is known within seconds where it fails at once, in the words of the provider', async () => {
    const { time, missing } = await start()
    const emulator = await startDigitalOcean({ clock: time.clock, importDuration: 4 * second })
    ends.push(emulator.close)
    const store = digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime: time.runtime })
    const begun = time.clock.now()
    const events: StoreEvent[] = []
    const wait = async () => {
      const { ref } = rightOf(await store.importFromUrl({ name: 'web', url: missing, region: 'nyc3' })())
      return waitForAll(store, [ref], { runtime: time.runtime, observer: (event) => events.push(event) })()
    }
    const [outcome] = rightOf(await time.run(wait(), hour))
    expect(outcome).toMatchObject({ succeeded: false, error: { kind: 'import-failed', hint: expect.any(String) } })
    expect(time.clock.now() - begun).toBeLessThanOrEqual(10 * second)
  })
})
