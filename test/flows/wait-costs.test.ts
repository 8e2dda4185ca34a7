import type { ImageStore, OperationRef } from 'imageferry'
import { waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { rightOf } from '../either.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'

const second = 1_000
const hour = 3_600 * second
const disk = qcow2Disk({ label: 'costs' })
const ends: (() => Promise<void> | void)[] = []

// What the first request loads is loaded beforehand: nothing is on its way meanwhile, and time would pass.
beforeAll(async () => {
  await digitalOcean({ token: 'any', baseUrl: 'http://127.0.0.1:9' }).listRegions({ timeoutMs: 1 })()
  await import('axios')
})

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

const ofDigitalOcean = async (): Promise<Account> => {
  const { time, url } = await start()
  const emulator = await startDigitalOcean({ clock: time.clock, importDuration: 300 * second })
  ends.push(emulator.close)
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
