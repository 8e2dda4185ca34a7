import { type ImageStore, imageRef, requestBudget, type StoreEvent } from 'imageferry'
import { type DigitalOceanOptions, digitalOcean } from 'imageferry/digitalocean'
import { startEmulator } from 'imageferry/digitalocean/emulator'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { leftOf, rightOf } from '../either.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const hour = 3_600_000
const ends: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

beforeAll(warmUp)

/** An emulated account, time for it, and what its stores tell. */
const startAccount = async () => {
  const time = simulatedTime(1)
  ends.push(time.stop)
  const emulator = await startEmulator({ clock: time.clock })
  ends.push(emulator.close)
  const events: StoreEvent[] = []
  const open = (options: Partial<DigitalOceanOptions> = {}): ImageStore =>
    digitalOcean({
      token: emulator.token,
      baseUrl: emulator.baseUrl,
      runtime: time.runtime,
      observer: (event) => events.push(event),
      ...options,
    })
  const image = imageRef(`digitalocean:${emulator.addImage({})}`)
  return { time, emulator, events, open, image }
}

const statuses = (events: readonly StoreEvent[], status: number) =>
  events.filter((event) => event.type === 'response' && event.status === status).length

/** So many reads at the same moment. */
const readAll = (
  time: SimulatedTime,
  stores: readonly ImageStore[],
  image: ReturnType<typeof imageRef>,
  count: number,
) =>
  time.run(
    Promise.all(Array.from({ length: count }, (_, index) => stores[index % stores.length]?.get(image)())),
    2 * hour,
  )

describe('the request budget of a DigitalOcean token', () => {
  it('lets no burst of ours meet a 429: 600 calls at once, of two stores', async () => {
    const { time, events, open, image } = await startAccount()
    const start = time.clock.now()
    const results = await readAll(time, [open(), open()], image, 600)
    for (const result of results) if (result !== undefined) rightOf(result)
    expect([statuses(events, 200), statuses(events, 429)]).toEqual([600, 0])
    expect(time.clock.now() - start).toBe(120_000)
    const pauses = events.flatMap((event) => (event.type === 'pause' ? [`${event.reason} ${event.delayMs}`] : []))
    // All but the first 240 wait a minute, and 120 of them another.
    expect(pauses).toEqual(Array.from({ length: 360 + 120 }, () => 'budget 60000'))
  })

  it('meets them where it is lifted, which shows that the emulator would have told', async () => {
    const { time, events, open, image } = await startAccount()
    await readAll(time, [open({ budget: 'unlimited' })], image, 600)
    expect(statuses(events, 429)).toBeGreaterThan(0)
  })

  it('slows down before the hour is used up, and never meets its end', async () => {
    const { time, events, open, image } = await startAccount()
    const store = open({ budget: requestBudget({ requests: 240, runtime: time.runtime }) })
    const begun = time.clock.now()
    const read = async (): Promise<void> => {
      while (time.clock.now() < begun + 1.6 * hour) rightOf(await store.get(image)())
    }
    await time.run(Promise.all([read(), read()]), 2 * hour)
    expect(statuses(events, 429)).toBe(0)
    expect(statuses(events, 200)).toBeGreaterThan(6_000)
  })

  it('pauses all callers once where somebody else has used the minute up', async () => {
    const { time, emulator, events, open, image } = await startAccount()
    const store = open()
    rightOf(await time.run(store.get(image)(), hour))
    const other = open({ budget: 'unlimited', observer: undefined })
    await readAll(time, [other], image, 249)
    events.length = 0
    const results = await readAll(time, [store], image, 100)
    for (const result of results) if (result !== undefined) rightOf(result)
    expect(statuses(events, 429)).toBeLessThanOrEqual(11)
    const pauses = events.flatMap((event) => (event.type === 'pause' && event.reason === 'rate-limited' ? [event] : []))
    // Each that waits is told, and all of the same one.
    expect(pauses.length).toBeGreaterThan(80)
    expect(pauses.length).toBeLessThanOrEqual(100)
    expect(new Set(pauses.map(({ delayMs }) => delayMs)).size).toBe(1)
    expect(emulator.failures).toEqual([])
  })

  it('keeps stores of other tokens out of it', async () => {
    const { time, open, image } = await startAccount()
    await readAll(time, [open()], image, 240)
    const begun = time.clock.now()
    expect(leftOf(await time.run(open({ token: 'another' }).get(image)(), hour)).kind).toBe('unauthenticated')
    expect(time.clock.now()).toBe(begun)
    rightOf(await time.run(open().get(image)(), hour))
    expect(time.clock.now()).toBe(begun + 60_000)
  })

  it('tells at once that a turn cannot come in time', async () => {
    const { time, open, image } = await startAccount()
    await readAll(time, [open()], image, 240)
    const error = leftOf(await time.run(open().get(image, { timeoutMs: 30_000 })(), hour))
    expect(error).toMatchObject({ kind: 'rate-limited', retryAfterSeconds: 60, notSent: true })
  })
})
