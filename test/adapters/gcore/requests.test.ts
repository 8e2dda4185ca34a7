import { type Cursor, cursor, imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { apiKey, gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const row = (id: string, more: object = {}) => ({ id, name: `image ${id}`, status: 'active', size: 5, ...more })
const list = (results: readonly object[], count = results.length) =>
  ({ method: 'GET', body: { count, results } }) as const

describe('get', () => {
  it('asks for the image in its project and region, with the key', async () => {
    const { store, sent } = gcoreTalk([{ method: 'GET', body: row('uuid') }])
    expect(await succeed(store.get(imageRef('gcore:1337/76/uuid')))).toMatchObject({
      ref: 'gcore:1337/76/uuid',
      regions: ['76'],
      status: 'available',
      size: { bytes: 5, exact: true },
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'GET',
      path: '/cloud/v1/images/1337/76/uuid',
      headers: { host: 'api.gcore.com', authorization: `APIKey ${apiKey}`, accept: 'application/json' },
    })
    expect(sent[0]).not.toHaveProperty('body')
  })

  it('says not-found of an image that is deleted', async () => {
    const { store } = gcoreTalk([{ method: 'GET', body: row('uuid', { status: 'deleted' }) }])
    expect((await fail(store.get(imageRef('gcore:1337/76/uuid')))).kind).toBe('not-found')
  })

  it.each([
    'gcore:1337/76',
    'gcore:1337/76/a/b',
    'gcore:1337/76/..',
    'gcore:1337/76/a%2Fb',
    'gcore:1337/x/uuid',
    'gcore:0/76/uuid',
    'gcore:1/76/uuid',
    'digitalocean:7',
  ])('sends nothing for %s', async (ref) => {
    expect(await fail(gcoreTalk().store.get(imageRef(ref)))).toMatchObject({ kind: 'invalid-argument', store: 'gcore' })
  })
})

describe('listPage', () => {
  it('asks each region for the project’s own images, and knows the regions to come', async () => {
    const { store, lines } = gcoreTalk([list([row('a')]), list([row('b')])])
    const first = await succeed(store.listPage())
    expect(first).toMatchObject({ images: [{ ref: 'gcore:1337/76/a' }], next: '8', ahead: ['8'] })
    const second = await succeed(store.listPage({}, cursor('8')))
    expect(second).toMatchObject({ images: [{ ref: 'gcore:1337/8/b' }], next: undefined, ahead: [] })
    expect(lines()).toEqual(['GET /cloud/v1/projectimages/1337/76', 'GET /cloud/v1/projectimages/1337/8'])
  })

  it.each([
    ['public', 'limit=1000&offset=0&visibility=public'],
    ['all', 'limit=1000&offset=0'],
  ] as const)('asks for %s images by the list of all that can be seen', async (scope, query) => {
    const { store, lines } = gcoreTalk([list([row('a', { visibility: 'public' }), row('b', { visibility: 'shared' })])])
    const { images } = await succeed(store.listPage({ scope }))
    expect(images.map(({ ref }) => ref)).toEqual(
      scope === 'public' ? ['gcore:1337/76/a'] : ['gcore:1337/76/a', 'gcore:1337/76/b'],
    )
    expect(lines()).toEqual([`GET /cloud/v1/images/1337/76?${query}`])
  })

  const rows = (count: number) => Array.from({ length: count }, (_, index) => row(`i${index}`))
  it.each([
    ['a whole region', undefined, 3, 3, ['8']],
    ['the first rows of more', undefined, 1000, 2500, ['76@1000,8', '8']],
    ['rows in the middle', '76@1000,8', 1000, 2500, ['76@2000,8', '8']],
    ['the last rows', '76@2000,8', 500, 2500, ['8']],
    ['all rows of a server that knows no limit', undefined, 1200, 1200, ['8']],
    ['the same of one that does not count', '76@1000', 1200, 5, []],
    ['no rows where some should be', '76@1000', 0, 2500, []],
  ])('reads %s', async (_, at, length, count, ahead) => {
    const { store, lines } = gcoreTalk([list(rows(length), count)])
    const page = await succeed(store.listPage({ scope: 'all' }, at === undefined ? undefined : cursor(at)))
    expect(page).toMatchObject({ next: ahead[0], ahead })
    expect(lines()[0]).toContain(`offset=${/@(\d+)/.exec(at ?? '')?.[1] ?? 0}`)
  })

  it('fails where the list of own images is shorter than it says, rather than leave images out', async () => {
    const short = { method: 'GET', body: { count: 5, results: [row('a')] } } as const
    const error = await fail(gcoreTalk([short]).store.listPage())
    expect(error).toMatchObject({ kind: 'unexpected-response', operation: 'listPage' })
    expect(error.message).toContain('1 of 5')
  })

  it('goes to the regions of the query alone', async () => {
    const { store, lines } = gcoreTalk([list([row('a')])])
    expect(await succeed(store.listPage({ regions: ['8', '99'] }))).toMatchObject({ ahead: [], images: [{}] })
    expect(lines()).toEqual(['GET /cloud/v1/projectimages/1337/8'])
    expect(await succeed(gcoreTalk().store.listPage({ regions: ['99'] }))).toMatchObject({ images: [], ahead: [] })
  })

  it('goes to all regions that can hold VM images where none was named', async () => {
    const regions = [
      { id: 3, state: 'MAINTENANCE', has_kvm: true },
      { id: 5, state: 'ACTIVE', has_kvm: true },
      { id: 6, state: 'ACTIVE', has_kvm: false },
      { id: 7 },
      { id: 8, state: 'NEW', has_kvm: true },
      { id: 9, state: 'DELETED' },
      { id: 5, state: 'ACTIVE', has_kvm: true },
    ]
    const { store, lines } = gcoreTalk([list(regions), list([])], {})
    // One under maintenance takes no imports, and its images are there all the same.
    expect(await succeed(store.listPage())).toMatchObject({ ahead: ['5,7', '7'] })
    expect(lines()).toEqual(['GET /cloud/v1/regions?limit=1000&offset=0', 'GET /cloud/v1/projectimages/1337/3'])
  })

  it.each(['', '0', 'x', '76@', '76@0', '76,', '../8', '2'.repeat(20)])('refuses the cursor %j', async (text) => {
    expect((await fail(gcoreTalk().store.listPage({}, text as Cursor))).kind).toBe('invalid-argument')
  })

  it('fails where a region does not answer, unless that is to be reported', async () => {
    const forbidden = {
      method: 'GET',
      status: 403,
      body: { exception_class: 'ForbiddenError', message: 'no' },
    } as const
    expect((await fail(gcoreTalk([forbidden]).store.listPage())).kind).toBe('permission-denied')
    const { store } = gcoreTalk([forbidden])
    expect(await succeed(store.listPage({ onRegionFailure: 'report' }))).toMatchObject({
      images: [],
      next: '8',
      failures: [{ region: '76', error: { kind: 'permission-denied', status: 403 } }],
    })
  })

  it('reports no region to whoever is let in nowhere', async () => {
    const { store } = gcoreTalk([{ method: 'GET', status: 401, body: { exception_class: 'not_authenticated' } }])
    expect((await fail(store.listPage({ onRegionFailure: 'report' }))).kind).toBe('unauthenticated')
  })
})

describe('listRegions', () => {
  it('reads all pages, each region once', async () => {
    const luxembourg = {
      id: 148,
      display_name: 'Luxembourg-3',
      state: 'ACTIVE',
      has_kvm: true,
      country: 'LU',
      coordinates: { latitude: '49.61', longitude: '6.13' },
    }
    const { store, lines } = gcoreTalk([
      list([luxembourg], 3),
      list([{ id: 900, coordinates: { latitude: 1.5, longitude: 2 }, state: 'NEW' }, luxembourg], 3),
    ])
    const regions = await succeed(store.listRegions())
    expect(regions).toEqual([
      {
        id: '148',
        name: 'Luxembourg-3',
        city: 'Luxembourg',
        country: 'LU',
        location: { latitude: 49.61, longitude: 6.13 },
        acceptsImports: true,
        raw: luxembourg,
      },
      expect.objectContaining({
        id: '900',
        name: '900',
        location: { latitude: 1.5, longitude: 2 },
        acceptsImports: false,
      }),
    ])
    expect(lines()).toEqual(['GET /cloud/v1/regions?limit=1000&offset=0', 'GET /cloud/v1/regions?limit=1000&offset=1'])
  })
})
