import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type CallOptions,
  type Cursor,
  collect,
  cursor,
  type Image,
  ImageStoreError,
  listImages,
  type Page,
  type RegionFailure,
  regionId,
} from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { fakeStore } from './fake-store.ts'

const template = (
  await succeed(memory({ name: 'fake' }).importFromUrl({ name: 'x', url: 'http://a/b', region: 'here' }))
).ref
const image = (name: string): Image => ({
  ref: `fake:${name}` as Image['ref'],
  provider: 'fake',
  name,
  status: 'available',
  providerStatus: 'available',
  regions: [],
  tags: [],
  raw: template,
})

const page = (names: readonly string[], ahead: readonly string[] = []): Page => ({
  images: names.map(image),
  next: ahead[0] as Cursor | undefined,
  ahead: ahead.map(cursor),
  failures: [],
})

/** A listing of pages by their cursors, that remembers what was asked for. */
const storeOf = (pages: Readonly<Record<string, Page | ImageStoreError>>) => {
  const asked: string[] = []
  const signals: AbortSignal[] = []
  const store = fakeStore({
    listPage: (_query, at, options?: CallOptions) => {
      asked.push(at ?? 'first')
      if (options?.signal !== undefined) signals.push(options.signal)
      const answer = pages[at ?? 'first']
      if (answer === undefined) return TE.left(new ImageStoreError('invalid-argument', 'no cursor of this store'))
      return answer instanceof ImageStoreError ? TE.left(answer) : TE.right(answer)
    },
  })
  return { store, asked, signals }
}

const namesOf = async (images: AsyncIterable<Image>): Promise<readonly string[]> => {
  const names: string[] = []
  for await (const { name } of images) names.push(name)
  return names
}

describe('listImages', () => {
  const three = {
    first: page(['a', 'b'], ['2', '3']),
    '2': page(['c'], ['3']),
    '3': page(['d']),
  }

  it('yields an image once that comes again, because another was made while pages were read', async () => {
    const { store } = storeOf({ first: page(['a', 'b'], ['2']), 2: page(['b', 'c']) })
    expect(await namesOf(listImages(store))).toEqual(['a', 'b', 'c'])
  })

  it('gives every image once and in order, and asks for every page once', async () => {
    const { store, asked } = storeOf(three)
    expect(await namesOf(listImages(store))).toEqual(['a', 'b', 'c', 'd'])
    expect(asked).toEqual(['first', '2', '3'])
  })

  it('asks for the pages that are known ahead before the first is used up', async () => {
    const { store, asked } = storeOf(three)
    for await (const _ of listImages(store)) break
    expect(asked).toEqual(['first', '2', '3'])
    const eager = storeOf(three)
    for await (const _ of listImages(eager.store, {}, { readAhead: 1 })) break
    expect(eager.asked).toEqual(['first', '2'])
    const lazy = storeOf(three)
    for await (const _ of listImages(lazy.store, {}, { readAhead: 0 })) break
    expect(lazy.asked).toEqual(['first'])
  })

  it('takes a page that shows up only on the way', async () => {
    const { store } = storeOf({
      first: page(['a'], ['2']),
      '2': page(['b'], ['2b', '3']),
      '2b': page(['c'], ['3']),
      '3': page(['d']),
    })
    expect(await namesOf(listImages(store))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('cancels what it asked for ahead when the loop is left', async () => {
    const { store, signals } = storeOf(three)
    for await (const _ of listImages(store)) break
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
  })

  it('throws the error of a page, after the images before it', async () => {
    const broken = new ImageStoreError('unavailable', 'gone')
    const { store } = storeOf({ ...three, '3': broken })
    const names: string[] = []
    const reading = (async () => {
      for await (const { name } of listImages(store)) names.push(name)
    })()
    await expect(reading).rejects.toBe(broken)
    expect(names).toEqual(['a', 'b', 'c'])
  })

  it('does not go in circles', async () => {
    const { store } = storeOf({ first: page(['a'], ['2']), '2': page(['b'], ['3']), '3': page(['c'], ['2']) })
    expect(await fail(collect(store))).toMatchObject({
      kind: 'unexpected-response',
      store: 'fake',
      operation: 'listPage',
    })
  })

  it('does not read the same page for ever, whatever its cursors are', async () => {
    let pages = 0
    const store = fakeStore({
      listPage: () => {
        pages += 1
        return TE.right(page(['a', 'b'], [String(pages + 1)]))
      },
    })
    expect(await fail(collect(store, {}, { readAhead: 0 }))).toMatchObject({ kind: 'unexpected-response' })
    expect(pages).toBeLessThan(4)
  })

  it('passes the signal on', async () => {
    const { store, signals } = storeOf(three)
    const stop = new AbortController()
    for await (const { name } of listImages(store, {}, { signal: stop.signal })) if (name === 'a') stop.abort()
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
    expect(await fail(collect(memory(), {}, { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'canceled' })
  })
})

describe('a region that does not answer', () => {
  const failure: RegionFailure = { region: regionId('76'), error: new ImageStoreError('unavailable', 'down') }
  const asked: (string | undefined)[] = []
  const store = fakeStore({
    listPage: (query) => {
      asked.push(query?.onRegionFailure)
      return query?.onRegionFailure === 'report'
        ? TE.right({ ...page(['a']), failures: [failure] })
        : TE.left(failure.error)
    },
  })

  it('fails a listing, unless somebody listens to what is left out', async () => {
    expect(await fail(collect(store))).toBe(failure.error)
    const heard: RegionFailure[] = []
    const images = await succeed(collect(store, {}, { onRegionFailure: (one) => heard.push(one) }))
    expect(images.map(({ name }) => name)).toEqual(['a'])
    expect(heard).toEqual([failure])
    expect(asked).toEqual(['fail', 'report'])
  })
})
