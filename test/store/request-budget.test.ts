import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { ImageStoreError, type RequestBudget, type RequestBudgetOptions, requestBudget } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { manualClock, type VirtualClock } from '../../src/emulator/clock.ts'
import { onAbort } from '../../src/store/on-abort.ts'

const minute = 60_000
const signal = new AbortController().signal

/** Sleeps on a clock that the test moves. */
const sleepingOn = (clock: VirtualClock) => ({
  now: clock.now,
  random: () => 0.5,
  sleep: (milliseconds: number, stop?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const cancel = clock.schedule(clock.now() + milliseconds, () => {
        release()
        resolve()
      })
      const release = onAbort(stop, () => {
        cancel()
        reject(stop?.reason)
      })
    }),
})

const budgetOn = (clock: VirtualClock, options: RequestBudgetOptions = {}) =>
  requestBudget({ ...options, runtime: sleepingOn(clock) })

/** Lets everything happen that needs no time. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await setImmediate()
}

/** The most of the moments that lie in any window of that length. */
const mostWithin = (moments: readonly number[], milliseconds: number): number =>
  Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + milliseconds).length))

describe('a request budget', () => {
  it('lets no more requests through in any window than it was told, and no fewer than it can', async () => {
    const clock = manualClock()
    const start = clock.now()
    const budget = budgetOn(clock, { requests: 240 })
    const sentAt: number[] = []
    const ask = async () => {
      const answered = await budget.take({ signal })
      sentAt.push(clock.now() - start)
      answered({ kind: 'answered', standing: {} })
    }
    const all = Promise.all(Array.from({ length: 1_000 }, ask))
    for (let second = 0; second < 300; second++) {
      await settle()
      await clock.advance(1_000)
    }
    await all
    expect(mostWithin(sentAt, minute)).toBe(240)
    expect(Math.max(...sentAt)).toBe(4 * minute)
  })

  it('never lets more reach a server in its window, however long requests are on their way', () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 })
    const check = async (there: readonly number[], back: readonly number[], requests: number) => {
      const clock = manualClock()
      const budget = budgetOn(clock, { requests })
      const arrivals: number[] = []
      const sleep = sleepingOn(clock).sleep
      const ask = async (index: number) => {
        const answered = await budget.take({ signal })
        await sleep(there[index % there.length] ?? 0)
        arrivals.push(clock.now())
        await sleep(back[index % back.length] ?? 0)
        answered({ kind: 'answered', standing: {} })
      }
      const asked = { left: 40 }
      const all = Promise.all(Array.from({ length: asked.left }, (_, index) => ask(index).then(() => asked.left--)))
      while (asked.left > 0) {
        await setImmediate()
        await clock.advance(5_000)
      }
      await all
      expect(mostWithin(arrivals, minute)).toBeLessThanOrEqual(requests)
    }
    return fc.assert(fc.asyncProperty(latencies, latencies, fc.integer({ min: 1, max: 8 }), check))
  })

  it('pauses all who wait, once, when one is refused', async () => {
    const clock = manualClock()
    const start = clock.now()
    const budget = budgetOn(clock)
    const pauses: string[] = []
    const sentAt: number[] = []
    const first = await budget.take({ signal })
    first({ kind: 'refused', pauseMs: 30_000 })
    const ask = async () => {
      const answered = await budget.take({ signal, onPause: (reason, ms) => pauses.push(`${reason} ${ms}`) })
      sentAt.push(clock.now() - start)
      answered({ kind: 'answered', standing: {} })
    }
    const all = Promise.all(Array.from({ length: 20 }, ask))
    await settle()
    expect(sentAt).toEqual([])
    expect(new Set(pauses)).toEqual(new Set(['rate-limited 30000']))
    await clock.advance(30_000)
    await all
    expect(pauses).toHaveLength(20)
    expect(new Set(sentAt)).toEqual(new Set([30_000]))
  })

  it('does not rush in after a refusal: a few at a time, and more with every answer', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const outstanding: Awaited<ReturnType<RequestBudget['take']>>[] = []
    const refused = await budget.take({ signal })
    refused({ kind: 'refused', pauseMs: 1_000 })
    for (let index = 0; index < 50; index++) void budget.take({ signal }).then((answered) => outstanding.push(answered))
    await settle()
    await clock.advance(1_000)
    await settle()
    expect(outstanding).toHaveLength(4)
    for (const answered of outstanding.splice(0)) answered({ kind: 'answered', standing: {} })
    await settle()
    expect(outstanding).toHaveLength(8)
  })

  it('spreads what is left of the hour over the time until requests expire', async () => {
    const clock = manualClock()
    const start = clock.now()
    const budget = budgetOn(clock)
    const resetAt = start + 1_000_000
    const sentAt: number[] = []
    const first = await budget.take({ signal })
    first({ kind: 'answered', standing: { remaining: 100, limit: 5_000, resetAt } })
    const asked = { left: 20 }
    const ask = async (index: number) => {
      const answered = await budget.take({ signal })
      sentAt.push(clock.now() - start)
      answered({ kind: 'answered', standing: { remaining: 99 - index, limit: 5_000, resetAt } })
      asked.left -= 1
    }
    const all = Promise.all(Array.from({ length: asked.left }, (_, index) => ask(index)))
    while (asked.left > 0) {
      await settle()
      await clock.advance(1_000)
    }
    await all
    const gaps = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(9_900)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(11_100)
  })

  it('waits for the oldest request to expire where nothing is left', async () => {
    const clock = manualClock()
    const start = clock.now()
    const budget = budgetOn(clock)
    const first = await budget.take({ signal })
    first({ kind: 'answered', standing: { remaining: 0, limit: 5_000, resetAt: start + 90_000 } })
    const sent = budget.take({ signal }).then(() => clock.now() - start)
    await settle()
    await clock.advance(90_000)
    expect(await sent).toBe(90_000)
  })

  it('pauses all for a drawn time where a refusal tells none, and longer after each further one', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const pauses: number[] = []
    for (let refusal = 0; refusal < 8; refusal++) {
      const before = clock.now()
      const taken = budget.take({ signal })
      await settle()
      await clock.advance(120_000)
      const tell = await taken
      pauses.push(clock.now() - before)
      tell({ kind: 'refused' })
      const waiting = budget.take({ signal, onPause: (_, ms) => pauses.push(ms) })
      await settle()
      await clock.advance(120_000)
      ;(await waiting)({ kind: 'unanswered' })
    }
    const drawn = pauses.filter((_, index) => index % 2 === 1)
    expect(drawn).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000])
  })

  it('takes refusals of requests that were on their way together for one', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const tells = await Promise.all(Array.from({ length: 10 }, () => budget.take({ signal })))
    await clock.advance(100)
    for (const tell of tells) tell({ kind: 'refused' })
    const pauses: number[] = []
    const next = budget.take({ signal, onPause: (_, ms) => pauses.push(ms) })
    await settle()
    await clock.advance(10_000)
    await next
    expect(pauses).toEqual([1_500])
  })

  it.each([
    ['in milliseconds in place of seconds', 1_787_275_008_000_000],
    ['of another clock', Date.UTC(2099, 0)],
  ])('does not believe a reset that no window has: %s', async (_, resetAt) => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const first = await budget.take({ signal })
    first({ kind: 'answered', standing: { remaining: 0, limit: 5_000, resetAt } })
    await budget.take({ signal })
  })

  it('refuses all alike what the provider wants to wait for longer than an hour', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const first = await budget.take({ signal })
    first({ kind: 'refused', pauseMs: 999_999_999_000 })
    for (let call = 0; call < 3; call++)
      await expect(budget.take({ signal })).rejects.toMatchObject({ kind: 'rate-limited', notSent: true })
  })

  it('tells everybody who waits, and refuses at once who has no time for it, wherever in the queue', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const first = await budget.take({ signal })
    first({ kind: 'refused', pauseMs: 90_000 })
    const told: number[] = []
    const patient = [0, 1].map(() => budget.take({ signal, onPause: (_, ms) => told.push(ms) }))
    await expect(budget.take({ signal, deadline: clock.now() + 60_000 })).rejects.toMatchObject({
      kind: 'rate-limited',
    })
    expect(told).toEqual([90_000, 90_000])
    await clock.advance(90_000)
    for (const tell of await Promise.all(patient)) tell({ kind: 'unanswered' })
  })

  it("tells what is left of its window, and of the last fifth of the provider's", async () => {
    const clock = manualClock()
    const budget = budgetOn(clock, { requests: 10 })
    expect(budget.left()).toBe(1)
    const first = await budget.take({ signal })
    const second = await budget.take({ signal })
    expect(budget.left()).toBe(0.8)
    first({ kind: 'answered', standing: { remaining: 251, limit: 5_000, resetAt: clock.now() + 3_000_000 } })
    expect(budget.left()).toBe(0.25)
    second({ kind: 'refused', pauseMs: 10_000 })
    expect(budget.left()).toBe(0)
    await clock.advance(60_000)
    expect(budget.left()).toBeCloseTo(0.251)
  })

  it('is not held up by answers that never come', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const attempt = async () => {
      const tell = await budget.take({ signal })
      await sleepingOn(clock).sleep(30_000)
      tell({ kind: 'unanswered' })
    }
    const begun = clock.now()
    const left = { calls: 100 }
    const all = Promise.all(Array.from({ length: 100 }, () => attempt().then(() => left.calls--)))
    while (left.calls > 0) {
      await settle()
      await clock.advance(1_000)
    }
    await all
    expect(clock.now() - begun).toBeLessThanOrEqual(150_000)
  })

  it('is not slowed down by an hour that holds enough', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    for (let index = 0; index < 100; index++) {
      const answered = await budget.take({ signal })
      answered({ kind: 'answered', standing: { remaining: 4_000, limit: 5_000, resetAt: clock.now() + 3_000_000 } })
    }
  })

  it('refuses at once what cannot have its turn in time, and says for how long', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const first = await budget.take({ signal })
    first({ kind: 'refused', pauseMs: 90_000 })
    await expect(budget.take({ signal, deadline: clock.now() + 60_000 })).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfterSeconds: 90,
      notSent: true,
    })
  })

  it('lets go of who is canceled, wherever it waits, and of nobody else', async () => {
    const clock = manualClock()
    const budget = budgetOn(clock)
    const first = await budget.take({ signal })
    first({ kind: 'refused', pauseMs: 10_000 })
    const controllers = Array.from({ length: 3 }, () => new AbortController())
    const ends = controllers.map((controller) =>
      budget.take({ signal: controller.signal }).then(
        () => 'taken',
        (error: unknown) => (error instanceof ImageStoreError ? error.kind : 'thrown'),
      ),
    )
    await settle()
    controllers[0]?.abort()
    controllers[1]?.abort()
    await settle()
    await clock.advance(10_000)
    expect(await Promise.all(ends)).toEqual(['canceled', 'canceled', 'taken'])
  })

  it('does not stand still when the clock is put back', async () => {
    const time = { now: 10_000_000 }
    const budget = requestBudget({
      requests: 2,
      runtime: {
        random: () => 0.5,
        now: () => time.now,
        sleep: async (ms) => {
          time.now += ms
        },
      },
    })
    const answered = await budget.take({ signal })
    answered({ kind: 'refused', pauseMs: 60_000 })
    time.now -= 9_000_000
    await budget.take({ signal })
    expect(time.now).toBe(1_000_000)
  })

  it.each([{ requests: 0 }, { requests: Number.NaN }, { perSeconds: 0 }, { perSeconds: Number.POSITIVE_INFINITY }])(
    'is refused with %j',
    (options) => {
      expect(() => requestBudget(options)).toThrow(expect.objectContaining({ kind: 'invalid-argument' }))
    },
  )
})
