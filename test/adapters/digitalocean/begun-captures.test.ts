import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { captureDigest } from '../../../src/store/spec-digest.ts'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const spec = { name: 'web', source: '5', key: 'c' } as const
const file = { name: 'web', url: 'https://host.example/web.qcow2', region: 'nyc3', key: 'c' }
const moment = Date.UTC(2026, 0, 2, 12)
const at = (seconds: number) => new Date(moment + seconds * 1000).toISOString()
const named = `web [imageferry:1:c:${captureDigest(spec)}:5]`

const droplet = (id: number, locked = false) => ({ method: 'GET', body: { droplet: { id, locked } } }) as const
const images = (...rows: readonly object[]) => ({ method: 'GET', body: { images: rows } }) as const
const snapshots = (...rows: readonly object[]) => ({ method: 'GET', body: { snapshots: rows } }) as const
const actions = { method: 'GET', body: { actions: [] } } as const
const action = (more: object = {}) => ({
  id: 11,
  type: 'snapshot',
  status: 'in-progress',
  resource_id: 5,
  started_at: at(0),
  ...more,
})
const seen = (more: object = {}) => ({ method: 'GET', body: { action: action(more) } }) as const
const posted = (id: number, source = 5) =>
  ({ method: 'POST', status: 201, body: { action: action({ id, resource_id: source }) } }) as const
const accepted = { method: 'POST', status: 202, body: { image: { id: 9, name: 'web', type: 'custom' } } } as const
const begin = [droplet(5), images(), actions, posted(11)]
const done = { status: 'completed', completed_at: at(60) }

const begun = async (...answers: Parameters<typeof digitalOceanTalk>[0] & object) => {
  const talk = digitalOceanTalk([...begin, ...answers], moment)
  const operation = await succeed(talk.store.createFromServer(spec))
  const posts = () => talk.lines().filter((line) => line.startsWith('POST'))
  return { ...talk, operation, posts }
}

describe('a capture under a key that no list shows yet', () => {
  it('is a conflict with another capture under the key, of another server too', async () => {
    const { store, posts } = await begun(droplet(6), images(), seen(), actions, posted(12, 6))
    const error = await fail(store.createFromServer({ ...spec, source: '6' }))
    expect(error.kind).toBe('conflict')
    expect(error.message).toContain('digitalocean:capture/5/11')
    expect(posts()).toEqual(['POST /v2/droplets/5/actions'])
  })

  it('is a conflict with an import under the key', async () => {
    const { store, posts } = await begun(images(), seen(), accepted)
    expect((await fail(store.importFromUrl(file))).kind).toBe('conflict')
    expect(posts()).toEqual(['POST /v2/droplets/5/actions'])
  })

  it('is the same operation where the same is asked for, as it is now', async () => {
    const { store, posts, operation } = await begun(droplet(5, true), images(), seen())
    expect(await succeed(store.createFromServer(spec))).toEqual(operation)
    expect(posts()).toHaveLength(1)
  })

  it('is found by its key', async () => {
    const { store, operation } = await begun(images(), seen())
    expect(await succeed(store.findOperations('c'))).toEqual([operation])
  })

  it('is not found by another key, and asks for nothing then', async () => {
    const { store, lines } = await begun(images())
    const before = lines().length
    expect(await succeed(store.findOperations('d'))).toEqual([])
    expect(lines()).toHaveLength(before + 1)
  })

  it('is as it was begun where it is not found within the first minute', async () => {
    const missing = { method: 'GET', status: 404 } as const
    const { store, operation } = await begun(images(), missing, missing)
    expect(await succeed(store.findOperations('c'))).toEqual([operation])
  })

  it('lets nothing begin where it cannot be looked up', async () => {
    const { store, posts } = await begun(images(), { method: 'GET', status: 403 }, accepted)
    expect((await fail(store.importFromUrl(file))).kind).toBe('permission-denied')
    expect(posts()).toHaveLength(1)
  })

  it('is forgotten when it has failed', async () => {
    const { store, posts } = await begun(images(), seen({ status: 'errored' }), accepted, images())
    expect((await succeed(store.importFromUrl(file))).kind).toBe('import')
    expect(posts()).toHaveLength(2)
  })

  it('is forgotten when a list has shown it, so that it can be deleted', async () => {
    const listed = { id: 7, name: named, type: 'snapshot', created_at: at(0) }
    const { store, posts } = await begun(images(listed), images(), accepted)
    await succeed(store.listPage())
    expect((await succeed(store.importFromUrl(file))).kind).toBe('import')
    expect(posts()).toHaveLength(2)
  })

  it('is forgotten when its image was seen and is not there any more', async () => {
    const { store, posts, operation } = await begun(
      seen(done),
      snapshots({ id: 7, name: named, created_at: at(0) }),
      // When it is done, its key is looked up once more.
      images(),
      images(),
      seen(done),
      snapshots(),
      accepted,
    )
    expect(await succeed(store.getOperations([operation.ref]))).toMatchObject([{ operation: { state: 'succeeded' } }])
    expect((await succeed(store.importFromUrl(file))).kind).toBe('import')
    expect(posts()).toHaveLength(2)
  })

  it('is a conflict still where its image is seen and no list has it', async () => {
    const { store, posts } = await begun(
      images(),
      seen(done),
      snapshots({ id: 7, name: named, created_at: at(0) }),
      accepted,
    )
    expect((await fail(store.importFromUrl(file))).kind).toBe('conflict')
    expect(posts()).toHaveLength(1)
  })
})
