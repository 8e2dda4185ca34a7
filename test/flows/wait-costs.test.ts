import type { ImageStore, OperationRef } from 'imageferry'
import { operationRef, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { rightOf } from '../either.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const second = 1_000
const hour = 3_600 * second
const disk = qcow2Disk({ label: 'costs' })
const ends: (() => Promise<void> | void)[] = []

beforeAll(warmUp)

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Account {
  readonly time: SimulatedTime
  readonly store: ImageStore
  readonly spec: { readonly url: string; readonly region: string }
  readonly requestCount: () => number
}

const start = async () => {
  const time = simulatedTime(1)
  ends.push(time.stop)
  const files = await serveFiles(async () => disk)
  ends.push(files.close)
  return { time, url: files.urlOf('good.qcow2') }
}

const ofDigitalOcean = async (others = 0): Promise<Account> => {
  const { time, url } = await start()
  const emulator = await startDigitalOcean({ clock: time.clock, importDuration: 300 * second })
  ends.push(emulator.close)
  for (let index = 0; index < others; index++) emulator.addImage({ type: 'custom' })
  const { token, baseUrl, requests } = emulator
  return {
    time,
    store: digitalOcean({ token, baseUrl, runtime: time.runtime }),
    spec: { url, region: 'nyc3' },
    requestCount: () => requests.length,
  }
}

const ofGcore = async (): Promise<Account> => {
  const { time, url } = await start()
  const emulator = await startGcore({
    clock: time.clock,
    importDuration: 275 * second,
    concurrentImports: 100,
  })
  ends.push(emulator.close)
  const { apiKey, project, baseUrl, requests } = emulator
  return {
    time,
    store: gcore({ apiKey, project, baseUrl, regions: [76], runtime: time.runtime }),
    spec: { url, region: '76' },
    requestCount: () => requests.length,
  }
}

const begin = async ({ store, spec }: Account, index: number): Promise<OperationRef> =>
  rightOf(await store.importFromUrl({ ...spec, name: `web-${index}` })()).ref

describe('waits for imports of five minutes', () => {
  it.each([1, 10, 100])('cost 33 requests at DigitalOcean, however many they are: %i', async (count) => {
    const account = await ofDigitalOcean()
    const { time, store, requestCount } = account
    const refs = await time.run(Promise.all(Array.from({ length: count }, (_, index) => begin(account, index))), hour)
    const [before, begun] = [requestCount(), time.clock.now()]
    const waits = refs.map((ref) => waitForAll(store, [ref], { runtime: time.runtime })())
    for (const outcomes of await time.run(Promise.all(waits), hour))
      expect(rightOf(outcomes)).toMatchObject([{ succeeded: true }])
    expect(requestCount() - before).toBeLessThanOrEqual(33)
    expect(time.clock.now() - begun).toBeLessThanOrEqual(315 * second)
  })

  it.each([
    [10, 450],
    [100, 450],
    [100, 2000],
  ])('cost 33 and the pages of the first look at DigitalOcean: %i beside %i other images', async (count, others) => {
    const account = await ofDigitalOcean(others)
    const { time, store, requestCount } = account
    const refs = await time.run(Promise.all(Array.from({ length: count }, (_, index) => begin(account, index))), hour)
    const [before, begun] = [requestCount(), time.clock.now()]
    const outcomes = rightOf(await time.run(waitForAll(store, refs, { runtime: time.runtime })(), hour))
    expect(outcomes.every(({ succeeded }) => succeeded)).toBe(true)
    expect(requestCount() - before).toBeLessThanOrEqual(33 + Math.ceil((count + others) / 200))
    expect(time.clock.now() - begun).toBeLessThanOrEqual(315 * second)
  })

  it('cost 60 at DigitalOcean for 100 that begin 2 s apart', async () => {
    const account = await ofDigitalOcean()
    const { time, store, requestCount } = account
    const late: number[] = []
    const one = async (index: number): Promise<void> => {
      await time.runtime.sleep(index * 2 * second)
      const ref = await begin(account, index)
      const begun = time.clock.now()
      expect(rightOf(await waitForAll(store, [ref], { runtime: time.runtime })())).toMatchObject([{ succeeded: true }])
      late.push(time.clock.now() - begun - 300 * second)
    }
    await time.run(Promise.all(Array.from({ length: 100 }, (_, index) => one(index))), hour)
    expect(requestCount() - 100).toBeLessThanOrEqual(60)
    expect(Math.max(...late)).toBeLessThanOrEqual(15 * second)
  })

  it.each([1, 10, 100])('cost 33 requests at Gcore, and 2 for each import: %i', async (count) => {
    const account = await ofGcore()
    const { time, store, requestCount } = account
    const refs = await time.run(Promise.all(Array.from({ length: count }, (_, index) => begin(account, index))), hour)
    const [before, begun] = [requestCount(), time.clock.now()]
    const waits = refs.map((ref) => waitForAll(store, [ref], { runtime: time.runtime })())
    for (const outcomes of await time.run(Promise.all(waits), hour))
      expect(rightOf(outcomes)).toMatchObject([{ succeeded: true }])
    expect(requestCount() - before).toBeLessThanOrEqual(33 + 2 * count)
    // The task begins after 5 s, and its image settles for 20 s.
    expect(time.clock.now() - begun).toBeLessThanOrEqual(315 * second)
  })
})

describe('looks at imports of DigitalOcean whose list changes', () => {
  it('find them where they have moved to, and read no other page the next time', async () => {
    const { time } = await start()
    const emulator = await startDigitalOcean({ clock: time.clock })
    ends.push(emulator.close)
    const { token, baseUrl, requests, addImage } = emulator
    const others = Array.from({ length: 450 }, () => addImage({ type: 'custom' }))
    const wanted = Array.from({ length: 5 }, () => addImage({ type: 'custom', status: 'pending' }))
    const refs = wanted.map((id) => operationRef(`digitalocean:import/${id}`))
    const store = digitalOcean({ token, baseUrl, runtime: time.runtime })
    const look = async () => {
      const before = requests.length
      const lookups = rightOf(await time.run(store.getOperations(refs)(), hour))
      const states = lookups.map((lookup) => lookup.found && lookup.operation.state)
      return { states, cost: requests.length - before }
    }
    const allRunning = wanted.map(() => 'running')
    expect(await look()).toEqual({ states: allRunning, cost: 3 })
    expect(await look()).toEqual({ states: allRunning, cost: 1 })
    // A page that was the third is none any more.
    for (const id of others.slice(0, 250)) addImage({ id, type: 'custom', status: 'deleted' })
    expect(await look()).toEqual({ states: allRunning, cost: 1 + 2 })
    expect(await look()).toEqual({ states: allRunning, cost: 1 })
    // What has left the list is read by itself where a further page would cost as much.
    for (const id of wanted.slice(0, 1)) addImage({ id, type: 'custom', status: 'deleted', error_message: 'no' })
    expect(await look()).toEqual({ states: ['failed', ...allRunning.slice(1)], cost: 1 + 1 })
  })
})
