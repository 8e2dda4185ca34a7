import http from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { faultPlan } from '../src/emulator/fault-plan.ts'
import { startServer } from '../src/emulator/server.ts'
import { type SimulatedTime, simulatedTime } from './simulated-time.ts'

const hour = 3_600_000

let time: SimulatedTime | undefined
const simulated = (seed = 1) => {
  time = simulatedTime(seed)
  return time
}
afterEach(() => time?.stop())

/** The status of an answer, or why there was none. */
const get = (url: string, signal?: AbortSignal): Promise<number | string> =>
  new Promise((resolve) => {
    const request = http.get(url, { ...(signal === undefined ? {} : { signal }) }, (answer) => {
      answer
        .resume()
        .on('end', () => resolve(answer.statusCode ?? 0))
        .on('error', ({ name }) => resolve(name))
    })
    request.on('error', ({ name }) => resolve(name))
  })

describe('simulated time', () => {
  it('wakes sleepers in the order of their moments, each at its own', async () => {
    const { runtime, run, clock } = simulated()
    const begun = clock.now()
    const woken: (readonly [number, number])[] = []
    const sleep = async (milliseconds: number) => {
      await runtime.sleep(milliseconds)
      woken.push([milliseconds, clock.now() - begun])
    }
    await run(Promise.all([sleep(300), sleep(100), sleep(200)]), hour)
    expect(woken).toEqual([
      [100, 100],
      [200, 200],
      [300, 300],
    ])
  })

  it('stands still while a request is under way, and passes for an answer that is held back', async () => {
    const { runtime, run, clock } = simulated()
    const faults = faultPlan()
    const server = await startServer({ clock, faults, handle: () => ({ status: 200, body: {} }) })
    const begun = clock.now()
    const late = runtime.timer(50, () => undefined)
    expect(await run(get(`${server.baseUrl}/`), hour)).toBe(200)
    expect(clock.now() - begun).toBe(0)
    late()
    faults.script({ fault: { kind: 'slow', delayMs: 5_000 } })
    expect(await run(get(`${server.baseUrl}/`), hour)).toBe(200)
    expect(clock.now() - begun).toBe(5_000)
    await run(server.close(), hour)
  })

  it('has every request end as the server ends it: cut, broken off, or ended by the client', async () => {
    const { runtime, run, clock, connections } = simulated()
    const faults = faultPlan()
    const server = await startServer({
      clock,
      faults,
      handle: () => ({ status: 200, body: { rows: 'x'.repeat(9999) } }),
    })
    for (const kind of ['reset', 'truncated'] as const) {
      faults.script({ fault: { kind } })
      expect(await run(get(`${server.baseUrl}/`), hour)).toBe('Error')
    }
    faults.script({ fault: { kind: 'slow', delayMs: 5_000 } })
    const canceled = new AbortController()
    runtime.timer(1_000, () => canceled.abort())
    expect(await run(get(`${server.baseUrl}/`, canceled.signal), hour)).toBe('AbortError')
    await clock.advance(0)
    expect(connections()).toBe(0)
    await run(server.close(), hour)
  })

  it('lets requests leave one by one, in the order that the seed gives', async () => {
    const orderOf = async (seed: number) => {
      const { run, clock, stop } = simulated(seed)
      const server = await startServer({ clock, handle: () => ({ status: 200, body: {} }) })
      await run(Promise.all(Array.from({ length: 8 }, (_, index) => get(`${server.baseUrl}/${index}`))), hour)
      await run(server.close(), hour)
      stop()
      return server.requests.map(({ path }) => path).join('')
    }
    const [first, again, other] = [await orderOf(1), await orderOf(1), await orderOf(2)]
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it('tells of what never ends, and of what takes too long', async () => {
    const { run, runtime } = simulated()
    await expect(run(new Promise(() => undefined), hour)).rejects.toThrow('nothing is left to happen')
    await expect(run(runtime.sleep(2 * hour), hour)).rejects.toThrow('not ended after')
  })

  it('counts what clients have not ended', async () => {
    const { runtime, outstanding, run } = simulated()
    const cancel = runtime.timer(hour, () => undefined)
    const canceled = new AbortController()
    const sleep = runtime.sleep(hour, canceled.signal)
    expect(outstanding()).toBe(2)
    canceled.abort(new Error('enough'))
    await expect(run(sleep, hour)).rejects.toThrow('enough')
    cancel()
    cancel()
    expect(outstanding()).toBe(0)
  })
})
