import { request as httpRequest } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { manualClock, type VirtualClock } from '../../src/emulator/clock.ts'
import { fetchSource } from '../../src/emulator/importer.ts'
import type { EmulatorReply } from '../../src/emulator/reply.ts'
import { maximumBodyBytes } from '../../src/emulator/request-body.ts'
import { router } from '../../src/emulator/router.ts'
import { type EmulatorRequest, type EmulatorServer, startServer } from '../../src/emulator/server.ts'
import { bootableDisk, type FileSource, startFileSource } from './file-source.ts'

describe('a server', () => {
  let server: EmulatorServer
  let clock: VirtualClock
  let seen: EmulatorRequest[]
  let reply: EmulatorReply | (() => never)

  beforeEach(async () => {
    seen = []
    clock = manualClock({ start: 1000 })
    reply = { status: 200, body: { fine: true } }
    server = await startServer({
      clock,
      handle: (request) => {
        seen.push(request)
        return typeof reply === 'function' ? reply() : reply
      },
    })
  })
  afterEach(() => server.close())

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.baseUrl}/a/b`, { method: 'POST', body, headers })

  it('is on loopback, and writes JSON', async () => {
    expect(server.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    reply = { status: 201, headers: { 'x-own': 'yes' }, body: { text: 'zażółć' } }
    const answer = await fetch(server.baseUrl)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('x-own')).toBe('yes')
    expect(await answer.json()).toEqual({ text: 'zażółć' })
  })

  it('writes no body where there is none', async () => {
    reply = { status: 204 }
    const answer = await fetch(server.baseUrl, { method: 'DELETE' })
    expect(answer.status).toBe(204)
    expect(await answer.text()).toBe('')
    expect(answer.headers.get('content-length')).toBeNull()
    expect(answer.headers.get('content-type')).toBeNull()
  })

  it('hands on method, path, query, headers and body', async () => {
    await fetch(`${server.baseUrl}/a%2Fb?tag=x&tag=y%20z`, {
      method: 'PUT',
      body: '{"n":1}',
      headers: { 'X-Some': 'v' },
    })
    const [request] = seen
    expect(request).toMatchObject({ method: 'PUT', path: '/a%2Fb', body: { kind: 'json', value: { n: 1 } } })
    expect(request?.query.getAll('tag')).toEqual(['x', 'y z'])
    expect(request?.headers['x-some']).toBe('v')
  })

  it('tells a malformed body and none apart', async () => {
    await post('{"n":')
    await post('')
    expect(seen.map(({ body }) => body)).toEqual([{ kind: 'malformed', text: '{"n":' }, { kind: 'absent' }])
  })

  it('remembers requests, without credentials', async () => {
    await post('{"n":1}', { authorization: 'Bearer secret' })
    await clock.advance(500)
    reply = { status: 404, body: {} }
    await fetch(`${server.baseUrl}/c?page=2&page=3`, { headers: { authorization: 'Bearer secret' } })
    expect(server.requests).toEqual([
      { method: 'POST', path: '/a/b', query: {}, body: { n: 1 }, status: 200, at: 1000 },
      { method: 'GET', path: '/c', query: { page: ['2', '3'] }, status: 404, at: 1500 },
    ])
    expect(JSON.stringify(server.requests)).not.toContain('secret')
  })

  it('answers 413 to a body over 1 MiB, without asking the handler', async () => {
    expect((await post(`"${'a'.repeat(maximumBodyBytes - 2)}"`)).status).toBe(200)
    expect((await post(`"${'a'.repeat(maximumBodyBytes - 1)}"`)).status).toBe(413)
    expect(seen).toHaveLength(1)
    expect(server.requests.map(({ status }) => status)).toEqual([200, 413])
  })

  it('answers 500 to a bug, and remembers it', async () => {
    const bug = new Error('a bug')
    reply = () => {
      throw bug
    }
    const answer = await fetch(server.baseUrl)
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ message: 'Internal Server Error' })
    expect(server.failures).toEqual([bug])
  })

  it('closes at once though a connection is kept alive', async () => {
    await (await fetch(server.baseUrl)).text()
    await server.close()
    await expect(fetch(server.baseUrl)).rejects.toThrow()
  })

  it('takes a strange target for a path', async () => {
    const { port } = new URL(server.baseUrl)
    const status = await new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', path: '//?a=%E0%A4%A' }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
    expect(seen[0]?.path).toBe('//')
  })

  it('takes a whole URL for the path in it, as clients of a proxy send it', async () => {
    const { port } = new URL(server.baseUrl)
    await new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', path: 'http://example.com/a//b?c=http://d/' }, resolve)
        .on('error', reject)
        .end()
    })
    expect(seen[0]?.path).toBe('/a//b')
    expect(seen[0]?.query.get('c')).toBe('http://d/')
  })

  it('refuses a port that is taken', async () => {
    const port = Number(new URL(server.baseUrl).port)
    await expect(startServer({ handle: () => ({ status: 200 }), port, clock })).rejects.toThrow('EADDRINUSE')
  })
})

describe('a router', () => {
  const find = router([
    { method: 'GET', path: '/images', handler: 'list' },
    { method: 'GET', path: '/images/:id', handler: 'get' },
    { method: 'DELETE', path: '/images/:id', handler: 'delete' },
  ])

  it('finds handlers and decodes parameters', () => {
    expect(find('GET', '/images')).toEqual({ kind: 'handler', handler: 'list', params: {} })
    expect(find('GET', '/images/a%2Fb%20c')).toEqual({ kind: 'handler', handler: 'get', params: { id: 'a/b c' } })
    expect(find('DELETE', `/images/${'x'.repeat(1000)}`)).toMatchObject({ handler: 'delete' })
  })

  it('tells other methods from nothing', () => {
    expect(find('PUT', '/images/1')).toEqual({ kind: 'other-methods', methods: ['GET', 'DELETE'] })
    expect(find('PROPFIND', '/images')).toEqual({ kind: 'other-methods', methods: ['GET'] })
    expect(find('GET', '/else')).toEqual({ kind: 'nothing' })
    expect(find('GET', '/images/%zz')).toEqual({ kind: 'nothing' })
    expect(find('GET', '')).toEqual({ kind: 'nothing' })
  })
})

describe('fetching a source', () => {
  const disk = bootableDisk()
  let source: FileSource

  beforeEach(async () => {
    source = await startFileSource({
      '/disk.raw': { bytes: disk },
      '/chunked.raw': { bytes: disk, chunked: true },
      '/cut.raw': { bytes: disk, cutAfter: 100 },
      '/cut-chunked.raw': { bytes: disk, cutAfter: 100, chunked: true },
      '/no-head.raw': { bytes: disk, headStatus: 405 },
      '/head-only.raw': { bytes: disk, getStatus: 403 },
      '/moved.raw': { redirectTo: '/further/' },
      '/further/': { redirectTo: 'disk.raw' },
      '/further/disk.raw': { bytes: disk },
      '/circle.raw': { redirectTo: '/circle.raw' },
      '/ftp.raw': { redirectTo: 'ftp://127.0.0.1/disk.raw' },
      '/silent.raw': { silent: true },
    })
  })
  afterEach(() => source.close())

  it('asks HEAD, then GET, and takes the bytes as they are', async () => {
    const answer = await fetchSource(source.url('/disk.raw?signature=s'))
    expect(answer).toEqual({
      ok: true,
      bytes: disk,
      fileName: 'disk.raw',
      headStatus: 200,
      contentLength: disk.length,
    })
    expect(source.requests).toEqual(['HEAD /disk.raw?signature=s', 'GET /disk.raw?signature=s'])
  })

  it('sends no credentials', async () => {
    const url = source.url('/disk.raw').replace('//', '//user:password@')
    expect(await fetchSource(url)).toMatchObject({ ok: true })
    expect(source.credentials).toEqual([])
  })

  it('needs no length', async () => {
    const answer = await fetchSource(source.url('/chunked.raw'))
    expect(answer).toMatchObject({ ok: true, bytes: disk })
    expect(answer).not.toHaveProperty('contentLength')
  })

  it('follows redirects, five at the most, and to http and https only', async () => {
    expect(await fetchSource(source.url('/moved.raw'))).toMatchObject({ ok: true, fileName: 'moved.raw' })
    expect(await fetchSource(source.url('/ftp.raw'))).toMatchObject({ ok: false, stage: 'head', reason: 'unreachable' })
    const before = source.requests.length
    expect(await fetchSource(source.url('/circle.raw'))).toMatchObject({ ok: false, reason: 'unreachable' })
    expect(source.requests).toHaveLength(before + 6)
  })

  it.each([
    ['/no-head.raw', { stage: 'head', reason: 'status', status: 405 }],
    ['/head-only.raw', { stage: 'get', reason: 'status', status: 403 }],
    ['/absent.raw', { stage: 'head', reason: 'status', status: 404 }],
    ['/cut.raw', { stage: 'get', reason: 'truncated' }],
    ['/cut-chunked.raw', { stage: 'get', reason: 'truncated' }],
  ])('tells what is wrong with %s', async (path, expected) => {
    expect(await fetchSource(source.url(path))).toMatchObject({ ok: false, ...expected })
  })

  it('takes no more than it may', async () => {
    const options = { maximumBytes: disk.length - 1 }
    const failed = { ok: false, reason: 'too-large' }
    expect(await fetchSource(source.url('/disk.raw'), options)).toMatchObject({ ...failed, stage: 'head' })
    expect(await fetchSource(source.url('/chunked.raw'), options)).toMatchObject({ ...failed, stage: 'get' })
    expect(await fetchSource(source.url('/disk.raw'), { maximumBytes: disk.length })).toMatchObject({ ok: true })
  })

  it('never throws, whatever it is given', async () => {
    const unreachable = { ok: false, stage: 'head', reason: 'unreachable' }
    for (const url of ['', 'nonsense', 'file:///etc/hostname', 'http://127.0.0.1:1/x.raw']) {
      expect(await fetchSource(url)).toMatchObject(unreachable)
    }
    expect(await fetchSource(source.url('/disk.raw'), { signal: AbortSignal.abort() })).toMatchObject(unreachable)
  })

  it('gives up on silence', async () => {
    const answer = await fetchSource(source.url('/silent.raw'), { idleTimeout: 30 })
    expect(answer).toMatchObject({ ok: false, reason: 'unreachable', detail: 'HEAD failed: ETIMEDOUT' })
  })

  it('gives up on a host that closes without an answer, or wants another protocol', async () => {
    const host = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (asked) => {
        const isUpgrade = asked.includes('/upgrade.raw')
        socket.end(isUpgrade ? 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n' : '')
      })
    })
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    const { port } = host.address() as AddressInfo
    for (const path of ['upgrade.raw', 'nothing.raw']) {
      const answer = await fetchSource(`http://127.0.0.1:${port}/${path}`)
      expect(answer).toMatchObject({ ok: false, stage: 'head', reason: 'unreachable' })
    }
    await new Promise((resolve) => host.close(resolve))
  })

  it('stops when it is told to', async () => {
    const abort = new AbortController()
    const answer = fetchSource(source.url('/silent.raw'), { signal: abort.signal })
    abort.abort()
    expect(await answer).toMatchObject({ ok: false, reason: 'unreachable' })
  })

  it('says nothing of the URL', async () => {
    const answer = await fetchSource(source.url('/absent.raw?signature=secret'))
    expect(JSON.stringify(answer)).not.toContain('secret')
  })
})
