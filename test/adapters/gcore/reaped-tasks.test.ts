import { type ImageStore, type ImportOutcome, type ImportSpec, importAll, type StoreTask, waitForAll } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { type GcoreEmulatorOptions, startEmulator } from 'imageferry/gcore/emulator'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../../demo/disk-images.ts'
import { serveFiles } from '../../../demo/file-server.ts'
import { leftOf, rightOf, succeed } from '../../either.ts'
import { simulatedTime } from '../../simulated-time.ts'

const minute = 60_000
const day = 24 * 60 * minute
const disk = qcow2Disk({ label: 'reaped' })

/** The HTTP library is loaded with the first request, and simulated time does not wait for that. */
beforeAll(async () => {
  const emulator = await startEmulator({ timeScale: 0 })
  await succeed(gcore(emulator).listRegions())
  await emulator.close()
})

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

/** A project on a time of its own, and what its tasks come to. */
const project = async (options: Omit<GcoreEmulatorOptions, 'clock'> = {}) => {
  const time = simulatedTime(1)
  const { clock, runtime, run } = time
  const emulator = await startEmulator({ ...options, clock })
  const files = await serveFiles(async (name) => (name.startsWith('missing') ? undefined : disk))
  opened.push(async () => {
    await run(Promise.all([emulator.close(), files.close()]), day)
    time.stop()
  })
  const open = () => gcore({ ...emulator, regions: [76, 148], runtime })
  const tasks = () => emulator.saveState().tasks
  let mostUnsettled = 0
  const inner = open()
  const store: ImageStore = {
    ...inner,
    importFromUrl: (spec, callOptions) => async () => {
      const begun = await inner.importFromUrl(spec, callOptions)()
      // Their number grows by a new one only.
      mostUnsettled = Math.max(
        mostUnsettled,
        tasks().filter(({ state }) => state === 'NEW' || state === 'RUNNING').length,
      )
      return begun
    },
  }
  return {
    emulator,
    store,
    /** The same project from another process. */
    open,
    runtime,
    minutes: () => clock.now() / minute,
    specs: (count: number, more: Partial<ImportSpec> = {}): readonly ImportSpec[] =>
      Array.from({ length: count }, (_, index) => ({
        name: `web-${index}`,
        url: files.urlOf(`web-${index}.qcow2`),
        region: index % 2 === 0 ? '76' : '148',
        ...more,
      })),
    missing: files.urlOf('missing.qcow2'),
    run,
    done: async <A>(task: StoreTask<A>): Promise<A> => rightOf(await run(task(), day)),
    pass: (milliseconds: number) => clock.advance(milliseconds),
    reaped: () => tasks().filter(({ error }) => error?.includes('not started')).length,
    begun: () => tasks().length,
    mostUnsettled: () => mostUnsettled,
    /** The names of the images that imports have made. */
    imported: () => emulator.saveState().images.flatMap(({ name }) => (name.startsWith('web-') ? [name] : [])),
  }
}

const failures = (outcomes: readonly ImportOutcome[]) =>
  outcomes.flatMap((outcome) => (outcome.succeeded ? [] : [outcome.error.message]))

const namesOf = (specs: readonly ImportSpec[]) => specs.map(({ name }) => name).sort()

/** As long as imports take in the field. */
const asInTheField = { importDuration: [8 * minute, 16 * minute] } as const

describe('forty imports into a project that works on six at a time', () => {
  it.each([
    ['without keys, as long as in the field', asInTheField, false],
    ['with keys', {}, true],
  ])('have no task reaped, and at most six that have not ended: %s', async (_, options, keyed) => {
    const { store, runtime, done, specs, emulator, reaped, begun, mostUnsettled, imported } = await project(options)
    const wanted = specs(40).map((spec, index) => (keyed ? { ...spec, key: `run-${index}` } : spec))
    const outcomes = await done(importAll(store, wanted, { runtime }))
    expect(failures(outcomes)).toEqual([])
    expect(outcomes.map(({ attempts }) => attempts)).toEqual(Array(40).fill(1))
    expect([reaped(), begun(), mostUnsettled()]).toEqual([0, 40, 6])
    expect([...imported()].sort()).toEqual(namesOf(wanted))
    // Each import is looked at every 15 seconds at the least, for 16 minutes at the most.
    expect(emulator.requests.length / 40).toBeLessThan(80)
  })

  it('have tasks reaped where all are begun at once', async () => {
    const { store, runtime, done, specs, reaped } = await project(asInTheField)
    const refs = []
    for (const spec of specs(40)) refs.push((await done(store.importFromUrl(spec))).ref)
    const outcomes = await done(waitForAll(store, refs, { runtime }))
    const failed = outcomes.flatMap((outcome) => (outcome.succeeded ? [] : [outcome]))
    expect(failed.length).toBeGreaterThan(10)
    expect(reaped()).toBe(failed.length)
    for (const outcome of failed)
      expect(outcome).toMatchObject({
        error: { kind: 'import-failed', message: expect.stringContaining('not started within 10 minutes') },
        operation: { ref: outcome.ref, state: 'failed', canBeRepeated: true },
      })
  })

  it('all arrive in the end where too many are in flight, each once', async () => {
    const { store, runtime, done, specs, reaped, imported } = await project()
    const outcomes = await done(importAll(store, specs(24), { runtime, concurrency: 24 }))
    expect(failures(outcomes)).toEqual([])
    expect(reaped()).toBeGreaterThan(5)
    expect([...imported()].sort()).toEqual(namesOf(specs(24)))
  })
})

describe('an import that is reaped because another client has taken the places', () => {
  const crowded = { concurrentImports: 1, importDuration: 11 * minute } as const

  /** Somebody else's import takes the only place until a minute after ours is given up. */
  const occupied = async () => {
    const found = await project(crowded)
    const [theirs] = found.specs(1, { name: 'theirs' })
    if (theirs === undefined) throw new Error('there is no spec')
    await found.done(found.open().importFromUrl(theirs))
    return found
  }

  it.each([[undefined], ['run-1']])('is begun again, and there is one image of it: key %j', async (key) => {
    const { store, runtime, done, specs, reaped, begun, imported, minutes } = await occupied()
    const since = minutes()
    const [outcome] = await done(importAll(store, specs(1, { key }), { runtime }))
    expect(outcome).toMatchObject({ succeeded: true, attempts: 2, operation: { state: 'succeeded' } })
    expect([reaped(), begun()]).toEqual([1, 3])
    expect(imported()).toEqual(['web-0'])
    // Ten minutes until it is given up, one more until the place is free, eleven for the import itself.
    expect(minutes() - since).toBeLessThan(24)
    if (key !== undefined) {
      const operations = await done(store.findOperations(key))
      expect(operations.filter(({ state }) => state !== 'failed').map(({ ref }) => ref)).toEqual([outcome?.ref])
    }
  })

  it('is begun by another process under the same key, too', async () => {
    const { store, runtime, done, specs, open, imported } = await occupied()
    const wanted = specs(1, { key: 'run-1' })
    const [first] = await done(importAll(store, wanted, { runtime, attempts: 1 }))
    expect(first).toMatchObject({ succeeded: false, attempts: 1, operation: { canBeRepeated: true } })
    const [second] = await done(importAll(open(), wanted, { runtime }))
    expect(second).toMatchObject({ succeeded: true })
    expect(second?.ref).not.toBe(first?.ref)
    expect(imported()).toEqual(['web-0'])
  })

  it('fails with the hint when it has been begun often enough', async () => {
    const { store, runtime, done, specs, emulator, reaped } = await project({ ...crowded, importDuration: 30 * minute })
    for (const spec of specs(1, { name: 'theirs' })) await done(store.importFromUrl(spec))
    const [outcome] = await done(importAll(gcore({ ...emulator, runtime }), specs(1), { runtime, attempts: 2 }))
    expect(outcome).toMatchObject({
      succeeded: false,
      attempts: 2,
      error: { kind: 'import-failed', hint: expect.stringMatching(/fewer imports/) },
    })
    expect(reaped()).toBe(2)
  })
})

describe('an import that has failed otherwise', () => {
  it('is not begun again', async () => {
    const { store, runtime, done, specs, begun, missing } = await project()
    const [bad, good] = await done(importAll(store, [...specs(1, { url: missing }), ...specs(1)], { runtime }))
    expect(bad).toMatchObject({
      succeeded: false,
      attempts: 1,
      error: { kind: 'import-failed', message: expect.stringContaining('404') },
    })
    if (bad?.succeeded === false) expect(bad.operation?.canBeRepeated).toBeUndefined()
    expect(good).toMatchObject({ succeeded: true, attempts: 1 })
    expect(begun()).toBe(2)
  })
})

describe('imports that are canceled', () => {
  /** The error of forty imports that are canceled so many milliseconds after they were begun, and all tasks that there are then. */
  const canceledAfter = async (milliseconds: number, answersTakeMs = 0) => {
    const { store, runtime, run, specs, emulator } = await project(asInTheField)
    if (answersTakeMs > 0)
      emulator.faults.script({ method: 'POST', times: 40, fault: { kind: 'slow', delayMs: answersTakeMs } })
    const stop = new AbortController()
    runtime.timer(milliseconds, () => stop.abort())
    const wanted = specs(40).map((spec, index) => ({ ...spec, key: `run-${index}` }))
    const error = leftOf(await run(importAll(store, wanted, { runtime, signal: stop.signal })(), day))
    expect(error).toMatchObject({ kind: 'canceled', store: 'gcore' })
    return { error, tasks: emulator.saveState().tasks }
  }

  it.each([
    [2_000, 0],
    [5 * minute, 0],
    [15 * minute, 0],
    [2_000, 5_000],
  ])('leave no task that is not named, %d ms after the first was begun, answers taking %d ms', async (...times) => {
    const { error, tasks } = await canceledAfter(...times)
    expect(tasks.length).toBeGreaterThanOrEqual(6)
    for (const { id, images } of tasks)
      expect(error.completed?.some((text) => text.endsWith(`task/${id}`) || text.endsWith(images?.[0] ?? id))).toBe(
        true,
      )
  })

  it('say what may have been begun where no answer came', async () => {
    const { error, tasks } = await canceledAfter(2_000, 60_000)
    expect(tasks).toHaveLength(6)
    expect([...(error.unconfirmed ?? [])].sort((a, b) => (a.change < b.change ? -1 : 1))).toEqual(
      Array.from({ length: 6 }, (_, index) => ({ change: `the import of "web-${index}"`, key: `run-${index}` })),
    )
  })
})
