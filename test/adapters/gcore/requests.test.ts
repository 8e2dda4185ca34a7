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

/** A region for virtual machines alone, as every listing first asks what regions have. */
const plainRegion = (id: number) => ({
  id,
  state: 'ACTIVE',
  has_kvm: true,
  has_baremetal: false,
  has_ai: false,
  has_ai_gpu: false,
})
const regionList = list([plainRegion(76), plainRegion(8)])
const regionLine = 'GET /cloud/v1/regions?limit=1000&offset=0'

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
    const { store, lines } = gcoreTalk([regionList, list([row('a')]), list([row('b')])])
    const first = await succeed(store.listPage())
    expect(first).toMatchObject({ images: [{ ref: 'gcore:1337/76/a' }], next: '8', ahead: ['8'] })
    const second = await succeed(store.listPage({}, cursor('8')))
    expect(second).toMatchObject({ images: [{ ref: 'gcore:1337/8/b' }], next: undefined, ahead: [] })
    expect(lines()).toEqual([regionLine, 'GET /cloud/v1/projectimages/1337/76', 'GET /cloud/v1/projectimages/1337/8'])
  })

  it.each([
    ['public', 'limit=1000&offset=0&visibility=public'],
    ['all', 'limit=1000&offset=0'],
  ] as const)('asks for %s images by the list of all that can be seen', async (scope, query) => {
    const rows = [row('a', { visibility: 'public' }), row('b', { visibility: 'shared' })]
    const { store, lines } = gcoreTalk([regionList, list(rows)])
    const { images } = await succeed(store.listPage({ scope }))
    expect(images.map(({ ref }) => ref)).toEqual(
      scope === 'public' ? ['gcore:1337/76/a'] : ['gcore:1337/76/a', 'gcore:1337/76/b'],
    )
    expect(lines()).toEqual([regionLine, `GET /cloud/v1/images/1337/76?${query}`])
  })

  const rows = (count: number) => Array.from({ length: count }, (_, index) => row(`i${index}`))
  it.each([
    ['a whole region', undefined, 3, 3, ['8']],
    ['the first rows of more', undefined, 1000, 2500, ['76@1000,8', '8']],
    ['rows in the middle', '76@1000,8', 1000, 2500, ['76@2000,8', '8']],
    ['the last rows', '76@2000,8', 500, 2500, ['8']],
    ['all rows of a server that knows no limit', undefined, 1200, 1200, ['8']],
    ['the same of one that does not count', '76@1000', 1200, 5, []],
    ['no rows where none should be', '76@1000', 0, 1000, []],
    ['no rows where a total is not told', '76@1000', 0, null, []],
    ['a full page without a total', undefined, 1000, null, ['76@1000,8', '8']],
    ['a short page without a total', undefined, 999, null, ['8']],
    ['a full page of a total that is too low', undefined, 1000, 0, ['76@1000,8', '8']],
    ['a short page of a total that is too low', undefined, 3, 0, ['8']],
    ['a full page whose total is that of the page', '76@1000', 1000, 1000, ['76@2000']],
    ['a page that is shorter than was asked for', undefined, 100, 1500, ['76@100,8', '8']],
  ])('reads %s', async (_, at, length, count, ahead) => {
    const answer = { method: 'GET', body: { count, results: rows(length) } } as const
    const { store, lines } = gcoreTalk([...(at === undefined ? [regionList] : []), answer])
    const page = await succeed(store.listPage({ scope: 'all' }, at === undefined ? undefined : cursor(at)))
    expect(page).toMatchObject({ next: ahead[0], ahead })
    expect(lines().at(-1)).toContain(`offset=${/@(\d+)/.exec(at ?? '')?.[1] ?? 0}`)
  })

  it.each([
    [0, 5],
    [1000, 2500],
  ])('fails where a list shows no rows behind its row %i, and says that it has %i', async (offset, count) => {
    const { store } = gcoreTalk([...(offset === 0 ? [regionList] : []), list([], count)])
    const at = offset === 0 ? undefined : cursor(`76@${offset}`)
    expect((await fail(store.listPage({ scope: 'all' }, at))).kind).toBe('unexpected-response')
  })

  it('fails where a list goes on for ever', async () => {
    const { store } = gcoreTalk([list(rows(1000), 900_000_000)])
    const at = cursor('76@100000')
    expect((await fail(store.listPage({ scope: 'all' }, at))).kind).toBe('unexpected-response')
  })

  it('fails where the list of own images is shorter than it says, rather than leave images out', async () => {
    const short = { method: 'GET', body: { count: 5, results: [row('a')] } } as const
    const error = await fail(gcoreTalk([regionList, short]).store.listPage())
    expect(error).toMatchObject({ kind: 'unexpected-response', operation: 'listPage' })
    expect(error.message).toContain('1 of 5')
  })

  it('goes to the regions of the query alone', async () => {
    const { store, lines } = gcoreTalk([regionList, list([row('a')])])
    expect(await succeed(store.listPage({ regions: ['8', '99'] }))).toMatchObject({ ahead: [], images: [{}] })
    expect(lines()).toEqual([regionLine, 'GET /cloud/v1/projectimages/1337/8'])
    expect(await succeed(gcoreTalk().store.listPage({ regions: ['99'] }))).toMatchObject({ images: [], ahead: [] })
  })

  it('names what is no region of a query, from plain JavaScript', async () => {
    for (const wrong of [8, null, {}]) {
      const error = await fail(gcoreTalk().store.listPage({ regions: [wrong] as unknown as readonly string[] }))
      expect(error).toMatchObject({ kind: 'invalid-argument', fields: { regions: expect.any(String) } })
    }
  })

  it('goes to all regions that can hold VM images where none was named', async () => {
    const regions = [
      { ...plainRegion(3), state: 'MAINTENANCE' },
      plainRegion(5),
      { ...plainRegion(6), has_kvm: false },
      { ...plainRegion(7), state: undefined, has_kvm: undefined },
      { ...plainRegion(8), state: 'NEW' },
      { ...plainRegion(9), state: 'DELETED' },
      plainRegion(5),
    ]
    const { store, lines } = gcoreTalk([list(regions), list([])], {})
    // One under maintenance takes no imports, and its images are there all the same.
    expect(await succeed(store.listPage())).toMatchObject({ ahead: ['5,7', '7'] })
    expect(lines()).toEqual([regionLine, 'GET /cloud/v1/projectimages/1337/3'])
  })

  describe('in a region that tells nothing of what it has', () => {
    const unknownRegion = list([{ id: 148 }])
    const none = { method: 'GET', status: 404, body: { exception_class: 'NotFoundError' } } as const
    const only148 = { regions: [148] }
    const metal = row('m', { is_baremetal: true, visibility: 'public' })

    it('tries every list of own images, and takes one that is not there for an empty one', async () => {
      const { store, lines } = gcoreTalk([unknownRegion, list([row('a')]), none, none, none], only148)
      const page = await succeed(store.listPage())
      expect(page).toMatchObject({ images: [{ ref: 'gcore:1337/148/a' }], next: '148/gpu-virtual,148/gpu-bare-metal' })
      for (const at of page.ahead)
        expect(await succeed(store.listPage({}, at))).toMatchObject({ images: [], failures: [] })
      expect(lines()).toEqual([
        regionLine,
        'GET /cloud/v1/projectimages/1337/148',
        'GET /cloud/v1/bmimages/1337/148?limit=1000&offset=0',
        'GET /cloud/v3/gpu/virtual/1337/148/images?limit=1000&offset=0',
        'GET /cloud/v3/gpu/baremetal/1337/148/images?limit=1000&offset=0',
      ])
    })

    it('looks among all images for those of bare metal that have no list', async () => {
      const { store, lines } = gcoreTalk([unknownRegion, none, list([row('a'), metal])], only148)
      const query = { scope: 'all', kinds: ['bare-metal'] } as const
      expect(await succeed(store.listPage(query))).toMatchObject({ images: [{ ref: 'gcore:1337/148/m' }], ahead: [] })
      expect(lines().slice(1)).toEqual([
        'GET /cloud/v1/bmimages/1337/148?limit=1000&offset=0',
        'GET /cloud/v1/images/1337/148?limit=1000&offset=0',
      ])
    })

    it('reads the list of bare-metal images also where the list of own ones shows some of them', async () => {
      const [one, two] = ['one', 'two'].map((id) => row(id, { is_baremetal: true, visibility: 'private' }))
      const { store } = gcoreTalk([unknownRegion, list([one ?? {}]), list([one ?? {}, two ?? {}, metal])], only148)
      const { images } = await succeed(store.listPage())
      expect(images.map(({ ref }) => ref).sort()).toEqual(['gcore:1337/148/one', 'gcore:1337/148/two'])
    })

    it('fails with the list that fails otherwise', async () => {
      const refused = { method: 'GET', status: 403, body: { exception_class: 'ForbiddenError' } } as const
      const { store } = gcoreTalk([unknownRegion, list([]), refused], only148)
      expect((await fail(store.listPage())).kind).toBe('permission-denied')
    })
  })

  it('asks for nothing where no image can be of the kinds', async () => {
    const { store, sent } = gcoreTalk()
    expect(await succeed(store.listPage({ kinds: ['custom'] }))).toMatchObject({ images: [], ahead: [] })
    expect(sent).toEqual([])
  })

  it('fails where a list of bare-metal images has no end', async () => {
    const regions = list([{ ...plainRegion(76), has_baremetal: true }])
    const endless = Array.from({ length: 101 }, (_, page) => {
      const results = Array.from({ length: 1000 }, (__, index) => row(`i${page}-${index}`))
      return list(results, 10_000_000)
    })
    const { store } = gcoreTalk([regions, list([]), ...endless], { regions: [76] })
    expect(await fail(store.listPage())).toMatchObject({ kind: 'unexpected-response' })
  })

  it.each(['', '0', 'x', '76@', '76@0', '76,', '../8', '76/other', '76/', '76@5/gpu-virtual', '2'.repeat(20)])(
    'refuses the cursor %j',
    async (text) => {
      expect((await fail(gcoreTalk().store.listPage({}, text as Cursor))).kind).toBe('invalid-argument')
    },
  )

  it('fails where a region does not answer, unless that is to be reported', async () => {
    const forbidden = {
      method: 'GET',
      status: 403,
      body: { exception_class: 'ForbiddenError', message: 'no' },
    } as const
    expect((await fail(gcoreTalk([regionList, forbidden]).store.listPage())).kind).toBe('permission-denied')
    const { store } = gcoreTalk([regionList, forbidden])
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

describe('a call that is not allowed', () => {
  it('names the role, because API keys have no scopes', async () => {
    const body = { exception_class: 'ForbiddenError', message: 'no' }
    const { store } = gcoreTalk([{ method: 'GET', status: 403, body }])
    const error = await fail(store.get(imageRef('gcore:1337/76/uuid')))
    expect(error).toMatchObject({ kind: 'permission-denied', status: 403, hint: expect.stringContaining('role') })
    for (const support of Object.values(store.capabilities.operations))
      if (support.supported) expect(support.scopes).toEqual([])
  })
})
