import * as fc from 'fast-check'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { collect, type ImageStore, operationRef, type StoreTask } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allRows, firstPage, type PagePosition, type Rows, rowsAt } from '../../../adapters/digitalocean/pages.ts'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

/** A server that cuts its pages as it likes, and says more or less of what follows. */
interface Server {
  readonly total: number
  readonly rowsPerPage: number
  readonly links: 'full' | 'with pages only where there are several' | 'without the next page' | 'empty' | 'none'
  readonly meta: 'true' | 'none'
}

const server: fc.Arbitrary<Server> = fc
  .record({
    total: fc.integer({ min: 0, max: 700 }),
    rowsPerPage: fc.integer({ min: 2, max: 200 }),
    links: fc.constantFrom('full', 'with pages only where there are several', 'without the next page', 'empty', 'none'),
    meta: fc.constantFrom('true', 'none'),
  })
  // Where nothing at all is said of what follows, pages shorter than those nobody asks for cannot be told from the last.
  .filter(
    ({ links, meta, rowsPerPage }) =>
      meta === 'true' ||
      links === 'full' ||
      links === 'with pages only where there are several' ||
      (links !== 'without the next page' && rowsPerPage >= 20),
  )

const pageOf = ({ total, rowsPerPage, links, meta }: Server, at: PagePosition): Rows<{ readonly id: number }> => {
  const { page } = at
  const start = (page - 1) * rowsPerPage
  const rows = Array.from({ length: Math.max(0, Math.min(rowsPerPage, total - start)) }, (_, index) => ({
    id: start + index,
  }))
  const pages = {
    ...(page > 1 ? { first: 'x', prev: 'x' } : {}),
    ...(start + rowsPerPage < total && links !== 'without the next page' ? { next: 'x', last: 'x' } : {}),
  }
  const isAlone = total <= rowsPerPage
  const told =
    links === 'none' || (links === 'with pages only where there are several' && isAlone) ? undefined : { pages }
  return rowsAt(at, rows, {
    links: links === 'empty' ? {} : told,
    ...(meta === 'true' ? { meta: { total } } : {}),
  })
}

describe('a list that is read page by page', () => {
  it('is read to its last row, each once, whatever the server says of what follows', async () => {
    await fc.assert(
      fc.asyncProperty(server, async (server) => {
        const rows = await succeed(allRows((at) => TE.right(pageOf(server, at))))
        expect(rows).toEqual(Array.from({ length: server.total }, (_, id) => ({ id })))
      }),
      { numRuns: 500 },
    )
  })

  it('names no page ahead that is not there where no page is cut short', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2000 }), async (total) => {
        const { ahead, pagesLeft } = pageOf({ total, rowsPerPage: 200, links: 'full', meta: 'true' }, firstPage)
        expect(ahead).toHaveLength(Math.ceil(total / 200) - 1)
        expect(pagesLeft).toBe(ahead.length)
      }),
    )
  })

  it('that has no end is given up, and is no endless loop', async () => {
    let requests = 0
    const error = await fail(
      allRows((at) => {
        requests += 1
        return TE.right(rowsAt(at, [{ id: at.page }], { links: { pages: { next: 'x' } } }))
      }),
    )
    expect(error.kind).toBe('unexpected-response')
    expect(requests).toBe(500)
  })
})

describe('a listing', () => {
  beforeEach(silence)
  afterEach(silence)

  const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ id: from + index }))
  const page = (images: readonly object[], more: object = {}) => ({ method: 'GET', body: { images, ...more } }) as const

  it.each([{}, { pages: {} }, { pages: { first: 'x', prev: 'x' } }])(
    'fails where a page is empty before the total is reached, with links %j',
    async (links) => {
      const meta = { total: 60 }
      const pages = [page(rows(1, 50), { meta, links: { pages: { next: 'x' } } }), page([], { meta, links })]
      const listed = await fail(collect(digitalOceanTalk(pages).store))
      expect(listed).toMatchObject({ kind: 'unexpected-response', message: expect.stringContaining('10 rows') })
      const found = await fail(digitalOceanTalk(pages).store.findOperations('key'))
      expect(found.kind).toBe('unexpected-response')
    },
  )

  it('ends where rows went meanwhile and the total with them', async () => {
    const { store } = digitalOceanTalk([page(rows(1, 50), { meta: { total: 60 } }), page([], { meta: { total: 50 } })])
    expect(await succeed(collect(store))).toHaveLength(50)
  })

  it('does not end by a total that is disproved', async () => {
    const { store, sent } = digitalOceanTalk([
      page(rows(1, 100), { meta: { total: 50 } }),
      page(rows(101, 100), { meta: { total: 50 } }),
      page(rows(201, 10), { meta: { total: 50 } }),
    ])
    expect(await succeed(collect(store))).toHaveLength(210)
    expect(sent).toHaveLength(3)
  })

  it.each([20, 15, 200, 7])('visits every row where the last links are wrong and pages are cut to %i', async (cut) => {
    const total = cut * 2 + 3
    const pages = [0, 1, 2].map((index) => ({
      method: 'GET' as const,
      body: {
        images: Array.from({ length: Math.min(cut, total - index * cut) }, (_, row) => ({ id: index * cut + row + 1 })),
        links: { pages: index === 0 ? { next: 'x', last: 'x' } : { first: 'x', prev: 'x' } },
        meta: { total },
      },
    }))
    const { store, sent } = digitalOceanTalk(pages)
    expect(await succeed(collect(store))).toHaveLength(total)
    expect(sent).toHaveLength(3)
  })
})

describe('a look-up that reads lists', () => {
  beforeEach(silence)
  afterEach(silence)

  it.each<[string, (id: number) => object, (store: ImageStore) => StoreTask<unknown>]>([
    ['listRegions', (id) => ({ regions: [{ slug: `r${id}` }] }), (store) => store.listRegions()],
    ['findOperations', (id) => ({ images: [{ id }] }), (store) => store.findOperations('key')],
  ])('fails where the list has no end, at once where it shows the same page again: %s', async (_, body, run) => {
    const links = { pages: { next: 'https://api.digitalocean.com/?page=2' } }
    const pages = (idOf: (index: number) => number) =>
      Array.from({ length: 501 }, (_, index) => ({ method: 'GET', body: { ...body(idOf(index)), links } }) as const)
    const endless = digitalOceanTalk(pages((index) => index + 1))
    expect((await fail(run(endless.store))).kind).toBe('unexpected-response')
    expect(endless.sent).toHaveLength(500)
    silence()
    const repeating = digitalOceanTalk(pages(() => 1))
    expect((await fail(run(repeating.store))).kind).toBe('unexpected-response')
    expect(repeating.sent).toHaveLength(2)
  })

  it('says so in the place of each operation where it is getOperations', async () => {
    const links = { pages: { next: 'https://api.digitalocean.com/?page=2' } }
    const answers = Array.from(
      { length: 501 },
      () => ({ method: 'GET', body: { images: [{ id: 1 }], links } }) as const,
    )
    const { store } = digitalOceanTalk(answers)
    const refs = Array.from({ length: 5 }, (_, index) => operationRef(`digitalocean:import/${index + 2}`))
    expect(await succeed(store.getOperations(refs))).toMatchObject(
      refs.map((ref) => ({ ref, found: false, error: { kind: 'unexpected-response' } })),
    )
  })
})
