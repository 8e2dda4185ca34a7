import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  cursor,
  type Image,
  type ImageQuery,
  type ImageStore,
  ImageStoreError,
  imageRef,
  type Page,
  promisedMembers,
  type StoreFailure,
  union,
} from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, leftOf, succeed } from '../either.ts'
import { fakeStore } from './fake-store.ts'
import { someImage } from './some-image.ts'

const down = new ImageStoreError('unavailable', 'down', { store: 'b' })

const imagesOf = (store: string, count: number): readonly Image[] =>
  Array.from({ length: count }, (_, index) =>
    someImage(String(index + 1), { ref: imageRef(`${store}:${index + 1}`), name: `${store}${index + 1}` }),
  )

const stocked = (name: string, count = 2): ImageStore => memory({ name, pageSize: 1, images: imagesOf(name, count) })

/** A store whose pages come when the test says so. */
const held = (name: string) => {
  const answers: ((page: E.Either<ImageStoreError, Page>) => void)[] = []
  const signals: AbortSignal[] = []
  const store = fakeStore({
    name,
    listPage: (_query, _at, options) => () =>
      new Promise((resolve) => {
        answers.push(resolve)
        if (options?.signal === undefined) return
        signals.push(options.signal)
      }),
  })
  const give = (images: readonly Image[], next?: string) => {
    const ahead = next === undefined ? [] : [cursor(next)]
    answers.at(-1)?.(E.right({ images, next: ahead[0], ahead, failures: [] }))
  }
  return { store, signals, give, refuse: (error: ImageStoreError) => answers.at(-1)?.(E.left(error)) }
}

const namesOf = (images: readonly Image[]) => images.map(({ name }) => name).sort()

describe('union', () => {
  it('lists the images of all stores, each once', async () => {
    const both = union([stocked('a', 3), stocked('b', 2)])
    expect(namesOf(await succeed(both.collect()))).toEqual(['a1', 'a2', 'a3', 'b1', 'b2'])
    expect(both.stores.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(await succeed(union([]).collect())).toEqual([])
  })

  it('asks every store the same', async () => {
    const asked: (ImageQuery | undefined)[] = []
    const asking = (name: string) =>
      fakeStore({
        name,
        listPage: (query) => {
          asked.push(query)
          return TE.right({ images: [], ahead: [], failures: [] })
        },
      })
    await succeed(union([asking('a'), asking('b')]).collect({ name: 'web' }))
    expect(asked).toEqual([
      { name: 'web', onRegionFailure: 'fail' },
      { name: 'web', onRegionFailure: 'fail' },
    ])
  })

  it('lists the stores at the same time, and lets none wait for one that is slow', async () => {
    const slow = held('slow')
    const images = union([slow.store, stocked('a', 3)]).listImages()
    const names = []
    for (let count = 0; count < 3; count++) names.push((await images.next()).value?.name)
    expect(names).toEqual(['a1', 'a2', 'a3'])
    const last = images.next()
    slow.give(imagesOf('slow', 1))
    expect((await last).value?.name).toBe('slow1')
    expect((await images.next()).done).toBe(true)
  })

  it('reports a store that fails beside the others, and keeps what it gave before', async () => {
    const broken = held('b')
    const failures: StoreFailure[] = []
    const all = union([stocked('a'), broken.store, stocked('c')], { onStoreFailure: (one) => failures.push(one) })
    const collecting = succeed(all.collect())
    broken.give(imagesOf('b', 1), '2')
    await setImmediate()
    broken.refuse(down)
    expect(namesOf(await collecting)).toEqual(['a1', 'a2', 'b1', 'c1', 'c2'])
    expect(failures).toEqual([{ store: 'b', error: down }])
  })

  it('fails where nobody listens to that, and cancels the others', async () => {
    const waiting = held('a')
    const broken = fakeStore({ name: 'b', listPage: () => TE.left(down) })
    expect(await fail(union([waiting.store, broken]).collect())).toBe(down)
    expect(waiting.signals).toHaveLength(1)
    expect(waiting.signals.every(({ aborted }) => aborted)).toBe(true)
  })

  it('is empty where every store fails and somebody listens', async () => {
    const failures: StoreFailure[] = []
    const broken = (name: string) => fakeStore({ name, listPage: () => TE.left(down) })
    const all = union([broken('a'), broken('b')], { onStoreFailure: (one) => failures.push(one) })
    expect(await succeed(all.collect())).toEqual([])
    expect(failures.map(({ store }) => store).sort()).toEqual(['a', 'b'])
  })

  it('does not take a bug for a failure of a store', async () => {
    const buggy = fakeStore({ name: 'b', listPage: () => () => Promise.reject(new TypeError('bug')) })
    const failures: StoreFailure[] = []
    const all = union([stocked('a'), buggy], { onStoreFailure: (one) => failures.push(one) })
    await expect(all.collect()()).rejects.toThrow('bug')
    expect(failures).toEqual([])
  })

  it('is canceled at once, whoever does not answer, and reports no store for it', async () => {
    const failures: StoreFailure[] = []
    const [deaf, obedient] = [held('deaf'), held('obedient')]
    const all = union([deaf.store, obedient.store], { onStoreFailure: (one) => failures.push(one) })
    const stop = new AbortController()
    const collecting = all.collect({}, { signal: stop.signal })()
    await setImmediate()
    stop.abort()
    obedient.refuse(new ImageStoreError('canceled', 'stopped'))
    expect(leftOf(await collecting)).toMatchObject({ kind: 'canceled', operation: 'listPage' })
    expect(failures).toEqual([])
    expect(await fail(all.collect({}, { signal: stop.signal }))).toMatchObject({ kind: 'canceled' })
    expect([deaf.signals.length, obedient.signals.length]).toEqual([1, 1])
    expect([...deaf.signals, ...obedient.signals].every(({ aborted }) => aborted)).toBe(true)
  })

  it('cancels every store when the loop is left, and leaves nothing on the signal', async () => {
    const waiting = held('b')
    const stop = new AbortController()
    let listeners = 0
    const { signal } = stop
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners += 1
      add(...parameters)
    }
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners -= 1
      remove(...parameters)
    }
    for await (const { name } of union([stocked('a', 3), waiting.store]).listImages({}, { signal })) {
      expect(name).toBe('a1')
      break
    }
    expect(waiting.signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(listeners).toBe(0)
  })

  it('sends nothing before it is run', async () => {
    const all = union([fakeStore({ name: 'a' })])
    all.collect()
    all.listImages()
    await setImmediate()
  })
})

describe('one image of a union', () => {
  const all = union([stocked('a'), stocked('b')])

  it('is read from the store that its ref names', async () => {
    expect(await succeed(all.get(imageRef('b:2')))).toMatchObject({ name: 'b2' })
    expect(await fail(all.get(imageRef('a:404')))).toMatchObject({ kind: 'not-found', store: 'a' })
    expect(await fail(all.get(imageRef('a:1'), { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'canceled' })
  })

  it('is refused where its ref is of another store, or of none', async () => {
    expect(await fail(all.get(imageRef('c:1')))).toMatchObject({
      kind: 'invalid-argument',
      operation: 'get',
      hint: 'There are a, b',
    })
    expect(await fail(all.get('nonsense' as Image['ref']))).toMatchObject({ kind: 'invalid-argument' })
  })
})

describe('stores of one name', () => {
  it('are refused at once', () => {
    expect(() => union([stocked('a'), stocked('b'), stocked('a')])).toThrow(
      expect.objectContaining({ kind: 'invalid-argument', store: 'a', hint: expect.any(String) }),
    )
  })
})

describe('a union for async/await', () => {
  it('returns promises and iterators', async () => {
    const all = promisedMembers(union([stocked('a'), stocked('b', 1)]))
    expect(namesOf(await all.collect())).toEqual(['a1', 'a2', 'b1'])
    expect((await all.get(imageRef('b:1'))).name).toBe('b1')
    await expect(all.get(imageRef('c:1'))).rejects.toMatchObject({ kind: 'invalid-argument' })
    const names = []
    for await (const { name } of all.listImages({ name: 'b1' })) names.push(name)
    expect(names).toEqual(['b1'])
    expect(all.stores).toHaveLength(2)
  })

  it('does not lose the other stores to a listener that throws', async () => {
    const broken = fakeStore({ name: 'b', listPage: () => TE.left(down) })
    const both = union([stocked('a'), broken], {
      onStoreFailure: () => {
        throw new Error('disk full')
      },
    })
    expect(await succeed(both.collect())).toHaveLength(2)
  })
})
