import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type ImageStore,
  ImageStoreError,
  type Operation,
  type OperationRef,
  operationRef,
  type StoreEvent,
  type WaitOptions,
  type WaitProgress,
  waitForAll,
} from 'imageferry'
import { afterEach, describe, expect, it } from 'vitest'
import { rightOf } from '../either.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { fakeStore } from './fake-store.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const ends: (() => void)[] = []

afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const newTime = (): SimulatedTime => {
  const time = simulatedTime(1)
  ends.push(time.stop)
  return time
}

/** The states that an operation goes through, each with the moment at which it comes into it. */
type Course = readonly (readonly [atMs: number, state: Operation['state']])[]

/** A store whose operations go their courses, and what was asked of it. */
const storeOn = (time: SimulatedTime, courses: ReadonlyMap<OperationRef, Course>, more: Partial<ImageStore> = {}) => {
  const start = time.clock.now()
  const looks: { readonly at: number; readonly refs: readonly OperationRef[] }[] = []
  const stateOf = (ref: OperationRef): Operation['state'] =>
    (courses.get(ref) ?? []).findLast(([at]) => at <= time.clock.now() - start)?.[1] ?? 'queued'
  const store: ImageStore = {
    ...fakeStore({
      getOperations: (refs) => {
        looks.push({ at: time.clock.now() - start, refs })
        return TE.right(
          refs.map((ref) => ({
            ref,
            found: true,
            operation: { ref, kind: 'import', state: stateOf(ref), losses: [] },
          })),
        )
      },
    }),
    ...more,
  }
  return { store, looks, start }
}

const refOf = (index: number) => operationRef(`fake:import/${index}`)

/** Imports that take so long each, the first from the start and each further one so much later. */
const importsOf = (count: number, takeMs: number, apartMs = 0): ReadonlyMap<OperationRef, Course> =>
  new Map(
    Array.from({ length: count }, (_, index): [OperationRef, Course] => [
      refOf(index),
      [
        [index * apartMs, 'running'],
        [index * apartMs + takeMs, 'succeeded'],
      ],
    ]),
  )

const endedLate = (time: SimulatedTime, start: number, takeMs: number) => time.clock.now() - start - takeMs

describe('waits on one store', () => {
  it.each([1, 10, 100])('share their looks, also across a plain Promise.all: %i imports of 300 s', async (count) => {
    const time = newTime()
    const imports = importsOf(count, 300 * second)
    const { store, looks, start } = storeOn(time, imports)
    const waits = [...imports.keys()].map((ref) => waitForAll(store, [ref], { runtime: time.runtime })())
    for (const outcomes of await time.run(Promise.all(waits), hour))
      expect(rightOf(outcomes)).toMatchObject([{ succeeded: true }])
    expect(looks.length).toBeLessThanOrEqual(33)
    expect(new Set(looks.map(({ refs }) => refs.length))).toEqual(new Set([count]))
    expect(endedLate(time, start, 300 * second)).toBeLessThanOrEqual(15 * second)
  })

  it('take at most 60 looks for 100 imports of 300 s that begin 2 s apart, each noticed 15 s late at the most', async () => {
    const time = newTime()
    const imports = importsOf(100, 300 * second, 2 * second)
    const { store, looks, start } = storeOn(time, imports)
    const wait = async (ref: OperationRef, index: number): Promise<number> => {
      await time.runtime.sleep(index * 2 * second)
      rightOf(await waitForAll(store, [ref], { runtime: time.runtime })())
      return endedLate(time, start, index * 2 * second + 300 * second)
    }
    const late = await time.run(Promise.all([...imports.keys()].map(wait)), hour)
    expect(looks.length).toBeLessThanOrEqual(60)
    expect(Math.max(...late)).toBeLessThanOrEqual(15 * second)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
  })

  it('look at once where nobody else waits, and soon where others do', async () => {
    const time = newTime()
    const { store, looks } = storeOn(time, importsOf(2, 300 * second))
    const wait = (ref: OperationRef) => waitForAll(store, [ref], { runtime: time.runtime })()
    const second_ = time.runtime.sleep(61 * second).then(() => wait(refOf(1)))
    await time.run(Promise.all([wait(refOf(0)), second_]), hour)
    expect(looks[0]?.at).toBe(0)
    const joined = looks.find(({ refs }) => refs.includes(refOf(1)))
    expect((joined?.at ?? 0) - 61 * second).toBeLessThanOrEqual(8 * second)
  })

  it('leave without a trace for the others when one is canceled, which throws in the same tick', async () => {
    const time = newTime()
    const { store, looks } = storeOn(time, importsOf(2, 300 * second))
    const stop = new AbortController()
    const canceled = waitForAll(store, [refOf(0)], { runtime: time.runtime, signal: stop.signal })()
    const other = waitForAll(store, [refOf(1)], { runtime: time.runtime })()
    await time.clock.advance(40 * second)
    const seen = { ended: false }
    void canceled.then(() => {
      seen.ended = true
    })
    stop.abort()
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.ended).toBe(true)
    expect(await canceled).toMatchObject({ left: { kind: 'canceled' } })
    const before = looks.length
    expect(rightOf(await time.run(other, hour))).toMatchObject([{ succeeded: true }])
    expect(looks.slice(before).every(({ refs }) => refs.length === 1)).toBe(true)
  })

  it('end the look that is under way when the last one is canceled, and nothing is left of them', async () => {
    const time = newTime()
    const signals: (AbortSignal | undefined)[] = []
    const store = fakeStore({
      getOperations: (_, options) => async () => {
        signals.push(options?.signal)
        await time.runtime.sleep(10 * minute, options?.signal).catch(() => undefined)
        return { _tag: 'Left', left: new ImageStoreError('unavailable', 'late') }
      },
    })
    const stop = new AbortController()
    const waits = [0, 1].map((index) =>
      waitForAll(store, [refOf(index)], { runtime: time.runtime, signal: stop.signal })(),
    )
    await time.clock.advance(second)
    stop.abort()
    await Promise.all(waits)
    expect(signals.map((signal) => signal?.aborted)).toEqual([true])
    await time.clock.advance(hour)
    expect([signals.length, time.outstanding()]).toEqual([1, 0])
  })
})

describe('a store that breaks its promise and throws', () => {
  it('has that thrown at all who wait, and can be waited on again', async () => {
    const time = newTime()
    let isBroken = true
    const { store: sound } = storeOn(time, importsOf(2, second))
    const store = fakeStore({
      getOperations: (refs) => {
        if (isBroken) throw new Error('a bug of the store')
        return sound.getOperations(refs)
      },
    })
    const wait = (index: number) => waitForAll(store, [refOf(index)], { runtime: time.runtime })()
    const waits = await Promise.allSettled([wait(0), wait(1)])
    expect(waits).toMatchObject([
      { status: 'rejected', reason: { message: 'a bug of the store' } },
      { status: 'rejected' },
    ])
    isBroken = false
    expect(rightOf(await time.run(wait(0), hour))).toMatchObject([{ succeeded: true }])
  })
})

/** Waits for the first import of a course and tells what came of it, what was told, and how long it took. */
const watch = async (course: Course, options: WaitOptions = {}, more: Partial<ImageStore> = {}) => {
  const time = newTime()
  const { store, looks, start } = storeOn(time, new Map([[refOf(0), course]]), more)
  const events: StoreEvent[] = []
  const progress: WaitProgress[] = []
  const outcomes = rightOf(
    await time.run(
      waitForAll(store, [refOf(0)], {
        runtime: time.runtime,
        observer: (event) => events.push(event),
        onProgress: (told) => progress.push(...told),
        ...options,
      })(),
      24 * hour,
    ),
  )
  return { outcome: outcomes[0], events, progress, looks, tookMs: time.clock.now() - start }
}

describe('a phase', () => {
  it.each([
    ['queued', { queuedMs: 20 * minute }, 20 * minute],
    ['running', { runningMs: 40 * minute }, 40 * minute],
    ['settling', { settlingMs: 10 * minute }, 10 * minute],
    ['unknown', { queuedMs: 5 * minute, runningMs: 7 * minute }, 7 * minute],
  ] as const)('that lasts too long ends the wait with `timeout`: %s', async (state, phases, limitMs) => {
    const { outcome, tookMs } = await watch([[0, state]], { phases })
    expect(outcome).toMatchObject({
      succeeded: false,
      error: { kind: 'timeout', hint: expect.stringContaining('wait for its ref again') },
      operation: { state },
    })
    expect(tookMs).toBe(limitMs)
  })

  it('has its own time: what was long in one has all of the next', async () => {
    const { outcome } = await watch(
      [
        [0, 'queued'],
        [19 * minute, 'running'],
        [38 * minute, 'settling'],
        [57 * minute, 'succeeded'],
      ],
      { phases: { queuedMs: 20 * minute, runningMs: 20 * minute, settlingMs: 20 * minute } },
    )
    expect(outcome).toMatchObject({ succeeded: true })
  })

  it('is told of when it changes', async () => {
    const { events } = await watch([
      [0, 'queued'],
      [60 * second, 'running'],
      [200 * second, 'settling'],
      [300 * second, 'succeeded'],
    ])
    expect(events.filter(({ type }) => type === 'phase')).toMatchObject([
      { from: 'unknown', to: 'queued', store: 'fake', operation: 'getOperations', ref: refOf(0) },
      { from: 'queued', to: 'running' },
      { from: 'running', to: 'settling' },
    ])
  })

  it.each([
    ['waits for an import of Gcore that takes 75 minutes', 75],
    ['and for one that takes 100 in all', 100],
  ])('%s, with nothing told', async (_, minutes) => {
    const { outcome } = await watch([
      [0, 'queued'],
      [4 * minute, 'running'],
      [minutes * minute, 'succeeded'],
    ])
    expect(outcome).toMatchObject({ succeeded: true })
  })
})

describe('an operation that hangs', () => {
  it('is told of once, and is an error later', async () => {
    const stall = { tellAfterMs: 10 * minute, failAfterMs: 25 * minute }
    const { outcome, events, progress, tookMs } = await watch([[0, 'running']], { stall })
    expect(events.filter(({ type }) => type === 'stalled')).toMatchObject([{ ref: refOf(0) }])
    expect(progress.some(({ isStalled }) => isStalled === true)).toBe(true)
    expect(outcome).toMatchObject({
      succeeded: false,
      error: { kind: 'timeout', message: expect.stringContaining('has changed') },
    })
    expect(tookMs).toBe(25 * minute)
  })
})

describe('the progress of a wait', () => {
  it('tells phase, age, and what is waited for', async () => {
    const { progress } = await watch([
      [0, 'queued'],
      [60 * second, 'running'],
      [300 * second, 'succeeded'],
    ])
    const first = progress[0]
    expect(first).toMatchObject({ phase: 'queued', ageMs: 0, phaseMs: 0, waitsFor: 'provider-queue' })
    expect(first?.estimateMs).toBeUndefined()
    expect(progress.find(({ phase }) => phase === 'running')).toMatchObject({ waitsFor: 'provider' })
    expect(progress.at(-1)).toMatchObject({ phase: 'ended', operation: { state: 'succeeded' } })
  })

  it('estimates by what operations of this run took, and looks less often at what has just begun', async () => {
    const time = newTime()
    const imports = importsOf(2, 300 * second, 400 * second)
    const { store, looks } = storeOn(time, imports)
    const progress: WaitProgress[] = []
    const wait = (ref: OperationRef) =>
      waitForAll(store, [ref], { runtime: time.runtime, onProgress: (told) => progress.push(...told) })()
    await time.run(wait(refOf(0)), hour)
    const looksBefore = looks.length
    await time.clock.advance(400 * second - (looks.at(-1)?.at ?? 0))
    progress.length = 0
    await time.run(wait(refOf(1)), hour)
    expect(progress[0]?.estimateMs).toBeGreaterThanOrEqual(300 * second)
    expect(progress[0]?.estimateMs).toBeLessThanOrEqual(315 * second)
    expect(looks.length - looksBefore).toBeLessThan(looksBefore)
  })

  it('is not disturbed by a listener or an observer that throws', async () => {
    const loud = () => {
      throw new Error('not my day')
    }
    const { outcome } = await watch([[0, 'succeeded']], { onProgress: loud, observer: loud })
    expect(outcome).toMatchObject({ succeeded: true })
  })
})

describe('looks', () => {
  it('come less often where few requests are left', async () => {
    const course: Course = [[600 * second, 'succeeded']]
    const plenty = await watch(course, {}, { requestsLeft: () => 0.9 })
    const scarce = await watch(course, {}, { requestsLeft: () => 0.05 })
    expect(scarce.looks.length).toBeLessThan(plenty.looks.length / 2)
    expect(scarce.outcome).toMatchObject({ succeeded: true })
  })

  it('that hang are broken off after a minute, and repeated', async () => {
    const time = newTime()
    let looks = 0
    const store = fakeStore({
      getOperations: (refs, options) => async () => {
        looks += 1
        if (looks > 1)
          return {
            _tag: 'Right',
            right: refs.map((ref) => ({
              ref,
              found: true,
              operation: { ref, kind: 'import', state: 'succeeded', losses: [] },
            })),
          }
        await time.runtime.sleep(options?.timeoutMs ?? hour)
        return { _tag: 'Left', left: new ImageStoreError('timeout', 'late') }
      },
    })
    const begun = time.clock.now()
    const outcomes = await time.run(waitForAll(store, [refOf(0)], { runtime: time.runtime })(), hour)
    expect(rightOf(outcomes)).toMatchObject([{ succeeded: true }])
    expect(time.clock.now() - begun).toBeLessThanOrEqual(75 * second)
  })

  it('that tell nothing that can be understood are repeated, ten in a row the end', async () => {
    const garbled = new ImageStoreError('unexpected-response', 'HTML')
    const time = newTime()
    const { store: sound } = storeOn(time, importsOf(1, 300 * second))
    const broken = (isBroken: (look: number) => boolean) => {
      let looks = 0
      return fakeStore({
        getOperations: (refs) => {
          looks += 1
          return isBroken(looks) ? TE.left(garbled) : sound.getOperations(refs)
        },
      })
    }
    const wait = (store: ImageStore) => waitForAll(store, [refOf(0)], { runtime: time.runtime })()
    const [flicker, hopeless] = await time.run(
      Promise.all([wait(broken((look) => look % 10 !== 0)), wait(broken(() => true))]),
      hour,
    )
    expect(rightOf(flicker)).toMatchObject([{ succeeded: true }])
    expect(rightOf(hopeless)).toMatchObject([{ succeeded: false, error: { kind: 'unexpected-response' } }])
  })

  it('that fail for an hour do not use up the limit of a phase', async () => {
    const time = newTime()
    const { store: sound, start } = storeOn(time, importsOf(1, 4_000 * second))
    let looks = 0
    const store = fakeStore({
      getOperations: (refs) => {
        looks += 1
        return time.clock.now() - start < 3_900 * second
          ? TE.left(new ImageStoreError('rate-limited', 'too many'))
          : sound.getOperations(refs)
      },
    })
    const wait = waitForAll(store, [refOf(0)], { runtime: time.runtime, phases: { queuedMs: minute, runningMs: hour } })
    expect(rightOf(await time.run(wait(), 2 * hour))).toMatchObject([{ succeeded: true }])
    expect(looks).toBeLessThanOrEqual(4_000 / 15 + 20)
  })

  it('are told of, once for all who wait', async () => {
    const { events, looks } = await watch([[60 * second, 'succeeded']])
    const ticks = events.filter(({ type }) => type === 'wait-tick')
    expect(ticks).toHaveLength(looks.length)
    expect(ticks.at(-1)).toMatchObject({ waiting: 1, ended: 1 })
  })
})

describe('the time of a wait', () => {
  it('is kept to, though a look of others is under way that hangs', async () => {
    const time = newTime()
    const store = fakeStore({
      getOperations: (_, options) => async () => {
        await time.runtime.sleep(options?.timeoutMs ?? hour, options?.signal).catch(() => undefined)
        return { _tag: 'Left', left: new ImageStoreError('timeout', 'late') }
      },
    })
    const other = new AbortController()
    const patient = waitForAll(store, [refOf(0)], { runtime: time.runtime, signal: other.signal })()
    await time.clock.advance(second)
    const begun = time.clock.now()
    const hasty = waitForAll(store, [refOf(1)], { runtime: time.runtime, timeoutMs: 2 * second })()
    expect(rightOf(await time.run(hasty, hour))).toMatchObject([{ succeeded: false, error: { kind: 'timeout' } }])
    expect(time.clock.now() - begun).toBeLessThanOrEqual(3 * second)
    other.abort()
    await patient
  })

  it('goes on where the clock is put back', async () => {
    const time = newTime()
    const { store, start } = storeOn(time, importsOf(1, 300 * second))
    const back = { by: 0 }
    const runtime = { ...time.runtime, now: () => time.clock.now() - back.by }
    const wait = waitForAll(store, [refOf(0)], { runtime })()
    await time.clock.advance(minute)
    back.by = hour
    expect(rightOf(await time.run(wait, 2 * hour))).toMatchObject([{ succeeded: true }])
    expect(time.clock.now() - start).toBeLessThanOrEqual(330 * second)
  })
})

describe('what operations take', () => {
  it('is not learned from one that had ended long before it was looked at', async () => {
    const time = newTime()
    const startedAt = new Date(time.clock.now() - 5 * hour).toISOString()
    const { store: going } = storeOn(time, importsOf(2, 60 * second))
    const store = fakeStore({
      getOperations: (refs) =>
        refs.includes(refOf(9))
          ? TE.right(
              refs.map((ref) => ({
                ref,
                found: true,
                operation: { ref, kind: 'import', state: 'succeeded', losses: [], startedAt },
              })),
            )
          : going.getOperations(refs),
    })
    const progress: WaitProgress[] = []
    const onProgress = (told: readonly WaitProgress[]) => progress.push(...told)
    await time.run(waitForAll(store, [refOf(9)], { runtime: time.runtime })(), hour)
    await time.run(waitForAll(store, [refOf(1)], { runtime: time.runtime, onProgress })(), hour)
    expect(progress.every(({ phase, estimateMs }) => phase === 'ended' || estimateMs === undefined)).toBe(true)
  })

  it('is not learned from a failure', async () => {
    const time = newTime()
    const courses = new Map<OperationRef, Course>([
      [
        refOf(0),
        [
          [0, 'running'],
          [60 * second, 'failed'],
        ],
      ],
      [refOf(1), [[120 * second, 'succeeded']]],
    ])
    const { store } = storeOn(time, courses)
    const progress: WaitProgress[] = []
    const onProgress = (told: readonly WaitProgress[]) => progress.push(...told)
    for (const ref of courses.keys())
      await time.run(waitForAll(store, [ref], { runtime: time.runtime, onProgress })(), hour)
    expect(progress.every(({ phase, estimateMs }) => phase === 'ended' || estimateMs === undefined)).toBe(true)
  })
})

describe('a store that answers what is none', () => {
  it('ends the waits, and can be waited on again', async () => {
    const time = newTime()
    const { store: sound } = storeOn(time, importsOf(1, second))
    let isBroken = true
    const store = fakeStore({
      getOperations: (refs) => (isBroken ? TE.right(undefined as never) : sound.getOperations(refs)),
    })
    const wait = () => waitForAll(store, [refOf(0)], { runtime: time.runtime })()
    await expect(wait()).rejects.toThrow(TypeError)
    isBroken = false
    expect(rightOf(await time.run(wait(), hour))).toMatchObject([{ succeeded: true }])
  })

  it('is looked at as often as any where its share of requests is no number', async () => {
    const { looks } = await watch([[300 * second, 'succeeded']], {}, { requestsLeft: () => Number.NaN })
    expect(looks.length).toBeLessThanOrEqual(33)
  })
})

describe('limits that are none', () => {
  it.each([
    { timeoutMs: -1 },
    { timeoutMs: Number.NaN },
    { phases: { queuedMs: -1 } },
    { phases: { settlingMs: Number.NaN } },
    { stall: { tellAfterMs: -5 } },
    { timeoutMs: null },
    { timeoutMs: '600000' },
    { timoutMs: 5 },
    { phases: null },
    { phases: { queueMs: 5 } },
    { phases: { queuedMs: true } },
    { stall: 5 },
  ] as unknown as WaitOptions[])('are refused before anything is sent: %j', async (options) => {
    const time = newTime()
    const { store, looks } = storeOn(time, importsOf(1, minute))
    expect(await waitForAll(store, [refOf(0)], { runtime: time.runtime, ...options })()).toMatchObject({
      left: { kind: 'invalid-argument' },
    })
    expect(looks).toEqual([])
  })
})
