import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultStart, manualClock, scaledClock } from '../../src/emulator/clock.ts'
import { identifiers } from '../../src/emulator/identifiers.ts'

describe('a manual clock', () => {
  it('stands still, at 2026-08-21 unless told otherwise', () => {
    expect(new Date(manualClock().now()).toISOString()).toBe('2026-08-21T00:00:00.000Z')
    expect(manualClock({ start: 5 }).now()).toBe(5)
  })

  it('runs tasks strictly in time order, each at its own moment, with those that come up on the way', async () => {
    const clock = manualClock({ start: 0 })
    const seen: string[] = []
    const note = (name: string) => () => void seen.push(`${name}@${clock.now()}`)
    clock.schedule(300, note('c'))
    clock.schedule(100, async () => {
      note('a')()
      clock.schedule(200, note('b'))
      clock.schedule(clock.now(), note('at once'))
      await turn()
      note('a ends')()
    })
    clock.schedule(300, note('d'))
    clock.schedule(501, note('too late'))
    await clock.advance(500)
    expect(seen).toEqual(['a@100', 'a ends@100', 'at once@100', 'b@200', 'c@300', 'd@300'])
    expect(clock.now()).toBe(500)
  })

  it('keeps a task from running that was cancelled, and every one after stop', async () => {
    const clock = manualClock()
    const run = vi.fn()
    clock.schedule(clock.now() + 10, run)()
    clock.schedule(clock.now() + 10, run)
    clock.stop()
    clock.schedule(clock.now() + 10, run)
    await clock.advance(20)
    expect(run).not.toHaveBeenCalled()
  })

  it('takes a moment in the past for the present one', async () => {
    const clock = manualClock({ start: 1000 })
    const at: number[] = []
    clock.schedule(3, () => void at.push(clock.now()))
    await clock.advance(0)
    expect(at).toEqual([1000])
  })

  it('lets concurrent advances take their turn', async () => {
    const clock = manualClock({ start: 0 })
    await Promise.all([clock.advance(10), clock.advance(10), clock.advance(10)])
    expect(clock.now()).toBe(30)
  })

  it('passes a failure on, after everything due has run', async () => {
    const clock = manualClock({ start: 0 })
    const after = vi.fn()
    clock.schedule(1, () => {
      throw new Error('broken')
    })
    clock.schedule(2, after)
    await expect(clock.advance(5)).rejects.toThrow('broken')
    expect(after).toHaveBeenCalledOnce()
    expect(clock.now()).toBe(5)
    await clock.advance(1)
  })

  it('refuses to go back', async () => {
    await expect(manualClock().advance(-1)).rejects.toThrow(RangeError)
    await expect(manualClock().advance(Number.NaN)).rejects.toThrow(RangeError)
  })

  it.each([
    ['that stands still', manualClock],
    ['that runs by itself', () => scaledClock({ scale: 1, realNow: () => 0 })],
  ])('a clock %s does not pass the year 9999, and does not move where it would', async (_, clockOf) => {
    const clock = clockOf()
    const before = clock.now()
    const ran: string[] = []
    clock.schedule(before + 1, () => void ran.push('task'))
    await expect(clock.advance(1e16)).rejects.toThrow('9999')
    expect([clock.now(), ran]).toEqual([before, []])
    await clock.advance(10)
    expect([clock.now(), ran]).toEqual([before + 10, ['task']])
    clock.stop()
  })
})

describe('a scaled clock', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('runs by itself, so many times as fast', async () => {
    const clock = scaledClock({ scale: 60 })
    const at: number[] = []
    clock.schedule(defaultStart + 60_000, () => void at.push(clock.now() - defaultStart))
    await vi.advanceTimersByTimeAsync(999)
    expect(at).toEqual([])
    expect(clock.now()).toBe(defaultStart + 59_940)
    await vi.advanceTimersByTimeAsync(1)
    expect(at).toEqual([60_000])
    clock.stop()
  })

  it('does not hold up time for a slow task', async () => {
    const clock = scaledClock({ scale: 1000, start: 0 })
    const seen: string[] = []
    clock.schedule(1000, () => new Promise(() => undefined))
    clock.schedule(2000, () => void seen.push('second'))
    await vi.advanceTimersByTimeAsync(2)
    expect(seen).toEqual(['second'])
    clock.stop()
  })

  it('jumps on request, running what is due at its own moment, and runs on from there', async () => {
    const clock = scaledClock({ scale: 10, start: 0 })
    const at: number[] = []
    const note = () => void at.push(clock.now())
    for (const moment of [500, 1500, 2500]) clock.schedule(moment, note)
    await clock.advance(2000)
    expect(at).toEqual([500, 1500])
    expect(clock.now()).toBe(2000)
    await vi.advanceTimersByTimeAsync(50)
    expect(at).toEqual([500, 1500, 2500])
    clock.stop()
  })

  it('waits for tasks under way before it jumps', async () => {
    const clock = scaledClock({ scale: 1, start: 0 })
    const seen: string[] = []
    let finish: () => void = () => undefined
    clock.schedule(10, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      clock.schedule(20, () => void seen.push('follow-up'))
    })
    await vi.advanceTimersByTimeAsync(10)
    const jump = clock.advance(100)
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toEqual([])
    finish()
    await jump
    expect(seen).toEqual(['follow-up'])
    clock.stop()
  })

  it('stops for good', async () => {
    const clock = scaledClock({ scale: 1, start: 0 })
    const run = vi.fn()
    clock.schedule(10, run)
    clock.stop()
    await vi.advanceTimersByTimeAsync(100)
    expect(run).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('must move', () => {
    expect(() => scaledClock({ scale: 0 })).toThrow(RangeError)
  })
})

describe('identifiers', () => {
  it('are the same for the same seed, and others for another', () => {
    const ids = (seed?: number) => {
      const { uuid, integer, hex } = identifiers(seed)
      return [uuid(), integer(1, 1e9), hex(32)]
    }
    expect(ids(7)).toEqual(ids(7))
    expect(ids()).toEqual(ids(1))
    expect(ids(7)).not.toEqual(ids(8))
  })

  it('have their shapes', () => {
    const { uuid, integer, hex } = identifiers(3)
    const numbers = Array.from({ length: 500 }, () => integer(3, 6))
    expect(new Set(numbers)).toEqual(new Set([3, 4, 5, 6]))
    for (const id of Array.from({ length: 100 }, uuid)) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    expect(hex(5)).toMatch(/^[0-9a-f]{5}$/)
    expect(new Set(Array.from({ length: 1000 }, uuid)).size).toBe(1000)
  })
})
