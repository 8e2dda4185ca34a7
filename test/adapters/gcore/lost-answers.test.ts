import { type ImageStore, isImageStoreError } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { afterEach, describe, expect, it } from 'vitest'
import { specDigest } from '../../../src/store/spec-digest.ts'
import { fail, succeed } from '../../either.ts'
import { hastyRuntime } from '../provider-talk.ts'
import { type Answering, startAnswering } from './answering.ts'
import { apiKey } from './talk.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const spec = (name: string) => ({ name, url: `https://host.example/${name}.qcow2`, region: '76' })
const task = (id: string, more: object = {}) => ({
  id,
  task_type: 'download_image',
  state: 'RUNNING',
  created_on: new Date(Date.now() + 1_000).toISOString().slice(0, 19),
  region_id: 76,
  ...more,
})

/** A task that tells its name and source. */
const told = (name: string, id: string) => task(id, { data: { name, url: spec(name).url } })

/** A store whose imports are answered in turn, whose list of tasks is what a test says, and whose images are all alike; of one task it tells the first. */
const storeWith = async (posts: readonly Answering[], tasks: () => readonly object[], image: object = {}) => {
  const left = [...posts]
  const server = await startAnswering((method, path, query) => {
    if (method === 'POST') return left.shift()?.(method, path, query) ?? 500
    if (path === '/cloud/v1/tasks') return { count: tasks().length, results: tasks() }
    if (path.startsWith('/cloud/v1/tasks/')) return tasks()[0] ?? 404
    if (path.startsWith('/cloud/v1/images/')) return image
    return path === '/iam/clients/me' ? { id: 1 } : { count: 0, results: [] }
  })
  opened.push(server.close)
  const { baseUrl } = server
  const store: ImageStore = gcore({ apiKey, project: 1, regions: [76], baseUrl, runtime: hastyRuntime() })
  return store
}

describe('an import whose answer names no task, beside others of the same store', () => {
  it('never takes one for its own that is known to be of another', async () => {
    const store = await storeWith([() => ({ tasks: ['task-a'] }), () => ({})], () => [task('task-a')])
    expect((await succeed(store.importFromUrl(spec('first')))).ref).toBe('gcore:1/76/task/task-a')
    expect((await fail(store.importFromUrl(spec('second')))).kind).toBe('unexpected-response')
  })

  it('finds its own beside them', async () => {
    const rows = [told('second', 'task-b'), task('task-a')]
    const store = await storeWith([() => ({ tasks: ['task-a'] }), () => ({})], () => rows)
    await succeed(store.importFromUrl(spec('first')))
    expect((await succeed(store.importFromUrl(spec('second')))).ref).toBe('gcore:1/76/task/task-b')
  })

  it('waits for the answer of one that was sent at the same time', async () => {
    let answerFirst = (): void => undefined
    const held = new Promise<void>((resolve) => {
      answerFirst = resolve
    })
    let looks = 0
    const store = await storeWith(
      [
        async () => {
          await held
          return { tasks: ['task-a'] }
        },
        () => ({}),
      ],
      () => {
        looks += 1
        // The second import has looked while the first has no answer; then that comes, and both tasks are there.
        if (looks > 2) answerFirst()
        return looks > 8 ? [task('task-a'), task('task-b')] : [task('task-a')]
      },
    )
    const both = await Promise.all([spec('first'), spec('second')].map((wanted) => store.importFromUrl(wanted)()))
    const refs = both.flatMap((result) => (result._tag === 'Right' ? [result.right.ref] : []))
    expect(refs).toContain('gcore:1/76/task/task-a')
    expect(new Set(refs).size).toBe(refs.length)
    for (const result of both)
      if (result._tag === 'Left')
        expect(isImageStoreError(result.left) && result.left.kind).toMatch(/conflict|unexpected/)
  })

  it('is a conflict, and no exchange, where two answers were lost and one task shows', async () => {
    const store = await storeWith([() => ({}), () => ({})], () => [task('task-a')])
    const both = await Promise.all([spec('first'), spec('second')].map((wanted) => fail(store.importFromUrl(wanted))))
    expect(both.map(({ kind }) => kind)).toEqual(['conflict', 'conflict'])
  })

  it('knows a request that was refused to have begun nothing', async () => {
    const store = await storeWith([() => 400, () => ({})], () => [told('second', 'task-a')])
    expect((await fail(store.importFromUrl(spec('first')))).status).toBe(400)
    expect((await succeed(store.importFromUrl(spec('second')))).ref).toBe('gcore:1/76/task/task-a')
  })

  it('is told apart by the name that its task tells', async () => {
    const rows = ['first', 'second'].map((name) => told(name, name))
    const store = await storeWith([() => ({}), () => ({})], () => rows)
    const both = await Promise.all(
      [spec('first'), spec('second')].map((wanted) => succeed(store.importFromUrl(wanted))),
    )
    expect(both.map(({ ref }) => ref)).toEqual(['gcore:1/76/task/first', 'gcore:1/76/task/second'])
  })
})

describe('an import whose answer names no task, beside others of the same name and source', () => {
  const data = { name: 'web', url: spec('web').url }
  const digestOf = (key: string) => specDigest({ ...spec('web'), key })
  const tagged = (key: string) => ({ ...data, tags: { 'imageferry-key': `import:${key}:${digestOf(key)}` } })

  it.each([
    ['without a key', undefined, { ...data, os_type: 'linux' }],
    ['with a key', 'mine', tagged('mine')],
  ])('is told apart by the key that tasks tell: %s', async (_, key, told) => {
    const rows: object[] = []
    const store = await storeWith(
      [
        () => {
          rows.push(task('other', { data: tagged('other') }), task('own', { data: told }))
          return {}
        },
      ],
      () => rows,
    )
    const begun = await succeed(store.importFromUrl({ ...spec('web'), key }))
    expect(begun.ref).toBe('gcore:1/76/task/own')
  })
})

describe('an import without a key whose task was found by what it tells', () => {
  const begun = async (image: object) => {
    const made = { ...told('web', 'task-a'), state: 'FINISHED', created_resources: { images: ['i1'] } }
    const store = await storeWith([() => 500], () => [made], { id: 'i1', status: 'active', size: 5, ...image })
    const { ref } = await succeed(store.importFromUrl(spec('web')))
    const [lookup = expect.fail()] = await succeed(store.getOperations([ref]))
    return lookup.found ? lookup.operation : expect.fail()
  }

  it('has made the image of that name', async () => {
    expect(await begun({ name: 'web' })).toMatchObject({ state: 'succeeded', image: 'gcore:1/76/i1' })
  })

  it.each([
    ['another name', { name: 'other' }],
    [
      'a key',
      { name: 'web', tags: [{ key: 'imageferry-key', value: 'import:other:0123456789abcdef', read_only: false }] },
    ],
  ])("has failed and names no image, where the image has %s and is another's", async (_, image) => {
    const operation = await begun(image)
    expect(operation).toMatchObject({ state: 'failed', failure: expect.stringContaining("another's") })
    expect(operation.image).toBeUndefined()
  })

  it('is not taken for one that tells tags and neither name nor source', async () => {
    const store = await storeWith([() => 500], () => [task('task-a', { data: { os_type: 'linux' } })])
    expect((await fail(store.importFromUrl(spec('web')))).hint).toContain('gcore:1/76/task/task-a')
  })
})
