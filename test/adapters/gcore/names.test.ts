import type { ImageStore } from 'imageferry'
import { cursor, imageRef, operationRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const get = (body: object) => ({ method: 'GET', body }) as const
const list = (results: readonly object[], more: object = {}) => get({ count: results.length, results, ...more })
const projects = list([
  { id: 7, name: 'Default', state: 'ACTIVE', deleted_at: null },
  { id: 8, name: 'web', state: 'ACTIVE', deleted_at: '2026-01-01T00:00:00' },
  { id: 9, name: 'web', state: 'DELETING' },
  { id: 10, name: 'web', state: 'INACTIVE' },
  { id: 11, name: 'web' },
  { id: 12, name: 'Lab', state: 'ACTIVE' },
  { id: 13, name: 'lab', state: 'ACTIVE' },
  { id: 14, name: 'LAB 2', state: 'a new word' },
  { id: 15, name: '2024', state: 'ACTIVE' },
])
const regions = list([
  { id: 148, display_name: 'Luxembourg-3', slug: 'luxembourg-1', state: 'ACTIVE' },
  { id: 6, display_name: 'Luxembourg', slug: 'luxembourg', state: 'ACTIVE' },
  { id: 76, display_name: 'Luxembourg-2', slug: 'luxembourg-2', state: 'ACTIVE' },
  { id: 9, display_name: 'Twins', slug: 'twins-a', state: 'ACTIVE' },
  { id: 10, display_name: 'twins', slug: 'twins-b', state: 'MAINTENANCE' },
  { id: 11, display_name: 'Luxembourg-2', slug: 'old', state: 'DELETED' },
])
const image = get({ id: 'uuid', name: 'web', status: 'active', size: 5 })
const projectLook = 'GET /cloud/v1/projects?limit=1000&offset=0'
const regionLook = 'GET /cloud/v1/regions?limit=1000&offset=0'
const quotaOf = (region: string) => [`GET /iam/clients/me`, `GET /cloud/v2/regional_quotas/1/${region}`]

describe('a project by its name', () => {
  const named = (project: string, answers: Parameters<typeof gcoreTalk>[0] & object) =>
    gcoreTalk([projects, ...answers], { project, regions: [76] })

  it('is looked for once, and only when a member is run', async () => {
    const { store, lines } = named('Default', [image, image])
    const task = store.get(imageRef('gcore:7/76/uuid'))
    expect(lines()).toEqual([])
    await succeed(task)
    expect((await succeed(task)).ref).toBe('gcore:7/76/uuid')
    const read = 'GET /cloud/v1/images/7/76/uuid'
    expect(lines()).toEqual([projectLook, read, read])
  })

  it.each([
    ['Default', '7'],
    ['default', '7'],
    ['web', '11'],
    ['Lab', '12'],
    ['lab', '13'],
    ['lab 2', '14'],
  ])('%s is the project %s: spelt so, or but for capitals; what has gone does not count', async (project, id) => {
    const { store, lines } = named(project, [image])
    await succeed(store.get(imageRef(`gcore:${id}/76/uuid`)))
    expect(lines()[1]).toBe(`GET /cloud/v1/images/${id}/76/uuid`)
  })

  it.each([
    ['LAB', /Lab \(12\), lab \(13\)/],
    [' Default', /there are Default \(7\), web \(11\)/],
    ['we', /no project called "we"/],
  ])('%j is refused, naming candidates with their ids', async (project, message) => {
    const error = await fail(named(project, []).store.get(imageRef('gcore:7/76/uuid')))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'get', fields: { project: expect.any(String) } })
    expect(error.message).toMatch(message)
  })

  it('that has the form of an id is one, and nothing is looked for', async () => {
    const { store, lines } = gcoreTalk([image], { project: '2024' })
    await succeed(store.get(imageRef('gcore:2024/76/uuid')))
    expect(lines()).toEqual(['GET /cloud/v1/images/2024/76/uuid'])
  })

  const malformed: readonly (readonly [string, (store: ImageStore) => () => Promise<unknown>])[] = [
    ['get', (store) => async () => fail(store.get(imageRef('gcore:7/76')))],
    ['get of another store', (store) => async () => fail(store.get(imageRef('other:7/76/uuid')))],
    ['delete', (store) => async () => fail(store.delete(imageRef('gcore:x/76/uuid')))],
    ['update', (store) => async () => fail(store.update(imageRef('gcore:7/76/uuid'), {}))],
    ['update of a malformed ref', (store) => async () => fail(store.update(imageRef('gcore:7'), { name: 'web' }))],
    ['importFromUrl', (store) => async () => fail(store.importFromUrl({ name: '', url: 'x', region: '76' }))],
    ['createFromVolume', (store) => async () => fail(store.createFromVolume({ name: 'web', source: '5' }))],
    ['findOperations', (store) => async () => fail(store.findOperations(' '))],
    ['getOperations', (store) => async () => succeed(store.getOperations([operationRef('gcore:7/76/job/a')]))],
  ]
  it.each(malformed)('is not looked for where the arguments are wrong: %s', async (_, run) => {
    const { store, lines } = named('Default', [])
    await run(store)()
    expect(lines()).toEqual([])
  })

  it('keeps no failure', async () => {
    const refused = { method: 'GET', status: 403, body: {} } as const
    const { store, lines } = gcoreTalk([refused, projects, image], { project: 'Default' })
    const ref = imageRef('gcore:7/76/uuid')
    expect((await fail(store.get(ref))).kind).toBe('permission-denied')
    await succeed(store.get(ref))
    expect(lines()).toEqual([projectLook, projectLook, 'GET /cloud/v1/images/7/76/uuid'])
  })

  it('is looked for by one request for calls at the same time, which one of them may leave', async () => {
    const { store, lines } = named('Default', [image, image])
    const leaving = new AbortController()
    const ref = imageRef('gcore:7/76/uuid')
    const left = store.get(ref, { signal: leaving.signal })()
    const others = [store.get(ref)(), store.get(ref)()]
    leaving.abort()
    expect(await left).toMatchObject({ _tag: 'Left', left: { kind: 'canceled' } })
    expect((await Promise.all(others)).map(({ _tag }) => _tag)).toEqual(['Right', 'Right'])
    expect(lines().filter((line) => line === projectLook)).toHaveLength(1)
  })

  it('belongs to every ref: one of another project is refused', async () => {
    const { store, lines } = named('Default', [])
    expect((await fail(store.get(imageRef('gcore:8/76/uuid')))).kind).toBe('invalid-argument')
    expect(lines()).toEqual([projectLook])
  })

  it('is not needed for the regions', async () => {
    const { store, lines } = gcoreTalk([regions], { project: 'Default' })
    await succeed(store.listRegions())
    expect(lines()).toEqual([regionLook])
  })
})

describe('a region by its name', () => {
  const client = get({ id: 1 })

  it.each([
    ['Luxembourg-2', '76'],
    ['luxembourg-2', '76'],
    ['LUXEMBOURG', '6'],
    ['luxembourg-1', '148'],
    ['Twins', '9'],
    ['twins-b', '10'],
  ])('%s is the region %s, by name or by slug', async (name, id) => {
    const { store, lines } = gcoreTalk([regions, client, get({}), get({})])
    await succeed(store.quota(name))
    await succeed(store.quota(name))
    expect(lines()).toEqual([regionLook, ...quotaOf(id), quotaOf(id)[1]])
  })

  it.each([
    ['TWINS', /Twins \(9\), twins \(10\)/],
    ['Atlantis', /there are Luxembourg-3 \(148\), Luxembourg \(6\)/],
    ['../1', /no region called/],
  ])('%s is refused, naming candidates', async (name, message) => {
    const error = await fail(gcoreTalk([regions]).store.quota(name))
    expect(error).toMatchObject({ kind: 'invalid-argument', fields: { region: expect.stringMatching(message) } })
  })

  it('is looked for where an import names it, and the ref has its id', async () => {
    const { store, lines } = gcoreTalk([regions, client, get({}), { method: 'POST', body: { tasks: ['t'] } }])
    const spec = { name: 'web', url: 'https://host.example/a.qcow2', region: 'Luxembourg-2' }
    expect((await succeed(store.importFromUrl(spec))).ref).toBe('gcore:1337/76/task/t')
    expect(lines()).toEqual([regionLook, ...quotaOf('76'), 'POST /cloud/v1/downloadimage/1337/76'])
  })

  it('narrows a listing before anything is listed', async () => {
    const flags = regions.body as { readonly results: readonly object[] }
    const bare = list(flags.results.map((row) => ({ ...row, has_baremetal: false, has_ai_gpu: false, has_kvm: true })))
    const { store, lines } = gcoreTalk([bare, bare, list([{ id: 'uuid', name: 'web', status: 'active', size: 1 }])], {})
    const page = await succeed(store.listPage({ regions: ['luxembourg-2'] }))
    expect(page.images.map(({ ref }) => ref)).toEqual(['gcore:1337/76/uuid'])
    expect(lines().at(-1)).toBe('GET /cloud/v1/projectimages/1337/76')
    expect(lines().filter((line) => line.includes('projectimages'))).toHaveLength(1)
  })

  it('that none has narrows a listing to nothing, so that a query can go to stores of several providers', async () => {
    const { store, lines } = gcoreTalk([regions, regions], { regions: [76] })
    expect((await succeed(store.listPage({ regions: ['nyc3'] }))).images).toEqual([])
    expect(lines().filter((line) => line.includes('images'))).toEqual([])
  })

  it('among the options is looked for by a new listing, and not where a cursor goes on', async () => {
    const { store, lines } = gcoreTalk([list([])], { regions: ['Luxembourg-2'] })
    await succeed(store.listPage({}, cursor('76')))
    expect(lines()).toEqual(['GET /cloud/v1/projectimages/1337/76'])
  })
})

describe('a name that was not there when all were listed', () => {
  const plain = { state: 'ACTIVE', has_baremetal: false, has_ai_gpu: false, has_kvm: true }
  const before = list([{ id: 76, display_name: 'Old', ...plain }])
  const after = list([
    { id: 76, display_name: 'Old', ...plain },
    { id: 77, display_name: 'New', ...plain },
  ])
  const client = get({ id: 1 })
  const begun = { method: 'POST', body: { tasks: ['t'] } } as const
  const looks = (lines: readonly string[]) => lines.filter((line) => line === regionLook).length
  const known = async (options: object, ...answers: Parameters<typeof gcoreTalk>[0] & object) => {
    const talk = gcoreTalk([before, client, get({}), ...answers], options)
    await succeed(talk.store.quota('Old'))
    expect(looks(talk.lines())).toBe(1)
    return talk
  }

  it('is looked for once more by a quota, and what was found then is kept', async () => {
    const { store, lines } = await known({}, after, get({}), get({}), get({}))
    for (const region of ['New', 'new', 'Old']) await succeed(store.quota(region))
    expect(looks(lines())).toBe(2)
  })

  it('is refused where it is still not there, after one look', async () => {
    const { store, lines } = await known({}, before)
    expect((await fail(store.quota('New'))).kind).toBe('invalid-argument')
    expect(looks(lines())).toBe(2)
  })

  it('is looked for once more by an import', async () => {
    const { store, lines } = await known({}, after, get({}), begun)
    const spec = { name: 'web', url: 'https://host.example/a.qcow2', region: 'New' }
    expect((await succeed(store.importFromUrl(spec))).ref).toBe('gcore:1337/77/task/t')
    expect(looks(lines())).toBe(2)
  })

  it('is looked for once more for the options and for a query, and not at the further pages of a listing', async () => {
    // A listing asks what its regions have, beside.
    const { store, lines } = await known({ regions: ['New'] }, after, after, list([]), after, after, list([]), list([]))
    expect((await succeed(store.listPage())).failures).toEqual([])
    expect(looks(lines())).toBe(3)
    await succeed(store.listPage({ regions: ['New', 'nyc3'] }))
    expect(looks(lines())).toBe(5)
    await succeed(store.listPage({ regions: ['New', 'nyc3'] }, cursor('77')))
    expect(looks(lines())).toBe(5)
  })

  it('is looked for by one request for calls at the same time', async () => {
    const { store, lines } = await known({}, after, ...Array.from({ length: 3 }, () => get({})))
    await Promise.all(Array.from({ length: 3 }, () => succeed(store.quota('New'))))
    expect(looks(lines())).toBe(2)
  })

  it('keeps what was known where the second look fails', async () => {
    const { store } = await known({}, { method: 'GET', status: 403, body: {} }, get({}))
    expect((await fail(store.quota('New'))).kind).toBe('permission-denied')
    await succeed(store.quota('Old'))
  })

  it('may be a project', async () => {
    const later = list([{ id: 7, name: 'Later', state: 'ACTIVE' }])
    const { store, lines } = gcoreTalk([list([]), later, image], { project: 'Later', regions: [76] })
    const ref = imageRef('gcore:7/76/uuid')
    expect((await fail(store.get(ref))).kind).toBe('invalid-argument')
    await succeed(store.get(ref))
    expect(lines().filter((line) => line === projectLook)).toHaveLength(2)
  })
})

describe('a list of regions that makes no sense', () => {
  const row = (id: number) => ({ id, display_name: `R${id}` })
  const lying = (...pages: readonly (readonly object[])[]) => pages.map((results) => list(results, { count: 9_999 }))

  it.each([
    ['has fewer rows than it says', [[row(1)], []]],
    ['repeats its rows', [[row(1)], [row(1)]]],
    ['never ends', Array.from({ length: 30 }, (_, index) => [row(index + 1)])],
  ])('%s: it is no list, and no endless look-up', async (_, pages) => {
    const { store, lines } = gcoreTalk(lying(...pages))
    expect((await fail(store.listRegions())).kind).toBe('unexpected-response')
    expect(lines().length).toBeLessThanOrEqual(20)
  })
})
