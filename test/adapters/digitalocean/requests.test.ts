import { type Cursor, collect, cursor, type ImageQuery, imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk, token } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const host = 'https://elsewhere.example'
const row = (id: number, more: object = {}) => ({
  id,
  name: `image ${id}`,
  public: false,
  status: 'available',
  ...more,
})

describe('every request', () => {
  it('carries the token, asks for JSON and has no body where it reads', async () => {
    const { store, sent } = digitalOceanTalk([{ method: 'GET', body: { image: row(7) } }])
    await succeed(store.get(imageRef('digitalocean:7')))
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'GET',
      path: '/v2/images/7',
      headers: {
        host: 'api.digitalocean.com',
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'user-agent': 'imageferry',
      },
    })
    expect(sent[0]?.headers).not.toHaveProperty('content-type')
    expect(sent[0]).not.toHaveProperty('body')
  })
})

describe('get', () => {
  it('takes a slug where the id stands', async () => {
    const image = row(6918990, { slug: 'ubuntu-24-04-x64', public: true, name: '24.04 (LTS) x64' })
    const { store, lines } = digitalOceanTalk([{ method: 'GET', body: { image } }])
    const found = await succeed(store.get(imageRef('digitalocean:ubuntu-24-04-x64')))
    expect(lines()).toEqual(['GET /v2/images/ubuntu-24-04-x64'])
    // The slug's image is known by its id from here on.
    expect(found).toMatchObject({ ref: 'digitalocean:6918990', slug: 'ubuntu-24-04-x64', visibility: 'public' })
  })

  it('reads a failed import, and says not-found of an image that was deleted', async () => {
    const { store } = digitalOceanTalk([
      { method: 'GET', body: { image: row(7, { status: 'deleted', error_message: 'corrupt' }) } },
      { method: 'GET', body: { image: row(8, { status: 'deleted', error_message: ' ' }) } },
    ])
    expect(await succeed(store.get(imageRef('digitalocean:7')))).toMatchObject({ status: 'failed', failure: 'corrupt' })
    expect(await fail(store.get(imageRef('digitalocean:8')))).toMatchObject({ kind: 'not-found', operation: 'get' })
  })

  it.each([
    'digitalocean:7/actions',
    'digitalocean:..',
    'digitalocean:7?x=1',
    'digitalocean:UPPER',
    'digitalocean:fbe805e8-866b-11e6-96bf-000f53315a41',
    'digitalocean:-1',
    'digitalocean:0',
    'gcore:1/2/3',
    'other:7',
  ])('sends nothing for %s', async (ref) => {
    const { store } = digitalOceanTalk()
    expect(await fail(store.get(imageRef(ref)))).toMatchObject({ kind: 'invalid-argument', store: 'digitalocean' })
  })
})

describe('listPage', () => {
  it.each([
    ['one’s own images', {}, 'private=true&page=1&per_page=200'],
    ['the distributions', { scope: 'public', kinds: ['base'] }, 'type=distribution&page=1&per_page=200'],
    ['the applications', { scope: 'public', kinds: ['application'] }, 'type=application&page=1&per_page=200'],
    ['all of the catalogue', { scope: 'public' }, 'page=1&per_page=200'],
    ['everything', { scope: 'all' }, 'page=1&per_page=200'],
    // The account's spelling of a tag alone finds anything, and a tag says it only where it has been read: otherwise ours.
    [
      'a tag as it was read',
      { tags: [{ key: 'env', value: 'prod', wire: 'Env:PROD' }] },
      'tag_name=Env%3APROD&page=1&per_page=200',
    ],
    ['a tag as it is written', { tags: [{ key: 'env', value: 'prod' }] }, 'tag_name=env%3Aprod&page=1&per_page=200'],
    ['a tag with another’s spelling', { tags: [{ key: 'env', wire: 'Other' }] }, 'tag_name=env&page=1&per_page=200'],
    [
      'a tag with no name of DigitalOcean',
      { tags: [{ key: 'a b', wire: 'a b' }] },
      'tag_name=a__20__b&page=1&per_page=200',
    ],
    ['a tag that cannot be written', { tags: [{ key: 'k'.repeat(300) }] }, 'private=true&page=1&per_page=200'],
    ['a tag in all there is', { scope: 'all', tags: [{ key: 'env' }] }, 'tag_name=env&page=1&per_page=200'],
    ['a tag in the catalogue', { scope: 'public', tags: [{ key: 'env', wire: 'ENV' }] }, 'page=1&per_page=200'],
    ['one’s own of a kind', { kinds: ['custom'] }, 'private=true&page=1&per_page=200'],
  ] as const)('asks for %s by one filter at the most', async (_, query, expected) => {
    const { store, lines } = digitalOceanTalk([{ method: 'GET', body: { images: [row(1)] } }])
    expect(await succeed(store.listPage(query))).toMatchObject({ next: undefined, ahead: [], failures: [] })
    expect(lines()).toEqual([`GET /v2/images?${expected}`])
  })

  const listsOf = {
    distribution: [row(1, { public: true, type: 'snapshot' }), row(2, { public: true, type: 'base' })],
    application: [row(3, { public: true, type: 'snapshot' })],
    private: [row(4, { type: 'custom' }), row(5, { type: 'snapshot' })],
  } as const
  type List = keyof typeof listsOf

  it.each<[ImageQuery, readonly List[], readonly number[]]>([
    [{ scope: 'all', kinds: ['base'] }, ['distribution'], [1, 2]],
    [{ scope: 'all', kinds: ['application'] }, ['application'], [3]],
    [{ scope: 'all', kinds: ['base', 'custom'] }, ['distribution', 'private'], [1, 2, 4]],
    [{ scope: 'all', kinds: ['base', 'base'] }, ['distribution'], [1, 2]],
    [
      { scope: 'all', kinds: ['snapshot', 'application', 'base'] },
      ['distribution', 'application', 'private'],
      [1, 2, 3, 5],
    ],
    [{ scope: 'public', kinds: ['base', 'snapshot'] }, ['distribution'], [1, 2]],
    [{ scope: 'public', kinds: ['application', 'base'] }, ['distribution', 'application'], [1, 2, 3]],
    [{ scope: 'all', kinds: ['base', 'custom'], tags: [{ key: 'env', wire: 'ENV' }] }, ['distribution', 'private'], []],
    [{ kinds: ['base', 'custom'] }, ['private'], [4]],
  ])('reads every list that %j needs, one after the other: %j', async (query, lists, ids) => {
    const answers = lists.map((list) => ({ method: 'GET', body: { images: listsOf[list] } }) as const)
    const { store, lines } = digitalOceanTalk(answers)
    const images = await succeed(collect(store, query))
    expect(images.map(({ ref }) => ref)).toEqual(ids.map((id) => `digitalocean:${id}`))
    expect(lines()).toEqual(
      lists.map((list) => `GET /v2/images?${list === 'private' ? 'private=true' : `type=${list}`}&page=1&per_page=200`),
    )
  })

  it('goes on within a list before it turns to the next, and at the cursor of any', async () => {
    const query = { scope: 'all', kinds: ['base', 'custom'] } as const
    const next = { links: { pages: { next: `${host}/?page=2` } } }
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { images: listsOf.distribution, ...next } },
      { method: 'GET', body: { images: [] } },
      { method: 'GET', body: { images: listsOf.private, ...next } },
      { method: 'GET', body: { images: [row(6, { type: 'custom' })] } },
    ])
    const pages = [await succeed(store.listPage(query))]
    for (let at = pages[0]?.next; at !== undefined; at = pages.at(-1)?.next)
      pages.push(await succeed(store.listPage(query, at)))
    expect(pages.map(({ next }) => next)).toEqual(['2-2', 'own-1', 'own-2-2', undefined])
    expect(pages.flatMap(({ images }) => images.map(({ ref }) => ref))).toEqual(
      [1, 2, 4, 6].map((id) => `digitalocean:${id}`),
    )
    expect(lines().map((line) => line.replace('GET /v2/images?', '').replace('&per_page=200', ''))).toEqual([
      'type=distribution&page=1',
      'type=distribution&page=2',
      'private=true&page=1',
      'private=true&page=2',
    ])
  })

  it('takes an empty page behind the first for the end of the tag, and not for another spelling', async () => {
    const query = { tags: [{ key: 'env', wire: 'ENV' }] } as const
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { images: [row(1, { tags: ['ENV'] })], links: { pages: { next: `${host}/?page=2` } } } },
      { method: 'GET', body: { images: [] } },
    ])
    expect((await succeed(collect(store, query))).map(({ ref }) => ref)).toEqual(['digitalocean:1'])
    expect(lines()).toHaveLength(2)
  })

  it.each([
    ['as it was read', { key: 'env', wire: 'ENV' }, 'ENV'],
    ['as it is written', { key: 'env' }, 'env'],
  ])('says nothing of a tag before all images were read, where none is found by it %s', async (_, tag, name) => {
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { images: [] } },
      { method: 'GET', body: { images: [row(1, { tags: ['Env'] }), row(2)] } },
    ])
    expect((await succeed(collect(store, { tags: [tag] }))).map(({ ref }) => ref)).toEqual(['digitalocean:1'])
    expect(lines()).toEqual([
      `GET /v2/images?tag_name=${name}&page=1&per_page=200`,
      'GET /v2/images?private=true&page=1&per_page=200',
    ])
  })

  it('names few pages ahead, whatever the total says', async () => {
    const { store } = digitalOceanTalk([
      { method: 'GET', body: { images: [row(1)], meta: { total: 1e12 }, links: { pages: { next: 'x' } } } },
    ])
    expect((await succeed(store.listPage())).ahead.length).toBeLessThanOrEqual(50)
  })

  it('runs the rest of the query itself, and the scope too', async () => {
    const images = [row(1), row(2, { name: 'other' }), row(3, { name: 'image 1', public: true })]
    const { store } = digitalOceanTalk([{ method: 'GET', body: { images } }])
    const page = await succeed(store.listPage({ name: 'image 1' }))
    expect(page.images.map(({ ref }) => ref)).toEqual(['digitalocean:1'])
  })

  it('calls the images of a catalogue what the catalogue is, whatever their type says', async () => {
    const images = [row(1, { public: true, type: 'snapshot', slug: 'lamp-22-04' })]
    const { store } = digitalOceanTalk([{ method: 'GET', body: { images } }])
    const page = await succeed(store.listPage({ scope: 'public', kinds: ['application'] }))
    expect(page.images).toMatchObject([{ ref: 'digitalocean:1', kind: 'application' }])
  })

  it.each<[string, object, readonly string[], number?]>([
    ['absent', {}, []],
    ['absent, with the total of this page', { meta: { total: 1 } }, []],
    ['absent, with a total that makes no sense', { meta: { total: -1 } }, []],
    ['absent, with a total of more rows', { meta: { total: 2 } }, ['2-1']],
    ['absent, with the total of three', { meta: { total: 401 } }, ['2', '3'], 200],
    // Nobody knows how many rows the second page will have where the first has been cut.
    ['absent, with a total, behind a page that was cut', { meta: { total: 401 } }, ['2-150'], 150],
    ['null', { links: null, meta: null }, []],
    ['empty', { links: {}, meta: { total: 1 } }, []],
    ['empty pages', { links: { pages: {} }, meta: { total: 1 } }, []],
    ['empty pages, with the total of two', { links: { pages: {} }, meta: { total: 201 } }, ['2'], 200],
    [
      'full',
      { links: { pages: { next: `${host}/?page=2`, last: `${host}/?page=3` } }, meta: { total: 450 } },
      ['2', '3'],
      200,
    ],
    ['a next without a total', { links: { pages: { next: `${host}/?page=2` } } }, ['2-1']],
    ['a total that is too small', { links: { pages: { next: `${host}/?page=2` } }, meta: { total: 1 } }, ['2-1']],
    ['the last page’s', { links: { pages: { first: `${host}/`, prev: `${host}/` } }, meta: { total: 1 } }, []],
    // One of the two is wrong, and the total would mean that rows are missed.
    [
      'the last page’s, with the total of three',
      { links: { pages: { first: `${host}/`, prev: `${host}/` } }, meta: { total: 450 } },
      ['2', '3'],
      200,
    ],
  ])('knows what follows where the links are %s', async (_, paging, ahead, rows = 1) => {
    const images = Array.from({ length: rows }, (_, index) => row(index + 1))
    const { store } = digitalOceanTalk([{ method: 'GET', body: { images, ...paging } }])
    expect(await succeed(store.listPage())).toMatchObject({ next: ahead[0], ahead })
  })

  it('ends at an empty page unless a link says that there is another', async () => {
    const paging = { links: { pages: { next: `${host}/?page=3` } } }
    const { store } = digitalOceanTalk([
      { method: 'GET', body: { images: [], meta: { total: 450 } } },
      { method: 'GET', body: { images: [], ...paging } },
    ])
    expect(await succeed(store.listPage())).toMatchObject({ next: undefined, ahead: [] })
    expect(await succeed(store.listPage({}, cursor('2')))).toMatchObject({ next: '3-200' })
  })

  it('gives a list up that has no end', async () => {
    const paging = { links: { pages: { next: `${host}/?page=2` } } }
    const { store } = digitalOceanTalk([{ method: 'GET', body: { images: [row(1)], ...paging } }])
    expect((await fail(store.listPage({}, cursor('500')))).kind).toBe('unexpected-response')
  })

  it('looks for a tag among all images where the spelling it was read in finds nothing', async () => {
    const images = [row(1, { tags: ['ENV:prod'] }), row(2)]
    const next = { links: { pages: { next: `${host}/?page=2` } } }
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { images: [] } },
      { method: 'GET', body: { images, ...next } },
      { method: 'GET', body: { images: [row(3, { tags: ['ENV:prod'] })] } },
    ])
    const query = { tags: [{ key: 'env', value: 'prod', wire: 'Env:PROD' }] }
    const page = await succeed(store.listPage(query))
    expect(page.images.map(({ ref }) => ref)).toEqual(['digitalocean:1'])
    const rest = await succeed(store.listPage(query, page.next))
    expect(rest.images.map(({ ref }) => ref)).toEqual(['digitalocean:3'])
    expect(lines()).toEqual([
      'GET /v2/images?tag_name=Env%3APROD&page=1&per_page=200',
      'GET /v2/images?private=true&page=1&per_page=200',
      'GET /v2/images?private=true&page=2&per_page=200',
    ])
  })

  it('goes on at a cursor, by its number and not by any link', async () => {
    const { store, lines } = digitalOceanTalk([{ method: 'GET', body: { images: [row(1)] } }])
    await succeed(store.listPage({}, cursor('3')))
    expect(lines()).toEqual(['GET /v2/images?private=true&page=3&per_page=200'])
  })

  it.each(['0', '-1', '1.5', 'x', '', '1&private=false', '76@1000', '1-', 'any-1', 'distribution-2', '2-1-1'])(
    'refuses the cursor %j',
    async (text) => {
      const { store } = digitalOceanTalk()
      expect((await fail(store.listPage({}, text as Cursor))).kind).toBe('invalid-argument')
    },
  )
})

describe('listRegions', () => {
  it('reads all pages', async () => {
    const nyc3 = { slug: 'nyc3', name: 'New York 3', available: false, features: ['image_transfer'] }
    const links = { pages: { next: 'https://api.digitalocean.com/v2/regions?page=2' } }
    const { store, lines } = digitalOceanTalk([
      { method: 'GET', body: { regions: [nyc3], links, meta: { total: 2 } } },
      { method: 'GET', body: { regions: [{ slug: 'xyz1' }], links: {}, meta: { total: 2 } } },
    ])
    expect(await succeed(store.listRegions())).toEqual([
      {
        id: 'nyc3',
        name: 'New York 3',
        city: 'New York',
        country: 'US',
        location: { latitude: 40.71, longitude: -74.01 },
        acceptsImports: true,
        raw: nyc3,
      },
      { id: 'xyz1', name: 'xyz1', raw: { slug: 'xyz1' } },
    ])
    expect(lines()).toEqual(['GET /v2/regions?page=1&per_page=200', 'GET /v2/regions?page=2&per_page=200'])
  })
})
