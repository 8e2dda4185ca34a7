import { expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { settableClock } from '../../src/emulator/settable-clock.ts'

it('a clock that is set shows the moment, goes on from it, and leaves the clock below alone', async () => {
  const below = manualClock({ start: 1_000 })
  const clock = settableClock(below)
  expect(clock.now()).toBe(1_000)
  const came: number[] = []
  clock.schedule(1_500, () => void came.push(clock.now()))
  clock.set(90_000)
  expect([clock.now(), below.now()]).toEqual([90_000, 1_000])
  clock.schedule(90_200, () => void came.push(clock.now()))
  await clock.advance(1_000)
  // What was scheduled before it was set comes when it would have come.
  expect(came).toEqual([90_200, 90_500])
  expect([clock.now(), below.now()]).toEqual([91_000, 2_000])
})

it('a clock that is set near its end does not pass it', async () => {
  const clock = settableClock(manualClock())
  clock.set(Date.parse('9999-12-31T00:00:00Z'))
  await expect(clock.advance(86_400_000)).rejects.toThrow(RangeError)
  expect(clock.now()).toBe(Date.parse('9999-12-31T00:00:00Z'))
  await clock.advance(1_000)
  expect(clock.now()).toBe(Date.parse('9999-12-31T00:00:01Z'))
})
