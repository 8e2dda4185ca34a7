import { operationRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const taskRef = (id: string, region = 76) => operationRef(`gcore:1337/${region}/task/${id}`)
const task = (id: string, state: string, more: object = {}) => ({
  id,
  state,
  task_type: 'download_image',
  created_on: '2026-05-23T05:07:31',
  error: null,
  created_resources: null,
  data: { name: 'web', url: 'https://host.example/web.qcow2' },
  ...more,
})
const made = { created_resources: { images: ['uuid'] } }
const image = (more: object) =>
  ({ method: 'GET', body: { id: 'uuid', name: 'web', status: 'active', size: 5, ...more } }) as const
const get = (body: object) => ({ method: 'GET', body }) as const
const gone = { method: 'GET', status: 404, body: { exception_class: 'NotFoundError', message: 'no' } } as const

const lookUp = async (...answers: Parameters<typeof gcoreTalk>[0] & object) => {
  const { store, lines } = gcoreTalk(answers)
  const [lookup] = await succeed(store.getOperations([taskRef('t1')]))
  return { lookup, lines: lines() }
}

describe('getOperations of one import', () => {
  it.each([
    ['NEW', {}, { state: 'queued' }],
    ['RUNNING', {}, { state: 'running' }],
    ['running', {}, { state: 'running' }],
    ['SOMETHING', {}, { state: 'unknown' }],
    ['ERROR', {}, { state: 'failed', failure: 'The task ended in ERROR without a reason' }],
    ['ERROR', { error: 'no image' }, { state: 'failed', failure: 'no image' }],
    // A reason may be there before the state says so (gcorelabscloud-go, stopOnTaskError).
    ['RUNNING', { error: 'no image' }, { state: 'failed', failure: 'no image' }],
    [
      'ERROR',
      { error: 'Task was not started within 10 minutes of creation. Marked as failed by scheduler cleanup.' },
      { state: 'failed', hint: expect.stringMatching(/fewer imports/) },
    ],
    [
      'ERROR',
      { error: 'HEAD https://u:p@host/a.img?sig=secret gave 403' },
      { state: 'failed', failure: 'HEAD https://host/a.img gave 403' },
    ],
    ['FINISHED', {}, { state: 'failed', failure: 'The task finished without naming the image it made' }],
  ])('reads the task: %s %j', async (state, more, operation) => {
    const { lookup, lines } = await lookUp(get(task('t1', state, more)))
    expect(lines).toEqual(['GET /cloud/v1/tasks/t1'])
    expect(lookup).toMatchObject({
      found: true,
      operation: { ref: taskRef('t1'), kind: 'import', startedAt: '2026-05-23T05:07:31Z', ...operation },
    })
  })

  it.each([
    ['is ready', image({}), 'succeeded'],
    ['is being saved', image({ status: 'saving', size: 0 }), 'settling'],
    ['is active and has no size yet', image({ size: 0 }), 'settling'],
    ['is active and its size is not known yet', image({ size: null }), 'settling'],
    ['is active and its size is no amount', image({ size: -1 }), 'settling'],
    ['is active on a server that tells no sizes', image({ size: undefined }), 'succeeded'],
    ['is public', image({ size: null, visibility: 'public' }), 'succeeded'],
    ['has a status nobody knows', image({ status: 'new-word' }), 'unknown'],
    ['was killed', image({ status: 'killed' }), 'failed'],
    ['was deleted', image({ status: 'deleted' }), 'failed'],
    ['is being deleted', image({ status: 'pending_delete' }), 'failed'],
    ['was deactivated after it was made', image({ status: 'deactivated' }), 'succeeded'],
    ['was deactivated, and its size is not told', image({ status: 'deactivated', size: undefined }), 'succeeded'],
    ['was deactivated before it was made', image({ status: 'deactivated', size: 0 }), 'failed'],
    ['was deactivated before its size was known', image({ status: 'deactivated', size: null }), 'failed'],
  ] as const)('does not take FINISHED for the end: the image %s', async (_, answer, state) => {
    const { lookup, lines } = await lookUp(get(task('t1', 'FINISHED', made)), answer)
    expect(lookup).toMatchObject({ found: true, operation: { state, image: 'gcore:1337/76/uuid' } })
    expect(lines).toEqual(['GET /cloud/v1/tasks/t1', 'GET /cloud/v1/images/1337/76/uuid'])
  })

  it('does not take a size that no number can hold for an end', async () => {
    const body = JSON.stringify({ ...image({}).body, size: 8888 }).replace('8888', '1e999')
    const { lookup } = await lookUp(get(task('t1', 'FINISHED', made)), { method: 'GET', body })
    expect(lookup).toMatchObject({ found: true, operation: { state: 'settling' } })
  })

  const stampOf = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString()
  const withoutZone = (stamp: string): string => stamp.replace(/\.\d+Z$/, '')
  it.each([
    ['has just finished', { finished_on: stampOf(1) }, 'settling'],
    ['finished fourteen minutes ago', { finished_on: stampOf(14) }, 'settling'],
    ['finished sixteen minutes ago', { finished_on: stampOf(16) }, 'failed'],
    ['finished ten hours ago, by a clock without a zone', { finished_on: withoutZone(stampOf(600)) }, 'settling'],
    ['finished a day ago, by a clock without a zone', { finished_on: withoutZone(stampOf(1440)) }, 'failed'],
    ['tells no end and began an hour ago', { created_on: stampOf(60) }, 'settling'],
    ['tells no end and began three hours ago', { created_on: stampOf(180), finished_on: null }, 'failed'],
    ['tells an end that cannot be read', { created_on: stampOf(1), finished_on: 'yesterday' }, 'settling'],
    ['tells no time', { created_on: null, finished_on: null }, 'settling'],
  ])('waits a quarter of an hour for an image that cannot be found: the task %s', async (_, times, state) => {
    const { lookup } = await lookUp(get(task('t1', 'FINISHED', { ...made, ...times })), gone)
    expect(lookup).toMatchObject({ found: true, operation: { state, image: 'gcore:1337/76/uuid' } })
    if (state === 'failed')
      expect(lookup).toMatchObject({ operation: { failure: expect.stringMatching(/not there any more/) } })
  })

  it('takes an active image of a volume for the end whatever its size: its task waits for it', async () => {
    const capture = { ...made, task_type: 'create_image' }
    for (const size of [0, null]) {
      const { lookup } = await lookUp(get(task('t1', 'FINISHED', capture)), image({ size }))
      expect(lookup).toMatchObject({ found: true, operation: { kind: 'capture', state: 'succeeded' } })
    }
  })

  it('says not-found of a task that is none', async () => {
    expect((await lookUp(gone)).lookup).toMatchObject({ found: false, error: { kind: 'not-found', status: 404 } })
  })
})

describe('getOperations of one deletion', () => {
  it('takes FINISHED for the end', async () => {
    const finished = task('t1', 'FINISHED', { task_type: 'delete_image', data: { image_id: 'uuid' } })
    expect((await lookUp(get(finished))).lookup).toMatchObject({
      operation: { kind: 'delete', state: 'succeeded', outcome: 'deleted', image: 'gcore:1337/76/uuid' },
    })
  })

  it.each([
    ['is there', image({}), { state: 'running' }],
    ['reads deleted', image({ status: 'deleted' }), { state: 'succeeded', outcome: 'deleted' }],
    ['is gone', gone, { state: 'succeeded', outcome: 'deleted' }],
  ] as const)('that has no task asks for the image: it %s', async (_, answer, operation) => {
    const { store, lines } = gcoreTalk([answer])
    const lookups = await succeed(store.getOperations([operationRef('gcore:1337/76/deletion/uuid')]))
    expect(lookups).toMatchObject([{ found: true, operation: { kind: 'delete', ...operation } }])
    expect(lines()).toEqual(['GET /cloud/v1/images/1337/76/uuid'])
  })
})

describe('getOperations of many', () => {
  it('asks for the tasks of all regions once, and for those alone that are not among them', async () => {
    const { store, lines } = gcoreTalk([
      get({ count: 2, results: [task('t1', 'NEW'), task('t2', 'RUNNING')] }),
      get(task('t3', 'ERROR', { error: 'no' })),
    ])
    const lookups = await succeed(
      store.getOperations([taskRef('t3'), taskRef('t2', 8), taskRef('t1'), taskRef('t2', 8)]),
    )
    expect(lookups.map((lookup) => lookup.found && [lookup.operation.ref, lookup.operation.state])).toEqual([
      [taskRef('t3'), 'failed'],
      [taskRef('t2', 8), 'running'],
      [taskRef('t1'), 'queued'],
      [taskRef('t2', 8), 'running'],
    ])
    expect(lines()).toEqual(['GET /cloud/v1/tasks?project_id=1337&limit=1000&order_by=desc', 'GET /cloud/v1/tasks/t3'])
  })

  const ended = (id: string, image: string) => task(id, 'FINISHED', { created_resources: { images: [image] } })
  const row = (id: string, more: object = {}) => ({ id, name: id, status: 'active', size: 5, ...more })

  it('lists a region once where several imports have ended, and reads a single one by itself', async () => {
    const { store, lines } = gcoreTalk([
      get({ results: [ended('t1', 'a'), ended('t2', 'b'), ended('t3', 'c'), ended('t4', 'late'), task('t5', 'NEW')] }),
      get({ results: [row('other'), row('a'), row('b', { status: 'saving', size: 0 })] }),
      get(row('late')),
      get(row('c')),
    ])
    const refs = [taskRef('t1'), taskRef('t2'), taskRef('t4'), taskRef('t3', 8), taskRef('t5', 8)]
    const lookups = await succeed(store.getOperations(refs))
    expect(lookups.map((lookup) => lookup.found && [lookup.operation.image, lookup.operation.state])).toEqual([
      ['gcore:1337/76/a', 'succeeded'],
      ['gcore:1337/76/b', 'settling'],
      ['gcore:1337/76/late', 'succeeded'],
      ['gcore:1337/8/c', 'succeeded'],
      [undefined, 'queued'],
    ])
    expect(lines().slice(1)).toEqual([
      'GET /cloud/v1/projectimages/1337/76',
      'GET /cloud/v1/images/1337/76/late',
      'GET /cloud/v1/images/1337/8/c',
    ])
  })

  it('says of each that its region cannot be read, and of the others what they are', async () => {
    const { store, lines } = gcoreTalk([
      get({ results: [ended('t1', 'a'), ended('t2', 'b'), task('t3', 'RUNNING')] }),
      { method: 'GET', status: 403, body: { exception_class: 'ForbiddenError' } },
    ])
    expect(await succeed(store.getOperations([taskRef('t1'), taskRef('t2'), taskRef('t3', 8)]))).toMatchObject([
      { found: false, error: { kind: 'permission-denied' } },
      { found: false, error: { kind: 'permission-denied' } },
      { found: true, operation: { state: 'running' } },
    ])
    expect(lines()).toHaveLength(2)
  })

  it('tells a ref that is none from those whose list cannot be read', async () => {
    const refs = [taskRef('t1'), operationRef('gcore:1337/76/job/t1'), taskRef('t2'), operationRef('other:1')]
    const { store } = gcoreTalk([{ method: 'GET', status: 403, body: { exception_class: 'ForbiddenError' } }])
    const lookups = await succeed(store.getOperations(refs))
    expect(lookups.map((lookup) => !lookup.found && lookup.error.kind)).toEqual([
      'permission-denied',
      'invalid-argument',
      'permission-denied',
      'invalid-argument',
    ])
  })

  it('lets none hide the others', async () => {
    const refs = [
      operationRef('gcore:9/76/task/t1'),
      operationRef('gcore:1337/76/job/t1'),
      taskRef('t2'),
      taskRef('t1'),
    ]
    const { store } = gcoreTalk([get({ count: 1, results: [task('t1', 'NEW')] }), gone])
    expect(await succeed(store.getOperations(refs))).toMatchObject([
      { ref: refs[0], found: false, error: { kind: 'invalid-argument' } },
      { ref: refs[1], found: false, error: { kind: 'invalid-argument' } },
      { ref: refs[2], found: false, error: { kind: 'not-found' } },
      { ref: refs[3], found: true, operation: { state: 'queued' } },
    ])
  })

  it('reads on in the list of tasks while that costs less than to ask for each', async () => {
    const refs = Array.from({ length: 100 }, (_, index) => taskRef(`mine-${index}`))
    const newer = (page: number) =>
      Array.from({ length: 1000 }, (_, index) => task(`other-${page}-${index}`, 'RUNNING', { task_type: 'create_vm' }))
    const mine = Array.from({ length: 99 }, (_, index) => task(`mine-${index}`, 'RUNNING'))
    const { store, lines } = gcoreTalk([
      get({ count: 2099, results: newer(0) }),
      get({ count: 2099, results: newer(1) }),
      get({ count: 2099, results: mine }),
      get(task('mine-99', 'NEW')),
    ])
    const lookups = await succeed(store.getOperations(refs))
    expect(lookups.filter(({ found }) => found)).toHaveLength(100)
    const list = 'GET /cloud/v1/tasks?project_id=1337&limit=1000&order_by=desc'
    expect(lines()).toEqual([list, `${list}&offset=1000`, `${list}&offset=2000`, 'GET /cloud/v1/tasks/mine-99'])
  })

  it.each([
    ['brings nothing new', (page: object) => get(page)],
    ['cannot be read', () => ({ method: 'GET', status: 403, body: {} }) as const],
  ])('asks for each where a further page of tasks %s', async (_, further) => {
    const page = { count: 5000, results: Array.from({ length: 1000 }, (__, index) => task(`other-${index}`, 'NEW')) }
    const refs = ['a', 'b', 'c']
    const { store, lines } = gcoreTalk([get(page), further(page), ...refs.map((id) => get(task(id, 'RUNNING')))])
    const lookups = await succeed(store.getOperations(refs.map((id) => taskRef(id))))
    expect(lookups.map(({ found }) => found)).toEqual([true, true, true])
    expect(lines().slice(2)).toEqual(refs.map((id) => `GET /cloud/v1/tasks/${id}`))
  })

  it('reads no more pages of tasks than there are tasks missing', async () => {
    const page = (at: number) => ({
      count: 90_000,
      results: Array.from({ length: 1000 }, (_, index) => task(`other-${at}-${index}`, 'NEW')),
    })
    const refs = ['a', 'b', 'c']
    const { store, lines } = gcoreTalk([
      ...[0, 1, 2].map((at) => get(page(at))),
      ...refs.map((id) => get(task(id, 'NEW'))),
    ])
    await succeed(store.getOperations(refs.map((id) => taskRef(id))))
    expect(lines().slice(3)).toEqual(refs.map((id) => `GET /cloud/v1/tasks/${id}`))
  })

  it('reads ten pages of tasks at the most', async () => {
    const page = (at: number) => ({
      count: 90_000,
      results: Array.from({ length: 1000 }, (_, index) => task(`other-${at}-${index}`, 'NEW')),
    })
    const refs = Array.from({ length: 12 }, (_, index) => `mine-${index}`)
    const { store, lines } = gcoreTalk([
      ...Array.from({ length: 10 }, (_, at) => get(page(at))),
      ...refs.map((id) => get(task(id, 'NEW'))),
    ])
    await succeed(store.getOperations(refs.map((id) => taskRef(id))))
    expect(lines().filter((line) => line.includes('limit=1000'))).toHaveLength(10)
    expect(lines()).toHaveLength(22)
  })

  it('asks for each image where the list of a region makes no sense', async () => {
    const { store, lines } = gcoreTalk([
      get({ results: [ended('t1', 'a'), ended('t2', 'b')] }),
      get({ count: 5, results: [row('a')] }),
      get(row('a')),
      get(row('b')),
    ])
    const lookups = await succeed(store.getOperations([taskRef('t1'), taskRef('t2')]))
    expect(lookups).toMatchObject([{ operation: { state: 'succeeded' } }, { operation: { state: 'succeeded' } }])
    expect(lines().slice(1)).toEqual([
      'GET /cloud/v1/projectimages/1337/76',
      'GET /cloud/v1/images/1337/76/a',
      'GET /cloud/v1/images/1337/76/b',
    ])
  })

  describe('whose images are for bare metal and not among the own', () => {
    const tasks = get({ results: ['a', 'b', 'c'].map((image) => ended(`t-${image}`, image)) })
    const refs = ['t-a', 't-b', 't-c'].map((id) => taskRef(id))
    const metal = (id: string) => row(id, { is_baremetal: true, visibility: 'private' })

    it('reads their list, and what is in neither by itself', async () => {
      const own = get({ results: [row('other')] })
      const { store, lines } = gcoreTalk([tasks, own, get({ results: [metal('a'), metal('b')] }), get(metal('c'))])
      const lookups = await succeed(store.getOperations(refs))
      expect(lookups.map((lookup) => lookup.found && lookup.operation.state)).toEqual(refs.map(() => 'succeeded'))
      expect(lines().slice(1)).toEqual([
        'GET /cloud/v1/projectimages/1337/76',
        'GET /cloud/v1/bmimages/1337/76?limit=1000&offset=0',
        'GET /cloud/v1/images/1337/76/c',
      ])
    })

    it.each([404, 403])('asks for each where that list answers %i', async (status) => {
      const answers = ['a', 'b', 'c'].map((id) => get(metal(id)))
      const refused = { method: 'GET', status, body: {} } as const
      const { store } = gcoreTalk([tasks, get({ results: [] }), refused, ...answers])
      const lookups = await succeed(store.getOperations(refs))
      expect(lookups.map((lookup) => lookup.found && lookup.operation.state)).toEqual(refs.map(() => 'succeeded'))
    })
  })
})
