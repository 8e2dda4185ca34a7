import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { manualClock, type VirtualClock } from '../../src/emulator/clock.ts'
import type { Fault } from '../../src/emulator/fault.ts'
import { type FaultPlan, faultPlan } from '../../src/emulator/fault-plan.ts'
import { type EmulatorServer, startServer } from '../../src/emulator/server.ts'
import { forAll } from '../for-all.ts'

describe('a plan of faults', () => {
  const get = { method: 'GET', path: '/v2/images' }
  const post = { method: 'POST', path: '/v2/images' }
  const reset: Fault = { kind: 'reset' }

  it('is empty at first', () => {
    expect(faultPlan().next(get)).toBeUndefined()
  })

  it('takes the nth of the requests that are selected, so many times', () => {
    const plan = faultPlan()
    plan.script({ method: 'POST', path: '/v2/', nth: 3, times: 2, fault: reset })
    const taken = Array.from({ length: 7 }, () => [
      plan.next(get),
      plan.next({ ...post, path: '/v1' }),
      plan.next(post),
    ])
    expect(taken.flat(1).filter((fault) => fault !== undefined)).toEqual([reset, reset])
    expect(taken.map(([, , fault]) => fault)).toEqual([
      ...[undefined, undefined],
      reset,
      reset,
      ...[undefined, undefined, undefined],
    ])
  })

  it('counts requests that another fault has taken', () => {
    const plan = faultPlan()
    plan.script({ fault: reset })
    plan.script({ nth: 2, fault: { kind: 'html' } })
    expect([plan.next(get), plan.next(get), plan.next(get)]).toEqual([reset, { kind: 'html' }, undefined])
  })

  it('draws the same from the same seed, at about the rate', () => {
    forAll(
      [fc.integer(), fc.double({ min: 0, max: 1, noNaN: true })],
      (seed, rate) => {
        const draw = () => {
          const plan = faultPlan()
          plan.draw({ seed, rate })
          return Array.from({ length: 400 }, () => plan.next(get))
        }
        const drawn = draw()
        expect(drawn).toEqual(draw())
        const share = drawn.filter((fault) => fault !== undefined).length / drawn.length
        expect(Math.abs(share - rate)).toBeLessThan(0.15)
      },
      200,
    )
  })

  it('draws for each request alike, whatever comes between', () => {
    forAll(
      [fc.integer(), fc.array(fc.constantFrom(get, post, { ...get, path: '/v2/tags' }), { maxLength: 40 })],
      (seed, requests) => {
        const draw = (order: typeof requests) => {
          const plan = faultPlan()
          plan.draw({ seed, rate: 0.5 })
          return order.map((request) => ({ request, fault: plan.next(request) }))
        }
        const ofPosts = (drawn: ReturnType<typeof draw>) => drawn.filter(({ request }) => request === post)
        expect(ofPosts(draw(requests))).toEqual(ofPosts(draw(requests.filter((request) => request === post))))
      },
      200,
    )
  })

  it('draws anew for a request that comes again', () => {
    const plan = faultPlan()
    plan.draw({ seed: 3, rate: 0.5 })
    const drawn = Array.from({ length: 40 }, () => plan.next(post))
    expect(new Set(drawn).size).toBeGreaterThan(3)
  })

  it('forgets everything when it is cleared', () => {
    const plan = faultPlan()
    plan.script({ fault: reset })
    plan.draw({ seed: 1, rate: 1 })
    plan.clear()
    expect(plan.next(get)).toBeUndefined()
  })
})

describe('a server with faults', () => {
  let clock: VirtualClock
  let faults: FaultPlan
  let server: EmulatorServer
  let commits: number

  beforeEach(async () => {
    clock = manualClock()
    faults = faultPlan()
    commits = 0
    server = await startServer({
      clock,
      faults,
      errorReply: (status, when) => ({ headers: { 'x-known': when }, body: { id: 'known', status } }),
      handle: () => {
        commits += 1
        return { status: 201, headers: { 'x-own': 'yes' }, body: { id: 7, names: ['a'], gone: null, on: true } }
      },
    })
  })
  afterEach(() => server.close())

  const post = () => fetch(`${server.baseUrl}/v2/images`, { method: 'POST', body: '{}' })
  const withFault = (fault: Fault) => {
    faults.script({ fault })
    return post()
  }

  it("answers a status with the provider's own error, before or after the request is carried out", async () => {
    const before = await withFault({ kind: 'answer', status: 503, headers: { 'retry-after': '3' } })
    expect([before.status, before.headers.get('retry-after'), commits]).toEqual([503, '3', 0])
    expect(before.headers.get('x-known')).toBe('before-commit')
    expect(await before.json()).toEqual({ id: 'known', status: 503 })
    const after = await withFault({ kind: 'answer', status: 502, when: 'after-commit', body: 'no' })
    expect([after.status, await after.json(), commits]).toEqual([502, 'no', 1])
  })

  it('cuts the connection before or after the request is carried out', async () => {
    await expect(withFault({ kind: 'reset' })).rejects.toThrow()
    expect(commits).toBe(0)
    await expect(withFault({ kind: 'reset', when: 'after-commit' })).rejects.toThrow()
    expect(commits).toBe(1)
  })

  it('carries a request out later than its answer is lost', async () => {
    await expect(withFault({ kind: 'late-commit', delayMs: 20_000 })).rejects.toThrow()
    await clock.advance(19_999)
    expect(commits).toBe(0)
    await clock.advance(1)
    expect(commits).toBe(1)
  })

  it('answers at once where nothing is held back, though time stands still', async () => {
    expect((await withFault({ kind: 'slow', delayMs: 0 })).status).toBe(201)
    await expect(withFault({ kind: 'late-commit', delayMs: 0 })).rejects.toThrow()
    await expect.poll(() => commits).toBe(2)
  })

  it("sends a fault's own header in place of the usual one, whatever its case", async () => {
    const answer = await withFault({ kind: 'answer', status: 503, headers: { 'X-Known': 'other' } })
    expect(answer.headers.get('x-known')).toBe('other')
  })

  it('holds an answer back in virtual time', async () => {
    const answer = withFault({ kind: 'slow', delayMs: 5_000 })
    const state = { answered: false }
    const noted = answer.then(() => {
      state.answered = true
    })
    // The next request is answered, so that the first has been read by now.
    await post()
    expect(state.answered).toBe(false)
    await clock.advance(5_000)
    await noted
    expect((await answer).status).toBe(201)
  })

  it('breaks an answer off, sends a page, or other types', async () => {
    const truncated = await withFault({ kind: 'truncated' })
    await expect(truncated.text()).rejects.toThrow()
    const html = await withFault({ kind: 'html' })
    expect([html.status, html.headers.get('content-type'), html.headers.get('x-own')]).toEqual([
      201,
      'text/html',
      'yes',
    ])
    expect(await html.text()).toContain('<html>')
    const wrong = await withFault({ kind: 'wrong-types' })
    expect(await wrong.json()).toEqual({ id: '7 or so', names: { item0: 1 }, gone: {}, on: [true] })
    expect(commits).toBe(3)
  })

  it('sends for ever, until the client has enough', async () => {
    const endless = await withFault({ kind: 'endless' })
    const reader = endless.body?.getReader()
    let bytes = 0
    while (bytes < 5_000_000) bytes += (await reader?.read())?.value?.length ?? 0
    await reader?.cancel()
    expect((await post()).status).toBe(201)
  })

  it('notes in the log what went wrong', async () => {
    await withFault({ kind: 'answer', status: 500 })
    await post()
    expect(server.requests.map(({ status, fault }) => [status, fault])).toEqual([
      [500, 'answer'],
      [201, undefined],
    ])
  })
})
