import { imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const ref = imageRef('gcore:1337/76/uuid')
const line = 'DELETE /cloud/v1/images/1337/76/uuid'
const image = { id: 'uuid', name: 'web', status: 'active', size: 5 }
const conflict = {
  method: 'DELETE',
  status: 409,
  body: { exception_class: 'ConflictError', message: 'no', request_id: 'r1' },
} as const

describe('delete', () => {
  it('begins a task', async () => {
    const { store, sent, lines } = gcoreTalk([{ method: 'DELETE', body: { tasks: ['t1'] } }])
    expect(await succeed(store.delete(ref))).toEqual({
      ref: 'gcore:1337/76/task/t1',
      kind: 'delete',
      state: 'queued',
      image: ref,
      losses: [],
    })
    expect(lines()).toEqual([line])
    expect(sent[0]).not.toHaveProperty('body')
  })

  it.each([
    ['no body', 202, undefined],
    ['no content', 204, undefined],
    ['no tasks', 200, { tasks: [] }],
  ])('can be followed by its image where the answer has %s', async (_, status, body) => {
    const { store } = gcoreTalk([{ method: 'DELETE', status, body }])
    expect(await succeed(store.delete(ref))).toMatchObject({ ref: 'gcore:1337/76/deletion/uuid', state: 'running' })
  })

  it('succeeds where the image is gone already', async () => {
    const { store } = gcoreTalk([{ method: 'DELETE', status: 404, body: { exception_class: 'NotFoundError' } }])
    expect(await succeed(store.delete(ref))).toMatchObject({ state: 'succeeded', outcome: 'already-gone', image: ref })
  })

  it.each([
    [400, 'ValidationError', 'invalid-argument'],
    [403, 'ForbiddenError', 'permission-denied'],
  ])('takes a %i for a lock only where the image says so', async (status, exceptionClass, kind) => {
    const refused = { method: 'DELETE', status, body: { exception_class: exceptionClass, message: 'no' } } as const
    const locked = gcoreTalk([refused, { method: 'GET', body: { ...image, task_id: 't9' } }])
    expect(await fail(locked.store.delete(ref))).toMatchObject({ kind: 'locked', status })
    const free = gcoreTalk([refused, { method: 'GET', body: image }])
    expect(await fail(free.store.delete(ref))).toMatchObject({ kind, status })
    const unread = gcoreTalk([refused, { method: 'GET', status: 403, body: {} }])
    expect(await fail(unread.store.delete(ref))).toMatchObject({ kind, status, message: expect.stringContaining('no') })
  })

  it('tells an image that a task holds from one that volumes need', async () => {
    const locked = gcoreTalk([conflict, { method: 'GET', body: { ...image, task_id: 't9' } }])
    expect(await fail(locked.store.delete(ref))).toMatchObject({
      kind: 'locked',
      status: 409,
      requestId: 'r1',
      hint: expect.stringContaining('gcore:1337/76/task/t9'),
    })
    const inUse = gcoreTalk([conflict, { method: 'GET', body: image }, { method: 'DELETE', body: { tasks: ['t1'] } }])
    expect(await fail(inUse.store.delete(ref))).toMatchObject({
      kind: 'in-use',
      status: 409,
      hint: expect.stringContaining('volumes'),
    })
    // A conflict is no passing trouble: the official clients send it three times, for nothing.
    expect(inUse.lines()).toEqual([line, 'GET /cloud/v1/images/1337/76/uuid'])
  })

  it.each([
    ['permission-denied', 403, 'ForbiddenError'],
    ['invalid-argument', 400, 'ValidationError'],
  ])('fails with %s at the status %i', async (kind, status, exception) => {
    const again = { method: 'DELETE', body: { tasks: ['t1'] } } as const
    const body = { exception_class: exception, message: 'no' }
    const { store, sent } = gcoreTalk([{ method: 'DELETE', status, body }, again])
    expect(await fail(store.delete(ref))).toMatchObject({ kind, status, operation: 'delete' })
    expect(sent).toHaveLength(1)
  })

  it('is asked for three times where the provider fails and the image is there as before', async () => {
    const failure = { method: 'DELETE', status: 500, body: { exception_class: 'HTTPError', message: 'no' } } as const
    const { store, lines } = gcoreTalk([
      ...Array.from({ length: 4 }, () => failure),
      ...Array.from({ length: 4 }, () => ({ method: 'GET', body: image }) as const),
    ])
    expect(await fail(store.delete(ref))).toMatchObject({
      kind: 'unavailable',
      status: 500,
      unconfirmed: [{ change: 'the deletion of image uuid' }],
    })
    const look = 'GET /cloud/v1/images/1337/76/uuid'
    expect(lines()).toEqual([line, look, line, look, line, look])
  })
})
