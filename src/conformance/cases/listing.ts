import { strict as assert } from 'node:assert'
import { collect } from '../../flow/list.ts'
import { imageEquals } from '../../model/image.ts'
import type { ImageQuery } from '../../model/query.ts'
import type { ImageRef } from '../../model/ref.ts'
import { cursor, type Page } from '../../store/page.ts'
import { among, fail, imported, listed, sendingNothing, succeed } from '../expect.ts'
import type { ConformanceCase, ConformanceSubject } from '../subject.ts'

/** Enough for several pages of any provider that pages at 200. */
const manyImages = 450
const mostPages = 1000

const walk = async (subject: ConformanceSubject, query: ImageQuery): Promise<readonly Page[]> => {
  const pages = [await succeed(subject.store.listPage(query))]
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
    assert.ok(pages.length < mostPages, 'the listing does not end')
    pages.push(await succeed(subject.reopen().listPage(query, cursor(JSON.parse(JSON.stringify(next))))))
  }
  return pages
}

/** What `listPage` promises. */
export const listing: readonly ConformanceCase[] = [
  {
    sentence: 'following `next` visits every image once, from another process too',
    check: async (subject) => {
      await subject.populate(manyImages, 'many')
      const pages = await walk(subject, { nameContains: 'many' })
      const names = pages.flatMap(({ images }) => images.map(({ name }) => name))
      assert.equal(names.length, manyImages)
      assert.equal(new Set(names).size, manyImages, 'an image was visited twice')
      const refs = pages.flatMap(({ images }) => images.map(({ ref }) => ref))
      assert.equal(new Set(refs).size, manyImages, 'two images have one ref')
    },
  },
  {
    sentence: '`ahead` begins with `next` and names cursors that `next` leads to',
    check: async (subject) => {
      await subject.populate(manyImages, 'many')
      const pages = await walk(subject, {})
      const visited = pages.map(({ next }) => next)
      for (const page of pages) {
        assert.equal(page.ahead[0], page.next)
        for (const ahead of page.ahead) assert.ok(visited.includes(ahead), `${ahead} is never come to`)
      }
    },
  },
  {
    sentence:
      'a region that does not answer fails the listing, or is named beside the others where the query asks for it',
    check: async (subject) => {
      const { region } = subject.importable
      if (subject.breakRegion === undefined) return
      await subject.populate(manyImages, 'many')
      subject.breakRegion(region)
      await fail(collect(subject.store, {}), 'unavailable')
      const pages = await walk(subject, { onRegionFailure: 'report' })
      assert.deepEqual(
        pages.flatMap(({ failures }) => failures.map((failure) => [String(failure.region), failure.error.kind])),
        [[region, 'unavailable']],
      )
      assert.ok(pages.some(({ images }) => images.length > 0))
    },
  },
  {
    sentence: 'an image with words that nobody knows is listed and read with them, its status `unknown`',
    check: async (subject) => {
      if (subject.addOddImage === undefined) return
      const ref = (await subject.addOddImage()) as ImageRef
      const image = await succeed(subject.store.get(ref))
      assert.equal(image.status, 'unknown')
      assert.notEqual(image.providerStatus, '')
      assert.deepEqual(
        (await listed(subject, { statuses: ['unknown'] })).map((found) => found.ref),
        [ref],
      )
    },
  },
  {
    sentence: "a cursor that is not this store's fails with `invalid-argument` and sends nothing",
    check: async (subject) => {
      for (const text of ['', 'no cursor', '-1', '{}'])
        await sendingNothing(subject, () => fail(subject.store.listPage({}, cursor(text)), 'invalid-argument'))
    },
  },
  {
    sentence: 'an image that was imported is listed as `get` reads it',
    check: async (subject) => {
      const image = await imported(subject, 'listed-image')
      const found = among(await listed(subject), image.ref)
      assert.ok(found !== undefined, 'it is not listed')
      assert.ok(imageEquals(found, image), 'it is listed otherwise than read')
    },
  },
  {
    sentence: "the default query is the account's own images, and the catalogue is asked for",
    check: async (subject) => {
      const own = await imported(subject, 'my-own-image')
      assert.ok(among(await listed(subject), own.ref) !== undefined)
      assert.ok((await listed(subject)).every(({ visibility }) => visibility !== 'public'))
      const catalogue = await listed(subject, { scope: 'public' })
      assert.ok(catalogue.every(({ visibility }) => visibility === 'public'))
      assert.equal(among(catalogue, own.ref), undefined)
    },
  },
  {
    sentence: 'tags in a query mean all of them: an image with one of two, or with another value, does not answer',
    check: async (subject) => {
      const [base, prod] = [{ key: 'base' }, { key: 'env', value: 'prod' }]
      const both = await imported(subject, 'both-tags', { tags: [prod, base] })
      for (const [index, tags] of [[prod], [base], [base, { key: 'env', value: 'dev' }]].entries())
        await imported(subject, `not-both-tags-${index}`, { tags })
      assert.deepEqual(
        (await listed(subject, { tags: [base, prod] })).map(({ ref }) => ref),
        [both.ref],
      )
    },
  },
  {
    sentence: 'every part of a query narrows the listing, whatever the provider filters itself',
    check: async (subject) => {
      const wanted = await imported(subject, 'narrow-wanted', { tags: [{ key: 'env', value: 'prod' }] })
      await imported(subject, 'narrow-other', { tags: [{ key: 'env', value: 'dev' }] })
      const queries: readonly ImageQuery[] = [
        { name: 'narrow-wanted' },
        { nameContains: 'ROW-WAN' },
        { tags: [{ key: 'env', value: 'prod' }] },
        { regions: wanted.regions, statuses: ['available'], name: 'narrow-wanted' },
      ]
      for (const query of queries)
        assert.deepEqual(
          (await listed(subject, query)).map(({ ref }) => ref),
          [wanted.ref],
        )
      assert.deepEqual(await listed(subject, { name: 'narrow' }), [], '`name` is the whole name')
      assert.deepEqual(await listed(subject, { statuses: ['failed'], nameContains: 'narrow' }), [])
    },
  },
]
