import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  type ImageStore,
  type ImageStoreError,
  imageRef,
  type Operation,
  operationRef,
  type StoreTask,
} from 'imageferry'
import type { GcoreEmulatorOptions } from 'imageferry/gcore/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import type { Fault, ScriptedFault } from '../../src/emulator/fault.ts'
import { fail, leftOf, rightOf, succeed } from '../either.ts'
import { warmUp } from '../warm-up.ts'
import { inWorld, type World } from './gcore-world.ts'

const disk = qcow2Disk({ label: 'lost answers' })
const files = await serveFiles(async () => disk)
afterAll(files.close)

beforeAll(warmUp)

const spec = { name: 'web', url: files.urlOf('web.qcow2'), region: '76', key: 'run 7' }

/** What a caller does who wants one image under a key: calls until an operation is known, and waits for it. */
const obtain = async (
  { faults, sleep, waitFor }: World,
  store: ImageStore,
  begin: (store: ImageStore) => StoreTask<Operation>,
  onError: (error: ImageStoreError) => void = () => undefined,
): Promise<Operation> => {
  for (let calls = 0; calls < 40; calls += 1) {
    const begun = await begin(store)()
    if (E.isRight(begun)) return waitFor(store, begun.right.ref)
    onError(begun.left)
    faults.clear()
    await sleep(60_000)
  }
  throw new Error('It never came to an operation')
}

const importing = (store: ImageStore) => store.importFromUrl(spec)

/** Whether an error tells that something may be there, and how it is found. */
const tellsItsKey = ({ unconfirmed = [] }: ImageStoreError): boolean => unconfirmed.some(({ key }) => key === spec.key)

const resets: readonly Fault[] = [
  { kind: 'reset', when: 'before-commit' },
  { kind: 'reset', when: 'after-commit' },
]
const statuses: readonly Fault[] = [500, 502, 503].flatMap((status) => [
  { kind: 'answer', status, when: 'before-commit' },
  { kind: 'answer', status, when: 'after-commit' },
])
const late: readonly Fault[] = [1_000, 60_000, 119_000, 200_000].map((delayMs) => ({ kind: 'late-commit', delayMs }))
const others: readonly Fault[] = [
  { kind: 'truncated' },
  { kind: 'html' },
  { kind: 'wrong-types' },
  { kind: 'slow', delayMs: 5_000 },
  { kind: 'slow', delayMs: 45_000 },
  { kind: 'answer', status: 429, headers: { 'retry-after': '2' } },
  { kind: 'answer', status: 429 },
]
const faults: readonly Fault[] = [...resets, ...statuses, ...late, ...others]

/** One image under the key, whatever is scripted, and everybody who asked for it knows it. */
const oneRemains = (
  options: GcoreEmulatorOptions & { readonly stores?: number; readonly order?: number },
  scripted: readonly ScriptedFault[],
): Promise<void> =>
  inWorld(options, async (world) => {
    for (const fault of scripted) world.faults.script(fault)
    const posted = () => world.posts() > 0
    const outcomes = await world.run(
      Promise.all(
        world.stores.map((store) =>
          obtain(world, store, importing, (error) => {
            if (
              posted() &&
              ['unavailable', 'timeout'].includes(error.kind) &&
              scripted.some(({ method }) => method === 'POST')
            )
              expect(tellsItsKey(error)).toBe(true)
          }),
        ),
      ),
    )
    // Who ends first may have something removed that ends later.
    await world.run(
      Promise.all(outcomes.map(({ ref }, index) => world.waitFor(world.stores[index] ?? expect.fail(), ref))),
    )
    // What comes too late comes within that time.
    await world.run(world.sleep(600_000))
    expect(world.images()).toHaveLength(1)
    for (const { image } of outcomes) expect(world.images()).toContain(image)
  })

const shown = (fault: Fault): string => JSON.stringify(fault)
type TaskData = NonNullable<GcoreEmulatorOptions['taskData']>
const eras: readonly TaskData[] = ['full', 'name-and-url', 'none']

describe('an import with a key whose answer goes wrong', () => {
  it.each([
    ...faults.map((fault) => [shown(fault), 'full' as TaskData, fault] as const),
    ...[...resets, ...late].flatMap((fault) => eras.slice(1).map((era) => [shown(fault), era, fault] as const)),
  ])('leads to one image that the caller knows: %s, where tasks tell %s', async (_, taskData, fault) =>
    oneRemains({ taskData }, [{ method: 'POST', fault }]),
  )

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    'leads to one image, whichever request goes wrong: %i',
    async (nth) => {
      const [cut = expect.fail(), carriedOut = expect.fail(), failing = expect.fail()] = [...resets, ...statuses]
      for (const fault of [cut, carriedOut, failing])
        await oneRemains({ taskData: 'full', importDuration: 30_000 }, [{ path: '/cloud', nth, fault }])
    },
  )
})

describe('two processes with the same key at the same moment', () => {
  it.each(
    eras.flatMap((taskData) =>
      [0, 30_000, 120_000].map((taskListLag, order) => [taskData, taskListLag, order] as const),
    ),
  )('end up with one image: tasks tell %s and are listed %i ms late, order %i', async (taskData, taskListLag, order) =>
    oneRemains({ stores: 2, taskData, taskListLag, order, importDuration: [60_000, 400_000], seed: order }, []),
  )

  it.each([...resets, ...late.slice(1)].flatMap((fault) => [1, 2].map((nth) => [shown(fault), nth, fault] as const)))(
    'end up with one image where an answer is lost: %s, of the POST %i',
    async (_, nth, fault) => oneRemains({ stores: 2, taskData: 'full', order: nth }, [{ method: 'POST', nth, fault }]),
  )

  it('name the same image, and say which one was removed', async () =>
    inWorld({ stores: 2, taskData: 'full' }, async (world) => {
      const begun = await world.run(Promise.all(world.stores.map((store) => succeed(importing(store)))))
      expect(world.posts()).toBe(2)
      expect(new Set(begun.map(({ ref }) => ref)).size).toBe(1)
      const ends = await world.run(
        Promise.all(begun.map(({ ref }, index) => world.waitFor(world.stores[index] ?? expect.fail(), ref))),
      )
      expect(new Set(ends.map(({ image }) => image)).size).toBe(1)
      expect(world.images()).toEqual([ends[0]?.image])
      const removed = ends.flatMap(({ duplicates = [] }) => duplicates)
      expect(removed.length).toBeGreaterThan(0)
      for (const { image, removed: isRemoved } of removed) {
        expect(isRemoved).toBe(true)
        expect(image).not.toBe(ends[0]?.image)
      }
      expect(world.events).toContainEqual(
        expect.objectContaining({ type: 'duplicate', image: removed[0]?.image, removed: true }),
      )
    }))

  it('keep what one has begun first with another spec, and remove the other', async () =>
    inWorld({ stores: 2, taskData: 'full' }, async (world) => {
      const [one = expect.fail(), another = expect.fail()] = world.stores
      const results = await world.run(
        Promise.all([importing(one)(), another.importFromUrl({ ...spec, name: 'other' })()]),
      )
      expect(world.posts()).toBe(2)
      const [kept] = results.flatMap((result) => (E.isRight(result) ? [result.right] : []))
      const [refused] = results.flatMap((result) => (E.isLeft(result) ? [result.left] : []))
      const [later = expect.fail()] = (refused?.completed ?? []).filter((done) => done.startsWith('gcore:'))
      expect(refused).toMatchObject({ kind: 'conflict', hint: expect.stringContaining(later) })
      const loser = E.isLeft(results[0] ?? expect.fail()) ? one : another
      const winner = loser === one ? another : one
      const image = (await world.run(world.waitFor(winner, kept?.ref ?? expect.fail()))).image
      await expect(world.run(world.waitFor(loser, operationRef(later)))).rejects.toMatchObject({
        kind: 'import-failed',
        message: expect.stringContaining('with another spec first'),
      })
      expect(world.images()).toEqual([image])
    }))
})

describe('a lost import whose task was guessed by name and source', () => {
  it('fails where the image is of another key, and nothing of that is removed', async () =>
    inWorld({ stores: 2, taskData: 'name-and-url' }, async (world) => {
      const [one = expect.fail(), another = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'reset' } })
      const begin = (store: ImageStore, key: string) => store.importFromUrl({ ...spec, key })()
      const results = await world.run(Promise.all([begin(one, 'a'), begin(another, 'b')]))
      const ends = await world.run(
        Promise.allSettled(
          results.map((result, index) => world.waitFor(world.stores[index] ?? expect.fail(), rightOf(result).ref)),
        ),
      )
      expect(world.posts()).toBe(2)
      const made = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.image] : []))
      const failures = ends.flatMap((end): readonly unknown[] => (end.status === 'rejected' ? [end.reason] : []))
      expect(world.images()).toEqual(made)
      expect(failures).toEqual([
        expect.objectContaining({ kind: 'import-failed', message: expect.stringContaining('was of the key') }),
      ])
    }))
})

describe('any two faults of one key', () => {
  it('lead to one image that all callers know', async () => {
    const fault = fc.record({
      fault: fc.constantFrom(...faults),
      nth: fc.integer({ min: 1, max: 12 }),
      path: fc.constant('/cloud'),
    })
    const world = fc.record({
      stores: fc.constantFrom(1, 2),
      taskData: fc.constantFrom(...eras),
      taskListLag: fc.constantFrom(0, 30_000, 120_000),
      order: fc.integer({ min: 1, max: 1_000 }),
    })
    await fc.assert(
      fc.asyncProperty(world, fault, fault, (options, first, second) => oneRemains(options, [first, second])),
      { numRuns: 6, endOnFailure: true },
    )
  })
})

describe('an import without a key whose answer is lost', () => {
  const { key: _key, ...keyless } = spec

  it.each(eras.slice(0, 2))('is found and never sent again, where tasks tell %s', async (taskData) =>
    inWorld({ taskData }, async (world) => {
      const [store = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'late-commit', delayMs: 60_000 } })
      const { ref } = await world.run(succeed(store.importFromUrl(keyless)))
      const { image } = await world.run(world.waitFor(store, ref))
      expect(world.images()).toEqual([image])
      expect(world.posts()).toBe(1)
    }),
  )

  it('fails and says that it may be there, where nothing shows up', async () =>
    inWorld({}, async (world) => {
      const [store = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'reset', when: 'before-commit' }, times: 9 })
      expect(await world.run(fail(store.importFromUrl(keyless)))).toMatchObject({
        kind: 'unavailable',
        unconfirmed: [{ change: 'the import of "web"' }],
      })
      expect(world.posts()).toBe(1)
    }))
})

describe('a capture with a key whose answer is lost', () => {
  it.each([...resets, ...late].map((fault) => [shown(fault), fault] as const))(
    'makes one image: %s',
    async (_, fault) =>
      inWorld({ taskData: 'full', captureDuration: 1_000 }, async (world) => {
        const [store = expect.fail()] = world.stores
        const capture = { name: 'web', source: world.addVolume(), region: '76', key: 'run 8' }
        world.faults.script({ method: 'POST', fault })
        const made = await world.run(obtain(world, store, (from) => from.createFromVolume(capture)))
        await world.run(world.sleep(600_000))
        expect(world.images()).toEqual([made.image])
      }),
  )
})

describe('an import that is canceled while its request is under way', () => {
  it('says with its key that it may be there, and the key leads to it', async () =>
    inWorld({ taskData: 'full' }, async (world) => {
      const [store = expect.fail()] = world.stores
      world.faults.script({ method: 'POST', fault: { kind: 'slow', delayMs: 25_000 } })
      const stop = new AbortController()
      const called = importing(store)
      const canceled = async () => {
        while (!world.events.some((event) => event.type === 'request' && event.method === 'POST'))
          await world.sleep(100)
        stop.abort()
      }
      const [result] = await world.run(Promise.all([store.importFromUrl(spec, { signal: stop.signal })(), canceled()]))
      expect(leftOf(result)).toMatchObject({
        kind: 'canceled',
        unconfirmed: [{ change: 'the import of "web"', key: spec.key }],
      })
      const sent = world.requests.length
      await world.run(world.sleep(60_000))
      expect(world.requests.length).toBe(sent + 1)
      const { ref } = await world.run(succeed(called))
      const { image } = await world.run(world.waitFor(store, ref))
      expect(world.images()).toEqual([image])
      expect(world.posts()).toBe(1)
    }))
})

describe('a deletion whose answer is lost', () => {
  it.each(
    [...resets, ...statuses, ...late, { kind: 'slow', delayMs: 45_000 } as const].map(
      (fault) => [shown(fault), fault] as const,
    ),
  )('ends with the image gone: %s', async (_, fault) =>
    inWorld({}, async (world) => {
      const [store = expect.fail()] = world.stores
      const image = world.addImage()
      world.faults.script({ method: 'DELETE', fault })
      const { ref } = await world.run(succeed(store.delete(imageRef(image))))
      expect(await world.run(world.waitFor(store, ref))).toMatchObject({ kind: 'delete', outcome: 'deleted' })
      expect(world.images()).toEqual([])
    }),
  )
})

describe('an update whose answer is lost', () => {
  it.each(
    [...resets, ...statuses, ...late, { kind: 'slow', delayMs: 45_000 } as const].map(
      (fault) => [shown(fault), fault] as const,
    ),
  )('is carried out: %s', async (_, fault) =>
    inWorld({}, async (world) => {
      const [store = expect.fail()] = world.stores
      const image = imageRef(world.addImage())
      world.faults.script({ method: 'PATCH', fault })
      const patch = { name: 'new', tags: { put: [{ key: 'team', value: 'a' }], drop: [{ key: 'env', value: 'test' }] } }
      const updated = await world.run(succeed(store.update(image, patch)))
      expect(updated).toMatchObject({ name: 'new', tags: [{ key: 'team', value: 'a' }] })
    }),
  )

  it('is sent again only when the grace is over, and at once where the provider says that it has failed', async () => {
    for (const [fault, patches, leastMs, mostMs] of [
      [{ kind: 'reset' }, 2, 150_000, 155_000],
      [{ kind: 'answer', status: 500 }, 2, 500, 5_000],
      [{ kind: 'late-commit', delayMs: 30_000 }, 1, 30_000, 60_000],
    ] as const)
      await inWorld({}, async (world) => {
        const [store = expect.fail()] = world.stores
        world.faults.script({ method: 'PATCH', fault })
        const begun = world.now()
        await world.run(succeed(store.update(imageRef(world.addImage()), { name: 'new' })))
        expect(world.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(patches)
        expect(world.now() - begun).toBeGreaterThanOrEqual(leastMs)
        expect(world.now() - begun).toBeLessThanOrEqual(mostMs)
      })
  })
})
