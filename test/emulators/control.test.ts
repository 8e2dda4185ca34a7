import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { controlOf } from '../../src/emulator/control.ts'
import { faultPlan } from '../../src/emulator/fault-plan.ts'
import { type EmulatorServer, startServer } from '../../src/emulator/server.ts'

describe('a control endpoint', () => {
  let server: EmulatorServer
  let state: unknown
  let seeded: unknown[]

  beforeEach(async () => {
    const clock = manualClock({ start: 0 })
    const faults = faultPlan()
    const requests: never[] = []
    state = { images: [1] }
    seeded = []
    const control = controlOf({
      clock,
      faults,
      requests,
      seeds: {
        images: (seed) => {
          if (seed === undefined) throw new Error('An image is an object')
          return seeded.push(seed)
        },
      },
      saveState: () => state,
      restoreState: (saved) => {
        state = saved
      },
    })
    server = await startServer({
      clock,
      faults,
      handle: () => ({ status: 204 }),
      control: ({ method, path, body }) => control(method, path, body),
    })
  })
  afterEach(() => server.close())

  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${server.baseUrl}/_emulator${path === '' ? '' : `/${path}`}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  it('tells and advances the clock', async () => {
    expect(await ask('POST', 'clock', { advanceMs: 1500 })).toEqual({
      status: 200,
      body: { now: '1970-01-01T00:00:01.500Z', nowMs: 1500 },
    })
    expect((await ask('GET', 'clock')).body.nowMs).toBe(1500)
  })

  it('scripts, draws and clears faults', async () => {
    expect((await ask('POST', 'faults', { method: 'GET', fault: { kind: 'answer', status: 503 } })).status).toBe(204)
    expect((await fetch(server.baseUrl)).status).toBe(503)
    expect((await fetch(server.baseUrl)).status).toBe(204)
    await ask('POST', 'faults', { seed: 4, rate: 1, faults: [{ kind: 'answer', status: 500 }] })
    expect((await fetch(server.baseUrl)).status).toBe(500)
    expect((await ask('DELETE', 'faults')).status).toBe(204)
    expect((await fetch(server.baseUrl)).status).toBe(204)
  })

  it('seeds, and saves and restores the state', async () => {
    expect(await ask('POST', 'images', { name: 'web' })).toEqual({ status: 201, body: { id: 1 } })
    expect(seeded).toEqual([{ name: 'web' }])
    const saved = (await ask('GET', 'state')).body
    state = undefined
    expect((await ask('PUT', 'state', saved)).status).toBe(204)
    expect(state).toEqual({ images: [1] })
  })

  it('says what is wrong with a request', async () => {
    expect(await ask('POST', 'images')).toEqual({ status: 400, body: { message: 'An image is an object' } })
    expect((await ask('POST', 'faults', { fault: { kind: 'no such' } })).body.message).toContain('fault: kind: ')
    expect((await ask('POST', 'faults', { seed: 1, rate: 2 })).body.message).toContain('from 0 to 1')
    expect((await ask('POST', 'clock', { advanceMs: -1 })).status).toBe(400)
    expect((await ask('POST', 'clock', '{')).status).toBe(400)
    expect((await ask('GET', 'nothing')).status).toBe(404)
    expect((await ask('DELETE', 'clock')).status).toBe(405)
  })

  it.each([
    [{ fault: { kind: 'reset' }, nths: 3 }, 'scripted fault: nths'],
    [{ fault: { kind: 'reset', at: 'after-commit' } }, 'fault: at'],
    [{ fault: { kind: 'reset' }, seed: 1 }, 'scripted fault: seed'],
    [{ rate: 0.5 }, 'drawn faults: seed: is missing'],
    [{ seed: 1, rate: 0.5, paths: '/' }, 'drawn faults: paths'],
    [undefined, 'scripted fault: should be an object'],
  ])('names what is wrong with a fault: %j', async (fault, message) => {
    const answer = await ask('POST', 'faults', fault)
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(message)])
    expect((await fetch(server.baseUrl)).status).toBe(204)
  })

  it.each([1e16, 1e300, -1, null, '5'])('leaves time alone where it cannot pass: %j', async (advanceMs) => {
    expect((await ask('POST', 'clock', { advanceMs })).status).toBe(400)
    expect((await ask('POST', 'clock', { advanceMs: 5, also: 1 })).status).toBe(400)
    expect(await ask('GET', 'clock')).toEqual({ status: 200, body: { now: '1970-01-01T00:00:00.000Z', nowMs: 0 } })
  })

  it('lists what there is', async () => {
    const { routes } = (await ask('GET', '')).body
    expect(routes).toContainEqual({
      method: 'POST',
      path: '/_emulator/images',
      what: expect.stringContaining('images'),
    })
    for (const { method, path } of routes) {
      const { status } = await ask(method, path.replace('/_emulator/', ''), method === 'GET' ? undefined : {})
      expect([path, status]).not.toEqual([path, 404])
    }
  })

  it('is in no log', async () => {
    await ask('GET', 'clock')
    expect(server.requests).toEqual([])
  })
})
