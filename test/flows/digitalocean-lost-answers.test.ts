import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  type ImageStore,
  type ImageStoreError,
  imageRef,
  type Operation,
  type Outcome,
  operationRef,
  type StoreEvent,
  type StoreTask,
  waitForAll,
} from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import {
  type DigitalOceanEmulatorOptions,
  type Fault,
  type ScriptedFault,
  startEmulator,
} from 'imageferry/digitalocean/emulator'
import { beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { rightOf } from '../either.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const second = 1_000
const hour = 3_600 * second
const key = 'run 7/web'

beforeAll(warmUp)

type Options = Omit<DigitalOceanEmulatorOptions, 'clock'>
type Emulator = Awaited<ReturnType<typeof startEmulator>>

/** An account on a time of its own. */
interface Scene {
  readonly time: SimulatedTime
  readonly emulator: Emulator
  readonly url: string
  /** A store as another process would have it. */
  readonly open: (observer?: (event: StoreEvent) => void) => ImageStore
  /** The account's images that are there or are to be. */
  readonly alive: () => readonly string[]
}

const disk = qcow2Disk({ label: 'lost' })

const within = async (options: Options, play: (scene: Scene) => Promise<void>): Promise<void> => {
  const time = simulatedTime(1)
  const emulator = await startEmulator({ importDuration: 60 * second, ...options, clock: time.clock })
  const files = await serveFiles(async () => disk)
  try {
    await play({
      time,
      emulator,
      url: files.urlOf('good.qcow2'),
      open: (observer) =>
        digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl, runtime: time.runtime, observer }),
      alive: () =>
        emulator
          .saveState()
          .images.filter((image) => !image.public && image.status !== 'deleted')
          .map(({ id }) => `digitalocean:${id}`),
    })
    expect(emulator.failures).toEqual([])
  } finally {
    await emulator.close()
    await files.close()
    time.stop()
  }
}

/** What can go wrong with one request. */
const faults: Readonly<Record<string, Fault>> = {
  'a connection that is cut before': { kind: 'reset', when: 'before-commit' },
  'a connection that is cut after': { kind: 'reset', when: 'after-commit' },
  'a second late': { kind: 'late-commit', delayMs: second },
  'half a minute late': { kind: 'late-commit', delayMs: 30 * second },
  'nearly two minutes late': { kind: 'late-commit', delayMs: 119 * second },
  'later than anybody looks': { kind: 'late-commit', delayMs: 200 * second },
  '500 before': { kind: 'answer', status: 500 },
  '500 after': { kind: 'answer', status: 500, when: 'after-commit' },
  '502 before': { kind: 'answer', status: 502 },
  '502 after': { kind: 'answer', status: 502, when: 'after-commit' },
  '503 before': { kind: 'answer', status: 503 },
  '503 after': { kind: 'answer', status: 503, when: 'after-commit' },
  'an answer that breaks off': { kind: 'truncated' },
  HTML: { kind: 'html' },
  'wrong types': { kind: 'wrong-types' },
  'an answer without an end': { kind: 'endless' },
  'an answer after the time of an attempt': { kind: 'slow', delayMs: 45 * second },
  '429 with a moment': { kind: 'answer', status: 429, headers: { 'retry-after': '2' } },
  429: { kind: 'answer', status: 429 },
}

/** Which requests go wrong: each of the first, of whatever sort, and each import and deletion. */
const moments: readonly Omit<ScriptedFault, 'fault'>[] = [
  ...[1, 2, 3, 4, 5].map((nth) => ({ nth })),
  { method: 'POST', nth: 1 },
  { method: 'POST', nth: 1, times: 2 },
  { method: 'POST', nth: 2 },
  { method: 'DELETE', nth: 1 },
]

/** How lists and images may lag, and what may be refused. */
const lags: Readonly<Record<string, Options>> = {
  'at once': {},
  'late lists': { imageListedAfter: 30 * second },
  'very late lists, and images late': { imageListedAfter: 110 * second, imageReadableAfter: 20 * second },
  'pending images that cannot be deleted': { deletePending: 'refused' },
}

interface Story {
  readonly scripted: readonly ScriptedFault[]
  readonly options: Options
  readonly processes: number
}

/** Whether an error says that something may exist, and under which key, where an import was sent that was not refused. */
const saysWhatMayBe = ({ kind, completed, unconfirmed = [] }: ImageStoreError, { requests }: Emulator): boolean =>
  kind === 'rate-limited' ||
  !requests.some(({ method }) => method === 'POST') ||
  completed !== undefined ||
  unconfirmed.some((one) => one.key === key)

/** One caller: it imports, repeats what failed once the network is well, and waits. */
const importing = async ({ time, emulator, url }: Scene, store: ImageStore): Promise<Outcome | undefined> => {
  const spec = { name: 'web', url, region: 'nyc3', key }
  const first = await store.importFromUrl(spec)()
  if (E.isLeft(first)) {
    expect(saysWhatMayBe(first.left, emulator)).toBe(true)
    emulator.faults.clear()
  }
  const begun: Operation = E.isLeft(first) ? rightOf(await store.importFromUrl(spec)()) : first.right
  const wait = async (): Promise<Outcome | undefined> =>
    rightOf(await waitForAll(store, [begun.ref], { runtime: time.runtime })())[0]
  const outcome = await wait()
  // A look-up whose answer cannot be understood says nothing of the import.
  return outcome?.succeeded === false && outcome.error.kind === 'unexpected-response' ? wait() : outcome
}

/** Ends with one image, and every caller knows it. */
const endsWithOne = ({ scripted, options, processes }: Story): Promise<void> =>
  within(options, async (scene) => {
    const { time, emulator, alive, open } = scene
    for (const fault of scripted) emulator.faults.script(fault)
    const stores = Array.from({ length: processes }, () => open())
    const outcomes = await time.run(Promise.all(stores.map((store) => importing(scene, store))), 24 * hour)
    // What was to be carried out late has been.
    await time.run(time.runtime.sleep(600 * second), hour)
    const images = alive()
    expect(images).toHaveLength(1)
    expect(outcomes.map((outcome) => outcome?.succeeded === true && outcome.operation.image)).toEqual(
      outcomes.map(() => images[0]),
    )
    expect(rightOf(await time.run(open().findOperations(key)(), hour)).map(({ image }) => image)).toEqual(images)
  })

/** Each lag with one process and with two. */
const circumstances = Object.values(lags).flatMap((options) => [1, 2].map((processes) => ({ options, processes })))

const nth = <A>(all: readonly A[], index: number): A => {
  const one = all[index % all.length]
  if (one === undefined) throw new Error('There is none')
  return one
}

describe('an import under a key leaves one image that its callers know', () => {
  // Every fault at every moment, under circumstances that go round: each fault meets all of them.
  it.each(Object.entries(faults).map(([name, fault], index) => [name, fault, index] as const))(
    'after %s',
    async (_, fault, index) => {
      for (const [turn, moment] of moments.entries())
        await endsWithOne({ scripted: [{ ...moment, fault }], ...nth(circumstances, index + turn) })
    },
  )

  it('after any two of them', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ moment: fc.constantFrom(...moments), fault: fc.constantFrom(...Object.values(faults)) }), {
          minLength: 2,
          maxLength: 2,
        }),
        fc.constantFrom(...circumstances),
        (two, circumstance) =>
          endsWithOne({ scripted: two.map(({ moment, fault }) => ({ ...moment, fault })), ...circumstance }),
      ),
      { numRuns: 15, seed: 20_261_121 },
    ))
})

const lost: Fault = { kind: 'reset', when: 'after-commit' }
const onPost = (fault: Fault, more: object = {}): ScriptedFault => ({ method: 'POST', fault, ...more })

/** A call's result, run to its end. */
const run = <A>({ time }: Scene, task: StoreTask<A>): Promise<E.Either<ImageStoreError, A>> =>
  time.run(task(), 24 * hour)

const specOf = ({ url }: Scene) => ({ name: 'web', url, region: 'nyc3' })

describe('two processes that begin under one key at the same moment', () => {
  it('are told the same image, the later one is removed, and whoever removes it tells so', () =>
    within({}, async (scene) => {
      const events: StoreEvent[] = []
      const spec = { ...specOf(scene), url: `${scene.url}?sig=s3cret`, key }
      const calls = [1, 2].map(() => scene.open((event) => events.push(event)).importFromUrl(spec)())
      const begun = (await scene.time.run(Promise.all(calls), hour)).map(rightOf)
      const [kept] = scene.alive()
      expect(scene.alive()).toHaveLength(1)
      expect(begun.map(({ image }) => image)).toEqual([kept, kept])
      const duplicates = begun.flatMap((operation) => operation.duplicates ?? [])
      expect(duplicates).toContainEqual({ image: expect.not.stringMatching(`^${kept}$`), removed: true })
      expect(events).toContainEqual(expect.objectContaining({ type: 'duplicate', removed: true }))
      expect(JSON.stringify(events)).not.toMatch(/s3cret|127\.0\.0\.1/)
    }))

  it('are a conflict with two specs, and only the older one is left', () =>
    within({}, async (scene) => {
      const specs = ['web', 'other'].map((name) => ({ ...specOf(scene), name, key }))
      const results = await scene.time.run(Promise.all(specs.map((spec) => scene.open().importFromUrl(spec)())), hour)
      expect(scene.alive()).toHaveLength(1)
      const [refused, ...further] = results.flatMap((result) => (E.isLeft(result) ? [result.left] : []))
      expect(further).toEqual([])
      expect(refused).toMatchObject({ kind: 'conflict', completed: expect.arrayContaining([expect.any(String)]) })
    }))

  it('go on under the ref that was told where the other one is kept', () =>
    within({ imageListedAfter: 30 * second }, async (scene) => {
      const { time, open, alive } = scene
      const stores = [open(), open()]
      const begun = await time.run(
        Promise.all(stores.map(async (store) => rightOf(await store.importFromUrl({ ...specOf(scene), key })()))),
        hour,
      )
      expect(new Set(begun.map(({ ref }) => ref)).size).toBe(2)
      const waits = stores.map(async (store, index) =>
        rightOf(await waitForAll(store, [nth(begun, index).ref], { runtime: time.runtime })()),
      )
      const outcomes = (await time.run(Promise.all(waits), hour)).flat()
      expect(alive()).toHaveLength(1)
      expect(outcomes.map((outcome) => outcome.succeeded && outcome.operation.image)).toEqual([...alive(), ...alive()])
      expect(outcomes.map(({ ref }) => ref)).toEqual(begun.map(({ ref }) => ref))
    }))
})

describe('an import under a key that is canceled while its answer is outstanding', () => {
  const canceledAfter = async (scene: Scene, fault: Fault) => {
    const { time, emulator, open } = scene
    const controller = new AbortController()
    emulator.faults.script(onPost(fault))
    const events: StoreEvent[] = []
    const store = open((event) => events.push(event))
    const call = store.importFromUrl({ ...specOf(scene), key }, { signal: controller.signal })()
    await time.run(time.runtime.sleep(second), hour)
    controller.abort()
    const sent = events.length
    const result = await time.run(call, hour)
    expect(events.slice(sent).filter(({ type }) => type === 'request')).toEqual([])
    return { result, store }
  }

  it('tells what was begun where the answer comes soon, and sends nothing more', () =>
    within({}, async (scene) => {
      const { result, store } = await canceledAfter(scene, { kind: 'slow', delayMs: 5 * second })
      const [ref, ...further] = (E.isLeft(result) ? result.left.completed : undefined) ?? []
      expect([E.isLeft(result) && result.left.kind, further]).toEqual(['canceled', []])
      const [lookup] = rightOf(await run(scene, store.getOperations([operationRef(ref ?? '')])))
      expect(lookup?.found === true && [lookup.operation.image]).toEqual(scene.alive())
    }))

  it('says what may exist and under which key where it does not, and the key leads to it', () =>
    within({}, async (scene) => {
      const { result, store } = await canceledAfter(scene, { kind: 'slow', delayMs: 25 * second })
      expect(E.isLeft(result) && result.left).toMatchObject({
        kind: 'canceled',
        unconfirmed: [{ change: 'the import of "web"', key }],
      })
      const begun = rightOf(await run(scene, store.importFromUrl({ ...specOf(scene), key })))
      expect([begun.image]).toEqual(scene.alive())
    }))
})

describe('an import without a key', () => {
  it.each(Object.entries(faults))('is never sent again after %s, unless it was refused', (_, fault) =>
    within({}, async (scene) => {
      scene.emulator.faults.script(onPost(fault))
      const events: StoreEvent[] = []
      const store = scene.open((event) => events.push(event))
      const result = await run(scene, store.importFromUrl(specOf(scene)))
      const posts = events.filter((event) => event.type === 'request' && event.method === 'POST')
      const wasRefused = fault.kind === 'answer' && fault.status === 429
      expect(posts).toHaveLength(wasRefused ? 2 : 1)
      await scene.time.run(scene.time.runtime.sleep(600 * second), hour)
      if (E.isRight(result)) expect(scene.alive()).toEqual([result.right.image])
      else expect(result.left.unconfirmed).toEqual([{ change: 'the import of "web"' }])
    }),
  )

  it('is a conflict where it could be any of two', () =>
    within({}, async (scene) => {
      scene.emulator.faults.script(onPost(lost, { times: 2 }))
      const calls = [1, 2].map(() => scene.open().importFromUrl(specOf(scene))())
      for (const result of await scene.time.run(Promise.all(calls), hour))
        expect(E.isLeft(result) && result.left).toMatchObject({
          kind: 'conflict',
          unconfirmed: [{ change: 'the import of "web"' }],
        })
      expect(scene.alive()).toHaveLength(2)
    }))
})

describe('a deletion', () => {
  it.each(Object.entries(faults))('is carried out whatever becomes of its answer: %s', (_, fault) =>
    within({}, async (scene) => {
      const ref = imageRef(`digitalocean:${scene.emulator.addImage({ type: 'custom' })}`)
      scene.emulator.faults.script({ method: 'DELETE', fault })
      expect(rightOf(await run(scene, scene.open().delete(ref)))).toMatchObject({ outcome: 'deleted' })
      expect(scene.alive()).toEqual([])
      await scene.time.run(scene.time.runtime.sleep(600 * second), hour)
    }),
  )

  it('says that it may be carried out yet where three answers are lost', () =>
    within({}, async (scene) => {
      const id = scene.emulator.addImage({ type: 'custom' })
      scene.emulator.faults.script({ method: 'DELETE', fault: { kind: 'reset' }, times: 3 })
      const result = await run(scene, scene.open().delete(imageRef(`digitalocean:${id}`)))
      expect(E.isLeft(result) && result.left).toMatchObject({
        kind: 'unavailable',
        unconfirmed: [{ change: `the deletion of image ${id}` }],
      })
    }))
})

describe('an update', () => {
  const patch = { name: 'renamed', tags: { put: [{ key: 'new' }], drop: [{ key: 'old' }] } }
  const requests = [
    { method: 'PUT' },
    { method: 'POST', path: '/v2/tags', nth: 1 },
    { method: 'POST', path: '/v2/tags/new' },
    { method: 'DELETE' },
  ]

  const cases = Object.entries(faults).map(([name, fault], index) => [name, fault, index] as const)

  it.each(cases)('is what was asked for whatever becomes of an answer: %s', async (_, fault, index) => {
    for (const request of [nth(requests, index), nth(requests, index + 1)])
      await within({}, async (scene) => {
        const id = scene.emulator.addImage({ type: 'custom', name: 'web', tags: ['old'] })
        scene.emulator.faults.script({ ...request, fault })
        const image = rightOf(await run(scene, scene.open().update(imageRef(`digitalocean:${id}`), patch)))
        expect([image.name, image.tags.map(({ key }) => key)]).toEqual(['renamed', ['new']])
      })
  })

  it('is sent again after the grace only, so that a late one undoes nothing', () =>
    within({}, async (scene) => {
      const ref = imageRef(`digitalocean:${scene.emulator.addImage({ type: 'custom', name: 'web' })}`)
      const store = scene.open()
      scene.emulator.faults.script({ method: 'PUT', fault: { kind: 'late-commit', delayMs: 100 * second } })
      rightOf(await run(scene, store.update(ref, { name: 'first' })))
      rightOf(await run(scene, store.update(ref, { name: 'second' })))
      await scene.time.run(scene.time.runtime.sleep(600 * second), hour)
      expect(rightOf(await run(scene, store.get(ref))).name).toBe('second')
      expect(scene.emulator.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2)
    }))
})

describe('a copy to another region', () => {
  it.each(Object.entries(faults))('is begun once whatever becomes of its answer: %s', (_, fault) =>
    within({}, async (scene) => {
      const id = scene.emulator.addImage({ type: 'custom', regions: ['nyc3'] })
      const store = scene.open()
      scene.emulator.faults.script(onPost(fault))
      const begun = rightOf(await run(scene, store.replicate(imageRef(`digitalocean:${id}`), ['ams3'])))
      const outcomes = rightOf(
        await run(
          scene,
          waitForAll(
            store,
            begun.map(({ ref }) => ref),
            { runtime: scene.time.runtime },
          ),
        ),
      )
      expect(outcomes).toMatchObject([{ succeeded: true }])
      await scene.time.run(scene.time.runtime.sleep(600 * second), hour)
      const { regions } = rightOf(await run(scene, store.get(imageRef(`digitalocean:${id}`))))
      expect(regions.toSorted()).toEqual(['ams3', 'nyc3'])
    }),
  )
})

// A pause of an hour is longer than a busy server is waited for.
const { 429: _pause, ...passing } = faults

describe('a capture under a key', () => {
  it.each(Object.entries(passing))('makes one image whatever becomes of its answer: %s', (_, fault) =>
    within({}, async (scene) => {
      const { time, emulator, alive, open } = scene
      const spec = { name: 'web', source: String(emulator.addDroplet()), key }
      emulator.faults.script(onPost(fault))
      const capturing = async (store: ImageStore): Promise<Outcome | undefined> => {
        const begun = rightOf(await store.createFromServer(spec)())
        return rightOf(await waitForAll(store, [begun.ref], { runtime: time.runtime })())[0]
      }
      const outcomes = await time.run(Promise.all([capturing(open()), capturing(open())]), 24 * hour)
      await time.run(time.runtime.sleep(600 * second), hour)
      expect(alive()).toHaveLength(1)
      expect(outcomes.map((outcome) => outcome?.succeeded === true && outcome.operation.image)).toEqual([
        ...alive(),
        ...alive(),
      ])
    }),
  )
})
