import { type ImageStore, imageRef, type StoreOperation } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { httpSubjects } from './http-subjects.ts'
import { type Answer, silence } from './provider-talk.ts'

beforeEach(silence)
afterEach(silence)

describe.each(httpSubjects)('$name over HTTP', ({ name, start, image, region, found, placeOfId }) => {
  const ref = imageRef(image)
  const good = { method: 'GET', body: found } as const
  const spec = { name: 'web', url: 'https://host.example/web.qcow2', region }
  const times = (count: number, answer: Answer) => Array.from({ length: count }, () => answer)

  it.each([
    ['unauthenticated', 401],
    ['permission-denied', 403],
    ['not-found', 404],
    ['not-found', 410],
    ['conflict', 409],
    ['invalid-argument', 400],
    ['invalid-argument', 422],
    ['locked', 423],
    ['unexpected-response', 418],
  ])('is %s at the status %i, asked once', async (kind, status) => {
    const answer = {
      method: 'GET',
      status,
      body: { message: 'no' },
      headers: { 'x-request-id': 'from-header' },
    } as const
    const { store, sent } = start([answer, good])
    const error = await fail(store.get(ref))
    expect(error).toMatchObject({
      kind,
      status,
      message: 'no',
      requestId: 'from-header',
      store: name,
      operation: 'get',
    })
    expect(sent).toHaveLength(1)
  })

  it('takes the request id of the body before that of the header', async () => {
    const body = { message: 'no', request_id: 'from-body' }
    const { store } = start([{ method: 'GET', status: 404, body, headers: { 'X-Request-Id': 'from-header' } }])
    expect((await fail(store.get(ref))).requestId).toBe('from-body')
  })

  it.each([
    ['429', { method: 'GET', status: 429, body: { message: 'slow down' } }],
    ['500', { method: 'GET', status: 500, body: { message: 'sorry' } }],
    ['502 with a page of HTML', { method: 'GET', status: 502, body: '<html>Bad Gateway</html>' }],
    ['503 without a body', { method: 'GET', status: 503 }],
    ['a reset connection', { method: 'GET', status: 'ECONNRESET' }],
    ['a time-out', { method: 'GET', status: 'ETIMEDOUT' }],
  ] satisfies readonly (readonly [string, Answer])[])(
    'repeats a read after %s, up to four times',
    async (_, answer) => {
      const recovering = start([...times(4, answer), good])
      expect(await succeed(recovering.store.get(ref))).toMatchObject({ ref, name: 'web' })
      expect(recovering.sent).toHaveLength(5)
      silence()
      const hopeless = start(times(6, answer))
      expect(['rate-limited', 'unavailable', 'timeout']).toContain((await fail(hopeless.store.get(ref))).kind)
      expect(hopeless.sent).toHaveLength(5)
    },
  )

  it.each([
    ['500', { status: 500, body: { message: 'sorry' } }],
    ['503', { status: 503 }],
    ['a reset connection', { status: 'ECONNRESET' }],
    ['a time-out', { status: 'ETIMEDOUT' }],
    ['an answer that is no JSON', { status: 202, body: '{"image": {"id"' }],
  ])('never repeats an import after %s: it may be under way', async (_, answer) => {
    const { store, sent } = start(times(2, { method: 'POST', ...answer }))
    const error = await fail(store.importFromUrl(spec))
    expect(['unavailable', 'timeout', 'unexpected-response']).toContain(error.kind)
    expect(sent).toHaveLength(1)
  })

  const limited = (seconds: string) => ({ method: 'GET', status: 429, headers: { 'retry-after': seconds } }) as const

  it.each(['29', '3600'])('waits the %s seconds that the provider asks for', async (seconds) => {
    const { store, slept } = start([limited(seconds), good])
    await succeed(store.get(ref))
    expect(slept).toEqual([Number(seconds) * 1000])
  })

  it('does not count what the provider has told when to repeat', async () => {
    const { store, sent } = start([...times(8, limited('2')), good])
    await succeed(store.get(ref))
    expect(sent).toHaveLength(9)
  })

  it.each([
    ['more than an hour', '4000', {}],
    ['more than the caller has left', '29', { timeoutMs: 10_000 }],
  ])('leaves it to the caller to wait for %s', async (_, seconds, options) => {
    const { store, sent, slept } = start([limited(seconds), good])
    expect(await fail(store.get(ref, options))).toMatchObject({
      kind: 'rate-limited',
      retryAfterSeconds: Number(seconds),
    })
    expect([sent.length, slept.length]).toEqual([1, 0])
  })

  it('waits for its hour, and not for ever, where each answer asks for a little more', async () => {
    const { store, slept } = start([...times(80, limited('60')), good])
    expect(await fail(store.get(ref))).toMatchObject({ kind: 'rate-limited' })
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(61 * 60_000)
    expect(slept.length).toBeGreaterThan(50)
  })

  it.each([
    ['a page of HTML', '<html>Sign in</html>', 'text/html'],
    ['JSON that breaks off', '{"image": {"id": 7', 'application/json'],
    ['nothing', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a list', '[]', 'application/json'],
  ])('does not understand %s', async (_, body, type) => {
    const { store, sent } = start([{ method: 'GET', body, headers: { 'content-type': type, 'x-request-id': 'r1' } }])
    const error = await fail(store.get(ref))
    expect(error).toMatchObject({ kind: 'unexpected-response', status: 200, requestId: 'r1', operation: 'get' })
    expect(sent).toHaveLength(1)
  })

  it('names the place of a wrong type, and not the value', async () => {
    const wrong = JSON.parse(JSON.stringify(found).replace('"web"', '["s3cret"]'))
    const { store } = start([{ method: 'GET', body: wrong }])
    const error = await fail(store.get(ref))
    expect(error.kind).toBe('unexpected-response')
    expect(error.message).toContain(placeOfId)
    expect(error.message).toContain('name')
    expect(JSON.stringify(error)).not.toContain('s3cret')
  })

  it('follows no redirect: the credentials would go with it', async () => {
    const answer = { method: 'GET', status: 302, headers: { location: 'https://elsewhere.example/' } } as const
    const { store, sent } = start([answer, good])
    expect(await fail(store.get(ref))).toMatchObject({ kind: 'unexpected-response', status: 302 })
    expect(sent).toHaveLength(1)
  })

  it('sends nothing for a signal that was aborted beforehand', async () => {
    const { store, sent } = start([good])
    expect((await fail(store.get(ref, { signal: AbortSignal.abort() }))).kind).toBe('canceled')
    expect(sent).toHaveLength(0)
  })

  it('sends nothing until it is run, and once for each run', async () => {
    const { store, sent } = start([good, good])
    const task = store.get(ref)
    expect(sent).toHaveLength(0)
    await succeed(task)
    await succeed(task)
    expect(sent).toHaveLength(2)
  })

  const members = Object.keys(start([]).store.capabilities.operations) as readonly StoreOperation[]
  const refused = members.filter((operation) => !start([]).store.can(operation))
  it.each(refused)('refuses %s as its capabilities say, and sends nothing', async (operation) => {
    const { store } = start([])
    const call = store[operation] as () => ReturnType<ImageStore['get']>
    expect(await fail(call())).toMatchObject({ kind: 'unsupported', store: name, operation })
  })
})
