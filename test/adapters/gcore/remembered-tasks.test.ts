import { gcore } from 'imageferry/gcore'
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../../src/emulator/clock.ts'
import { fail, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'
import { startAnswering } from './answering.ts'
import { apiKey } from './talk.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const spec = { name: 'web', url: 'https://host.example/web.qcow2', region: '76', key: 'k' }
const volume = { name: 'web', source: '3ab58d5e-6bb6-4f5d-9e3c-5f1f3a1c6d10', region: '76', key: 'k' }
const region = { id: 76, state: 'ACTIVE', has_kvm: true, has_baremetal: false, has_ai_gpu: false }

/** A store whose list of tasks never shows what it has begun, but so many others; a task by itself is what a test says. */
const forgetful = async (others: number, task: (id: string) => object | number) => {
  let begun = 0
  const newer = Array.from({ length: others }, (_, index) => ({
    id: `x${index}`,
    state: 'FINISHED',
    task_type: 'create_vm',
  }))
  const server = await startAnswering((method, path) => {
    if (method === 'POST') {
      begun += 1
      return { tasks: [`t${begun}`] }
    }
    if (path === '/cloud/v1/tasks') return { count: others + begun, results: newer }
    if (path.startsWith('/cloud/v1/tasks/')) return task(path.slice('/cloud/v1/tasks/'.length))
    if (path === '/cloud/v1/regions') return { count: 1, results: [region] }
    return path.includes('images') ? { count: 0, results: [] } : { id: 1 }
  })
  opened.push(server.close)
  const clock = manualClock()
  const runtime = virtualRuntime(clock)
  const store = gcore({ apiKey, project: 1, regions: [76], baseUrl: server.baseUrl, runtime })
  return {
    store,
    clock,
    lines: server.lines,
    posts: () => server.lines.filter((line) => line.startsWith('POST')).length,
  }
}

describe('a task that this store has begun under a key, and that the list of tasks does not show', () => {
  const running = (id: string) => ({ id, state: 'RUNNING', task_type: 'download_image', region_id: 76 })

  it.each([0, 1000])('is read by itself, and nothing is begun again; newer tasks: %i', async (others) => {
    const { store, posts, lines } = await forgetful(others, running)
    const { ref } = await succeed(store.importFromUrl(spec))
    const before = lines.length
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ ref, state: 'running' })
    expect(lines.slice(before).filter((line) => line === 'GET /cloud/v1/tasks/t1')).toHaveLength(1)
    expect(await succeed(store.findOperations('k'))).toMatchObject([{ ref, state: 'running' }])
    expect((await fail(store.importFromUrl({ ...spec, name: 'other' }))).kind).toBe('conflict')
    await succeed(store.importFromUrl({ ...spec, key: 'other' }))
    expect(posts()).toBe(2)
  })

  it('counts as queued where it cannot be found for two minutes, and as gone then', async () => {
    const { store, posts, clock } = await forgetful(0, () => 404)
    const { ref } = await succeed(store.importFromUrl(spec))
    await clock.advance(60_000)
    expect(await succeed(store.importFromUrl(spec))).toMatchObject({ ref, kind: 'import', state: 'queued' })
    await clock.advance(61_000)
    expect((await succeed(store.importFromUrl(spec))).ref).not.toBe(ref)
    expect(posts()).toBe(2)
  })

  it('may make an image of a volume', async () => {
    const { store, posts } = await forgetful(0, () => 404)
    const { ref } = await succeed(store.createFromVolume(volume))
    expect(await succeed(store.createFromVolume(volume))).toMatchObject({ ref, kind: 'capture', state: 'queued' })
    expect(posts()).toBe(1)
  })

  it('is begun again where it has failed', async () => {
    const { store, posts } = await forgetful(0, (id) => ({ ...running(id), state: 'ERROR', error: 'no' }))
    await succeed(store.importFromUrl(spec))
    await succeed(store.importFromUrl(spec))
    expect(posts()).toBe(2)
  })

  it('fails the call where it cannot be read', async () => {
    const { store, posts } = await forgetful(0, () => 403)
    await succeed(store.importFromUrl(spec))
    expect((await fail(store.importFromUrl(spec))).kind).toBe('permission-denied')
    expect(posts()).toBe(1)
  })
})
