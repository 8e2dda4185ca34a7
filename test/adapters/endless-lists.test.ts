import type { RequestListener } from 'node:http'
import { collect, type ImageStore, operationRef, type StoreTask } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { gcore } from 'imageferry/gcore'
import { afterEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { impatient, loopback, providers } from '../loopback.ts'

const { listen, closeAll } = loopback()
afterEach(closeAll)

/** What a server makes of a list: which rows it shows for an offset, and how many it says there are. */
interface Lie {
  readonly what: string
  /** The number of the first row that is shown where so many pages were asked for before. */
  readonly first: (page: number) => number
  readonly rows: number
  readonly total: (page: number) => number | undefined
}

const lies: readonly Lie[] = [
  { what: 'new rows for ever', first: (page) => page * 30 + 1, rows: 30, total: (page) => page * 30 + 31 },
  { what: 'one new row at a time', first: (page) => page + 1, rows: 1, total: () => 1e9 },
  { what: 'the same page for ever', first: () => 1, rows: 30, total: () => 1e9 },
  { what: 'two pages in turn', first: (page) => (page % 2) * 30 + 1, rows: 30, total: () => 1e9 },
  { what: 'full pages and no total', first: (page) => page * 1000 + 1, rows: 1000, total: () => undefined },
  { what: 'rows and a total of nothing', first: (page) => page * 30 + 1, rows: 30, total: () => 0 },
  { what: 'no rows and a total', first: () => 1, rows: 0, total: () => 1e9 },
]

/** The most requests that one call may send, whatever it is told. */
const mostRequests = 1100

/** A page of the list at a path, of either provider: the rows have whatever any of them has to have. */
const bodyOf = ({ first, rows, total }: Lie, path: string, page: number): object => {
  const all = Array.from({ length: rows }, (_, index) => {
    const id = first(page) + index
    return { id, slug: `r${id}`, name: 'web', type: 'snapshot', status: 'available', state: 'ACTIVE' }
  })
  const count = total(page)
  return {
    [path.startsWith('/v2/') ? (path.split('/').at(-1) ?? '') : 'results']: all,
    links: { pages: { next: 'https://elsewhere.example/?page=2' } },
    ...(count === undefined ? {} : { count, meta: { total: count } }),
  }
}

const spec = { name: 'web', url: 'https://host.example/web.qcow2', key: 'key' }

/** Asks that read lists, each by one call or by following a listing to its end. */
const asks: readonly (readonly [what: string, run: (store: ImageStore) => StoreTask<unknown>])[] = [
  ['listRegions', (store) => store.listRegions()],
  ['a listing of all', (store) => collect(store, { scope: 'all' })],
  ['findOperations', (store) => store.findOperations('key')],
  [
    'getOperations',
    (store) =>
      store.getOperations(
        [1, 2, 3, 4, 5].flatMap((id) =>
          store.name === 'gcore'
            ? [operationRef(`gcore:1337/76/task/t${id}`), operationRef(`gcore:1337/76/import/i${id}`)]
            : ['import/90', 'capture/7/', 'action/8/'].map((kind) => operationRef(`digitalocean:${kind}${id}`)),
        ),
      ),
  ],
  ['an import with a key', (store) => store.importFromUrl({ ...spec, region: store.name === 'gcore' ? '76' : 'nyc3' })],
]

describe.each(providers)('a list of $name', ({ storeAt }) => {
  describe.each(lies)('that shows $what', (lie) => {
    it.each(asks)('ends for %s, in a result or an error, within a bounded number of requests', async (_, run) => {
      const pages = new Map<string, number>()
      const sent = { requests: 0 }
      const listener: RequestListener = ({ method, url = '/' }, response) => {
        const path = url.split('?')[0] ?? ''
        const page = pages.get(path) ?? 0
        pages.set(path, page + 1)
        sent.requests++
        if (sent.requests > mostRequests) {
          response.destroy()
          return
        }
        const status = method === 'GET' ? 200 : 409
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(bodyOf(lie, path, page)))
      }
      const store = storeAt(await listen(listener), 'dop_v1_0123456789abcdef')
      const result = await run(store)()
      expect(['Left', 'Right']).toContain(result._tag)
      expect(sent.requests).toBeLessThanOrEqual(mostRequests)
    })
  })
})

describe('a list of DigitalOcean whose pages are all as long as can be', () => {
  it('is given up before they fill the memory', async () => {
    const sent = { requests: 0 }
    const baseUrl = await listen((_, response) => {
      sent.requests++
      const images = [{ id: sent.requests, name: 'x'.repeat(15 * 2 ** 20) }]
      const body = JSON.stringify({ images, links: { pages: { next: 'x' } } })
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
    const store = digitalOcean({ token: 'secret', baseUrl, runtime: impatient, budget: 'unlimited' })
    expect(await fail(store.findOperations('key'))).toMatchObject({ kind: 'unexpected-response' })
    expect(sent.requests).toBe(9)
  })
})

describe('a list of regions at Gcore', () => {
  const storeOver = async (rows: readonly object[]) => {
    const baseUrl = await listen(({ url }, response) => {
      const results = url?.includes('/regions') === true ? rows : []
      const body = JSON.stringify({ count: results.length, results })
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
    return gcore({ apiKey: '1234$abcdef', project: 1337, baseUrl, runtime: impatient, budget: 'unlimited' })
  }

  it.each<[string, readonly object[]]>([
    ['thousands', Array.from({ length: 5000 }, (_, index) => ({ id: index + 1 }))],
    ['such as no cursor can name', [{ id: '7,8@9' }]],
    ['one by a page of text', [{ id: '9'.repeat(2 ** 20) }]],
  ])('that names %s is no beginning of a listing', async (_, rows) => {
    expect(await fail((await storeOver(rows)).listPage())).toMatchObject({ kind: 'unexpected-response' })
  })

  it('of hundreds names so many pages ahead that what a page takes is bounded', async () => {
    const store = await storeOver(Array.from({ length: 600 }, (_, index) => ({ id: index + 1, name: 'web' })))
    const { ahead } = await succeed(store.listPage())
    expect(ahead.length).toBe(500)
    expect(ahead[0]?.split(',')).toHaveLength(1799)
  })
})
