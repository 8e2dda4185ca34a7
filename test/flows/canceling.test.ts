import { spawnSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type * as E from 'fp-ts/lib/Either.js'
import { type ImageStore, type ImageStoreError, imageRef, type StoreEvent, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { memory } from 'imageferry/memory'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FaultPlan } from '../../src/emulator/fault-plan.ts'
import { leftOf, rightOf } from '../either.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const ends: (() => Promise<void> | void)[] = []

beforeAll(warmUp)

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Account {
  readonly time: SimulatedTime
  readonly store: ImageStore
  readonly faults: FaultPlan
  /** Those that have been answered. */
  readonly requests: readonly { readonly method: string }[]
  readonly events: readonly StoreEvent[]
  readonly image: string
  readonly region: string
}

const ofDigitalOcean = async (): Promise<Account> => {
  const time = simulatedTime(1)
  ends.push(time.stop)
  const emulator = await startDigitalOcean({ clock: time.clock })
  ends.push(emulator.close)
  const { token, baseUrl, faults, requests } = emulator
  const events: StoreEvent[] = []
  const observer = (event: StoreEvent) => events.push(event)
  const store = digitalOcean({ token, baseUrl, runtime: time.runtime, observer })
  return { time, store, faults, requests, events, image: `digitalocean:${emulator.addImage({})}`, region: 'nyc3' }
}

const ofGcore = async (): Promise<Account> => {
  const time = simulatedTime(1)
  ends.push(time.stop)
  const emulator = await startGcore({ clock: time.clock })
  ends.push(emulator.close)
  const { apiKey, project, baseUrl, faults, requests } = emulator
  const events: StoreEvent[] = []
  const observer = (event: StoreEvent) => events.push(event)
  const store = gcore({ apiKey, project, baseUrl, regions: [76], runtime: time.runtime, observer })
  return { time, store, faults, requests, events, image: `gcore:${project}/76/${emulator.addImage({})}`, region: '76' }
}

/** Comes when a request of that method is at the server. */
const isHeld = ({ time, events }: Account, method: string) =>
  time.run(
    (async () => {
      do await time.runtime.sleep(100)
      while (!events.some((event) => event.type === 'request' && event.method === method))
      await time.runtime.sleep(100)
    })(),
    60_000,
  )

const endOf = <A>(result: E.Either<ImageStoreError, A>): ImageStoreError => leftOf(result)

describe.each([
  ['digitalocean', ofDigitalOcean],
  ['gcore', ofGcore],
])('a call of %s that is canceled', (_, start) => {
  const spec = { name: 'web', url: 'http://127.0.0.1:9/web.qcow2' }

  it('settles in the same tick, and no request leaves after', async () => {
    const account = await start()
    const { time, store, faults, requests, image } = account
    faults.script({ fault: { kind: 'slow', delayMs: 20_000 }, times: 100 })
    const controller = new AbortController()
    const call = store.get(imageRef(image), { signal: controller.signal })()
    await isHeld(account, 'GET')
    const seen = { settled: false }
    void call.then(() => {
      seen.settled = true
    })
    controller.abort()
    await setImmediate()
    expect(seen.settled).toBe(true)
    expect(endOf(await call).kind).toBe('canceled')
    await time.clock.advance(600_000)
    expect([requests.length, time.outstanding()]).toEqual([1, 0])
  })

  it('sends nothing of what waits for its turn', async () => {
    const account = await start()
    const { time, store, requests, image } = account
    const controller = new AbortController()
    const calls = Array.from({ length: 400 }, () => store.get(imageRef(image), { signal: controller.signal })())
    await time.run(Promise.race(calls), 60_000)
    controller.abort()
    await Promise.all(calls)
    const sent = requests.length
    await time.clock.advance(600_000)
    expect(requests.length).toBe(sent)
    expect(time.outstanding()).toBe(0)
  })

  it('that makes an image waits for its answer, and says what was made', async () => {
    const account = await start()
    const { time, store, faults, region } = account
    faults.script({ method: 'POST', fault: { kind: 'slow', delayMs: 4_000 } })
    const controller = new AbortController()
    const call = store.importFromUrl({ ...spec, region, key: 'k-1' }, { signal: controller.signal })()
    await isHeld(account, 'POST')
    const begun = time.clock.now()
    controller.abort()
    const error = endOf(await time.run(call, 60_000))
    expect(time.clock.now() - begun).toBeLessThanOrEqual(4_000)
    expect(error.kind).toBe('canceled')
    const [made] = rightOf(await time.run(store.findOperations('k-1')(), 60_000))
    expect(error.completed).toContain(made?.ref)
    expect(error.unconfirmed).toBeUndefined()
  })

  it('that makes an image waits for ten seconds at the most, and then says what may exist, with its key', async () => {
    const account = await start()
    const { time, store, faults, requests, region } = account
    faults.script({ method: 'POST', fault: { kind: 'slow', delayMs: 25_000 } })
    const controller = new AbortController()
    const call = store.importFromUrl({ ...spec, region, key: 'k-2' }, { signal: controller.signal })()
    await isHeld(account, 'POST')
    const begun = time.clock.now()
    controller.abort()
    const error = endOf(await time.run(call, 60_000))
    expect(time.clock.now() - begun).toBe(10_000)
    expect(error).toMatchObject({
      kind: 'canceled',
      unconfirmed: [{ change: expect.stringContaining('web'), key: 'k-2' }],
    })
    await time.clock.advance(60_000)
    expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('that ran out of time while it made an image ends then, and says what may exist, with its key', async () => {
    const account = await start()
    const { time, store, faults, region } = account
    faults.script({ method: 'POST', fault: { kind: 'slow', delayMs: 25_000 } })
    const begun = time.clock.now()
    const call = store.importFromUrl({ ...spec, region, key: 'k-3' }, { timeoutMs: 5_000 })()
    const error = endOf(await time.run(call, 60_000))
    expect(time.clock.now() - begun).toBe(5_000)
    expect(error).toMatchObject({ kind: 'timeout', unconfirmed: [{ key: 'k-3' }] })
  })

  it('leaves no listener behind, and has no more than one, be it one of a thousand with the same signal', async () => {
    const warnings: string[] = []
    const warn = (warning: Error) => warnings.push(warning.message)
    process.on('warning', warn)
    ends.push(() => void process.off('warning', warn))
    const account = await start()
    const { time, store, image } = account
    const { signal } = new AbortController()
    const calls = Array.from({ length: 1_000 }, () => store.get(imageRef(image), { signal })())
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
    const results = await time.run(Promise.all(calls), 3_600_000)
    for (const result of results) rightOf(result)
    await setImmediate()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(warnings).toEqual([])
  })
})

describe('an import that is canceled before a connection stands', () => {
  it('sends nothing and is not said to exist, be it the first call of a process or a later one', () => {
    const { stdout } = spawnSync('node', ['scripts/run.mjs', 'test/flows/canceled-first-call.ts'], { encoding: 'utf8' })
    const canceled = { kind: 'canceled' }
    expect(JSON.parse(stdout)).toEqual({ results: [canceled, canceled, canceled], seen: ['GET', 'GET', 'GET'] })
  })
})

describe('a thousand waits with the same signal', () => {
  it('have one listener, and none in the end', async () => {
    const store = memory()
    const { signal } = new AbortController()
    const operation = rightOf(
      await store.importFromUrl({ name: 'web', url: 'http://localhost/a.raw', region: 'here' })(),
    )
    const waits = Array.from({ length: 1_000 }, () => waitForAll(store, [operation.ref], { signal })())
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
    for (const outcomes of await Promise.all(waits)) expect(rightOf(outcomes)).toHaveLength(1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
