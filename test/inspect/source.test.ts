import type { RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isInspectError } from '../../src/inspect/inspect-error.ts'
import type { ImageSource } from '../../src/inspect/source/image-source.ts'
import type { SourceOptions } from '../../src/inspect/source/source-options.ts'
import { openUrl } from '../../src/inspect/source/url-source.ts'
import { loopback } from '../loopback.ts'
import { certificatesFor, openssl } from '../self-made-certificates.ts'
import { isCi } from '../tools.ts'
import { linesOf } from './lines-of.ts'
import { type Asked, give, type Manners, noting, variedBytes } from './source-server.ts'

if (!openssl)
  process.stderr.write('openssl is not installed: the cases that need a certificate of their own are left out\n')

it.runIf(isCi)('openssl is installed on the build machine', () => {
  expect(openssl).toBe(true)
})

const kibibyte = 1024
const { listen, closeAll } = loopback()
const sources: ImageSource[] = []
const rawServers: Server[] = []
const rawSockets = new Set<Socket>()

afterEach(async () => {
  for (const source of sources.splice(0)) await source.close()
  closeAll()
  for (const server of rawServers.splice(0)) server.close()
  for (const socket of rawSockets) socket.destroy()
})

const open = async (url: string, options: SourceOptions = {}): Promise<ImageSource> => {
  const source = await openUrl(url, { allowPrivate: true, ...options })
  sources.push(source)
  return source
}

const urlFacts = (source: ImageSource) => {
  const facts = source.facts()
  if (facts.kind !== 'url') throw new Error('Not at a URL')
  return facts
}

/** A server that answers every request on a connection with these bytes, whatever HTTP says to them. */
const rawServer = async (answer: (request: string, socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    rawSockets.add(socket)
    socket.on('close', () => rawSockets.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', (data) => answer(data.toString('latin1'), socket))
  })
  rawServers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return `http://127.0.0.1:${address.port}/disk.raw`
}

const openGiven = async (bytes: Uint8Array, manners: Manners = {}, options: SourceOptions = {}) => {
  const asked: Asked[] = []
  const base = await listen(noting(asked, (request, response) => give(bytes, request, response, manners)))
  return { source: await open(`${base}/images/disk%20one.raw`, options), asked }
}

const openAt = async (listener: RequestListener, path = '/disk.raw', options: SourceOptions = {}) => {
  const asked: Asked[] = []
  const base = await listen(noting(asked, listener))
  return { source: await open(`${base}${path}`, options), asked }
}

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isInspectError(error)) throw new Error(`No InspectError: ${String(error)}`)
  return error
}

describe('a file at a URL', () => {
  it('is opened with HEAD and one GET for its beginning, without credentials', async () => {
    const bytes = variedBytes(2_000 * kibibyte)
    const { source, asked } = await openGiven(bytes, { headers: { etag: '"a"', 'last-modified': 'yesterday' } })
    expect(asked.map(({ method, range }) => [method, range])).toEqual([
      ['HEAD', undefined],
      ['GET', 'bytes=0-327679'],
    ])
    expect(
      asked.every(({ headers }) => headers['accept-encoding'] === 'identity' && headers.authorization === undefined),
    ).toBe(true)
    expect(source.length).toBe(bytes.length)
    expect(source.cost()).toEqual({ requests: 2, bytes: 320 * kibibyte })
    expect(source.facts()).toMatchObject({
      kind: 'url',
      fileName: 'disk one.raw',
      hasQuery: false,
      hasUserInfo: false,
      head: { status: 200, bytes: bytes.length, differences: [] },
      hops: [{ status: 206 }],
      ranges: true,
      contentType: 'application/octet-stream',
      etag: '"a"',
      lastModified: 'yesterday',
    })
  })

  it('is told without what may be secret in its URL, and asked for without user and password', async () => {
    const asked: Asked[] = []
    const base = await listen(noting(asked, (request, response) => give(variedBytes(10), request, response)))
    const source = await open(`${base.replace('//', '//user:hidden@')}/disk.raw?signature=concealed#fragment`)
    expect(urlFacts(source)).toMatchObject({
      url: `${base}/disk.raw`,
      hasQuery: true,
      hasUserInfo: true,
      hops: [{ url: `${base}/disk.raw` }],
    })
    expect(asked.map(({ path }) => path)).toEqual(['/disk.raw?signature=concealed', '/disk.raw?signature=concealed'])
    expect(asked.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  it('is told without what its server repeats of the queries that it was asked with, and in few words', async () => {
    const { source } = await openAt((request, response) => {
      if (request.url?.startsWith('/disk.raw') === true)
        response.writeHead(302, { location: '/there?key=sig%2Fof%2Bhop&part=media' }).end()
      else
        give(variedBytes(1_000), request, response, {
          headers: {
            etag: '"/disk.raw?signature=concealed%2Fone"',
            'last-modified': `sig%2fof%2bhop sig/of+hop ${encodeURIComponent('concealed/one')}`,
            'content-encoding': 'x; concealed/one; CONCEALED%2FONE',
            'content-type': `text/plain; ${'long'.repeat(100)}`,
          },
        })
    }, '/disk.raw?signature=concealed%2Fone')
    expect(JSON.stringify(source.facts())).not.toMatch(/concealed|of.{1,3}hop/i)
    expect(urlFacts(source)).toMatchObject({
      etag: '"/disk.raw?signature=[redacted]"',
      lastModified: '[redacted] [redacted] [redacted]',
      contentEncoding: 'x; [redacted]; [redacted]',
    })
    expect(urlFacts(source).contentType).toHaveLength(201)
    expect(await source.fullPass()).toMatchObject({ bytes: 1_000 })
  })

  it('keeps what its query asks the server to call it', async () => {
    const headers = { 'content-type': 'application/x-tar', 'content-encoding': 'identity' }
    const { source } = await openAt(
      (request, response) => give(variedBytes(10), request, response, { headers }),
      '/disk.raw?response-content-type=application%2Fx-tar&encoding=identity',
    )
    expect(urlFacts(source)).toMatchObject({ contentType: 'application/x-tar', contentEncoding: 'identity' })
  })

  it('has an empty file name where its path ends in a slash, and one as it stands where it cannot be decoded', async () => {
    const listener: RequestListener = (request, response) => give(variedBytes(10), request, response)
    expect(urlFacts((await openAt(listener, '/images/')).source).fileName).toBe('')
    expect(urlFacts((await openAt(listener, '/100%.raw')).source).fileName).toBe('100%.raw')
  })

  it.each(['nothing', 'ftp://example.com/disk.raw', 'file:///etc/passwd', ''])(
    'is refused where %j is no URL of a web server',
    async (url) => {
      expect(await failureOf(openUrl(url))).toMatchObject({ kind: 'invalid-argument' })
    },
  )

  it.each([
    [403, /public/],
    [401, /public/],
    [404, /no file/],
    [410, /no file/],
    [429, /wait/],
    [500, /failed/],
    [503, /failed/],
    [302, /answers GET/],
  ])('is unreachable where GET is answered with status %i, which says what to do', async (status, hint) => {
    const base = await listen((_request, response) => response.writeHead(status).end('no'))
    const error = await failureOf(open(`${base}/disk.raw?signature=concealed`))
    expect(error).toMatchObject({ kind: 'unreachable', status })
    expect(error.hint).toMatch(hint)
    expect(JSON.stringify(error) + error.stack).not.toContain('concealed')
  })

  it('is unreachable where nobody listens, without a word of the query', async () => {
    const base = await listen(() => undefined)
    closeAll()
    const error = await failureOf(open(`${base}/disk.raw?signature=concealed`))
    expect(error).toMatchObject({ kind: 'unreachable', message: `GET ${base}/disk.raw got no answer (ECONNREFUSED)` })
    expect(JSON.stringify(error) + error.stack).not.toContain('concealed')
  })

  it('is unreachable where what answers is no HTTP', async () => {
    const url = await rawServer((_request, socket) => socket.end('SSH-2.0-OpenSSH\r\n'))
    expect(await failureOf(open(url))).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('HPE_') })
  })

  it.runIf(openssl)('is unreachable where nobody trusts the certificate of the server', async () => {
    const { cert, key } = certificatesFor(['IP:127.0.0.1'])
    const server = createSecureServer({ cert, key }, (request, response) => give(variedBytes(10), request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('No port')
    const error = await failureOf(open(`https://127.0.0.1:${address.port}/disk.raw`))
    server.close()
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    })
    expect(error.hint).toContain('certificate')
  })

  it('tells of a content encoding and does not undo it', async () => {
    const bytes = variedBytes(1_000)
    const { source } = await openGiven(bytes, { headers: { 'content-encoding': 'gzip' } })
    expect(urlFacts(source).contentEncoding).toBe('gzip')
    expect(Buffer.from((await source.read(0, 1_000)).bytes).equals(bytes)).toBe(true)
  })
})

describe('HEAD', () => {
  const bytes = variedBytes(5_000)
  const withHead =
    (head: RequestListener): RequestListener =>
    (request, response) =>
      request.method === 'HEAD'
        ? head(request, response)
        : give(bytes, request, response, { headers: { etag: '"a"', 'last-modified': 'now' } })

  it.each([403, 404, 405, 501, 500])(
    'that is answered with status %i is a difference where GET works',
    async (status) => {
      const { source } = await openAt(withHead((_request, response) => response.writeHead(status).end()))
      expect(urlFacts(source).head).toEqual({
        status,
        differences: [`HEAD is answered with status ${status}, GET with 206`],
      })
      expect((await source.read(0, 5_000)).bytes).toHaveLength(5_000)
    },
  )

  it.each<[string, Record<string, string>, string]>([
    ['length', { 'content-length': '4999', etag: '"a"' }, 'HEAD tells a length of 4999 bytes, GET of 5000'],
    ['ETag', { 'content-length': '5000', etag: '"b"' }, 'HEAD tells another ETag than GET'],
    ['date', { 'content-length': '5000', 'last-modified': 'then' }, 'HEAD tells another Last-Modified than GET'],
    [
      'type',
      { 'content-type': 'text/html; charset=utf-8' },
      'One of HEAD and GET tells of a web page, the other does not',
    ],
  ])('that tells another %s than GET says so', async (_what, headers, difference) => {
    const { source } = await openAt(withHead((_request, response) => response.writeHead(200, headers).end()))
    expect(urlFacts(source).head.differences).toEqual([difference])
  })

  it('that tells a weak ETag of the same text, or another type that is no web page, is no difference', async () => {
    const headers = { etag: 'W/"a"', 'content-type': 'application/x-qemu-disk' }
    const { source } = await openAt(withHead((_request, response) => response.writeHead(200, headers).end()))
    expect(urlFacts(source).head.differences).toEqual([])
  })

  it('that tells less than GET is no difference', async () => {
    const { source } = await openAt(withHead((_request, response) => response.writeHead(200).end()))
    expect(urlFacts(source).head).toEqual({ status: 200, differences: [] })
  })

  it('that breaks off is a difference without a status', async () => {
    const { source } = await openAt(withHead((request) => request.socket.destroy()))
    expect(urlFacts(source).head).toEqual({
      differences: [expect.stringMatching(/^HEAD http.*disk\.raw got no answer \(ECONNRESET\)$/)],
    })
  })

  it('that is answered with a body does not spoil the connection for GET', async () => {
    const url = await rawServer((request, socket) => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
      const part = 'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/5\r\nContent-Length: 5\r\n\r\n'
      socket.write(request.startsWith('HEAD') ? `${head}hello` : `${part}hello`)
    })
    const source = await open(url)
    expect(Buffer.from((await source.read(0, 5)).bytes).toString()).toBe('hello')
    expect(urlFacts(source).head.differences).toEqual([])
  })

  it('may be the last that a connection is good for, which costs no request more', async () => {
    const used = new Set<Socket>()
    const url = await rawServer((request, socket) => {
      if (used.has(socket)) socket.destroy()
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${request.startsWith('HEAD') ? '' : 'hello'}`)
      used.add(socket)
    })
    const source = await open(url)
    expect((await source.read(0, 5)).bytes).toHaveLength(5)
    expect(source.cost().requests).toBe(2)
  })

  it('is asked along redirects of its own', async () => {
    const { source, asked } = await openAt((request, response) => {
      if (request.url === '/disk.raw') response.writeHead(302, { location: '/other.raw' }).end()
      else give(bytes, request, response)
    })
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'HEAD /disk.raw',
      'HEAD /other.raw',
      'GET /disk.raw',
      'GET /other.raw',
    ])
    expect(urlFacts(source).head.differences).toEqual([])
  })
})

describe('redirects', () => {
  const bytes = variedBytes(1_000 * kibibyte)
  const chain =
    (length: number, status = 302): RequestListener =>
    (request, response) => {
      const step = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 0)
      if (step < length) response.writeHead(status, { location: `/${step + 1}?signature=concealed` }).end('moved')
      else give(bytes, request, response)
    }

  it.each([301, 302, 303, 307, 308])(
    'of status %i are followed, and further parts are asked for at their end',
    async (status) => {
      const { source, asked } = await openAt(chain(1, status), '/0')
      await source.read(900 * kibibyte, 10)
      expect(asked.map(({ method, path }) => `${method} ${path}`).slice(2)).toEqual([
        'GET /0',
        'GET /1?signature=concealed',
        'GET /1?signature=concealed',
      ])
      expect(urlFacts(source).hops.map((hop) => [new URL(hop.url).pathname, hop.status])).toEqual([
        ['/0', status],
        ['/1', 206],
      ])
      expect(JSON.stringify(source.facts())).not.toContain('concealed')
      expect(source.cost().requests).toBe(5)
    },
  )

  it('are followed four times and no more', async () => {
    expect(urlFacts((await openAt(chain(4), '/0')).source).hops).toHaveLength(5)
    expect(await failureOf(openAt(chain(5), '/0'))).toMatchObject({ kind: 'too-many-redirects' })
  })

  it('that lead to another scheme end the look, and what they lead to is not told', async () => {
    const listener: RequestListener = (_request, response) =>
      response.writeHead(302, { location: 'ftp://concealed/' }).end()
    const error = await failureOf(openAt(listener))
    expect(error).toMatchObject({ kind: 'unreachable', status: 302 })
    expect(JSON.stringify(error)).not.toContain('concealed')
  })
})

describe('a part of a file', () => {
  const bytes = variedBytes(3_000 * kibibyte)
  const at = 1_500 * kibibyte

  it('costs nothing where it is known, and 48 KiB where it is not', async () => {
    const { source, asked } = await openGiven(bytes)
    expect(Buffer.from((await source.read(100, 200)).bytes).equals(bytes.subarray(100, 300))).toBe(true)
    expect(asked).toHaveLength(2)
    expect(Buffer.from((await source.read(at, 10)).bytes).equals(bytes.subarray(at, at + 10))).toBe(true)
    expect(asked.at(-1)?.range).toBe(`bytes=${at}-${at + 48 * kibibyte - 1}`)
    await source.read(at + 40 * kibibyte, 8 * kibibyte)
    expect(source.cost()).toEqual({ requests: 3, bytes: 368 * kibibyte })
  })

  it('that is partly known costs only what is not', async () => {
    const { source, asked } = await openGiven(bytes)
    const part = await source.read(300 * kibibyte, 100 * kibibyte)
    expect(asked.at(-1)?.range).toBe(`bytes=${320 * kibibyte}-${400 * kibibyte - 1}`)
    expect(Buffer.from(part.bytes).equals(bytes.subarray(300 * kibibyte, 400 * kibibyte))).toBe(true)
  })

  it('between two that are known is asked for exactly', async () => {
    const { source, asked } = await openGiven(bytes)
    await source.read(330 * kibibyte, 1)
    await source.read(310 * kibibyte, 30 * kibibyte)
    expect(asked.at(-1)?.range).toBe(`bytes=${320 * kibibyte}-${330 * kibibyte - 1}`)
  })

  it('at the end comes with what stands before it, so that a table that is read backwards costs one request', async () => {
    const { source, asked } = await openGiven(bytes)
    const last = await source.read(bytes.length - 512, 512)
    await source.read(bytes.length - 33 * 512, 32 * 512)
    expect(Buffer.from(last.bytes).equals(bytes.subarray(-512))).toBe(true)
    expect(asked.slice(2).map(({ range }) => range)).toEqual([
      `bytes=${bytes.length - 48 * kibibyte}-${bytes.length - 1}`,
    ])
  })

  it('ends with the file, and there is none beyond it', async () => {
    const { source, asked } = await openGiven(bytes)
    const last = await source.read(bytes.length - 10, 100)
    expect(last).toMatchObject({ short: 'end' })
    expect(last.bytes).toHaveLength(10)
    expect(await source.read(bytes.length, 1)).toMatchObject({ bytes: new Uint8Array(), short: 'end' })
    expect(await source.read(2 ** 52, 1)).toMatchObject({ short: 'end' })
    for (const place of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(await source.read(place, 10)).toMatchObject({ short: 'end' })
    expect(asked).toHaveLength(3)
  })

  it('that several ask for at once is fetched once', async () => {
    const { source } = await openGiven(bytes)
    const parts = await Promise.all([source.read(at, 10), source.read(at, 10), source.read(at + 5, 10)])
    expect(parts.every((part) => part.short === undefined)).toBe(true)
    expect(source.cost().requests).toBe(3)
  })

  it('of an empty file is none', async () => {
    for (const manners of [{}, { ranges: false }, { ranges: false, chunked: true }]) {
      const { source } = await openGiven(new Uint8Array(), manners)
      expect(source.length).toBe(0)
      expect(await source.read(0, 10)).toMatchObject({ short: 'end' })
      expect(linesOf(source.unavailable())).toEqual([])
      expect(urlFacts(source).head.differences).toEqual([])
    }
  })
})

describe('a server without ranges', () => {
  const bytes = variedBytes(3_000 * kibibyte)

  it.each([false, true])(
    'is read on in its one answer, as far as is asked for and allowed (chunked: %s)',
    async (chunked) => {
      const { source, asked } = await openGiven(bytes, { ranges: false, chunked })
      expect(urlFacts(source).ranges).toBe(false)
      expect(source.length).toBe(chunked ? undefined : bytes.length)
      const part = await source.read(500 * kibibyte, 10)
      expect(Buffer.from(part.bytes).equals(bytes.subarray(500 * kibibyte, 500 * kibibyte + 10))).toBe(true)
      expect(source.cost()).toEqual({ requests: 2, bytes: 500 * kibibyte + 10 })
      expect(await source.read(10, 10)).toEqual({ bytes: bytes.subarray(10, 20) })

      const far = await source.read(850 * kibibyte, 1_000 * kibibyte)
      expect(far.short).toBe('unavailable')
      expect(Buffer.from(far.bytes).equals(bytes.subarray(850 * kibibyte, 850 * kibibyte + far.bytes.length))).toBe(
        true,
      )
      expect(source.cost().bytes).toBe(1_024 * kibibyte)
      expect(linesOf(source.unavailable())).toEqual([expect.stringContaining('the server gives no parts')])
      expect(asked).toHaveLength(2)
    },
  )

  it('is not read on for what lies too far ahead', async () => {
    const { source } = await openGiven(bytes, { ranges: false })
    expect(await source.read(bytes.length - 512, 512)).toMatchObject({ short: 'unavailable' })
    expect(source.cost().bytes).toBe(320 * kibibyte)
  })

  it('tells the length of the file by its end where it does not tell it before', async () => {
    const short = variedBytes(400 * kibibyte)
    const { source } = await openGiven(short, { ranges: false, chunked: true })
    const part = await source.read(399 * kibibyte, 10 * kibibyte)
    expect(part).toMatchObject({ short: 'end' })
    expect(part.bytes).toHaveLength(kibibyte)
    expect(source.length).toBe(short.length)
  })

  it('and with a file that it breaks off tells no end where there is none', async () => {
    const { source } = await openAt((request, response) => {
      response.writeHead(200, { 'content-length': 500_000 })
      if (request.method === 'HEAD') response.end()
      else response.write(bytes.subarray(0, 350_000), () => response.destroy())
    })
    const part = await source.read(340_000, 20_000)
    expect(part.short).toBe('unavailable')
    expect(part.bytes.length).toBeLessThanOrEqual(10_000)
    // What was told was wrong, and how long the file is nobody knows.
    expect(source.length).toBeUndefined()
    expect(await source.read(499_999, 1)).toMatchObject({ short: 'unavailable' })
    expect(await source.read(600_000, 1)).toMatchObject({ short: 'unavailable' })
    expect(urlFacts(source).brokenOff).toBe(true)
    expect(linesOf(source.unavailable())).toEqual([
      expect.stringMatching(
        /^bytes \d+ to 359999, 499999 to 499999 and 600000 to 600000 of the file: the server broke off after \d+ bytes$/,
      ),
    ])
  })

  it.each([
    ['with a length', { 'content-length': 500_000 }],
    ['without a length', {}],
  ])('and with a file %s that it breaks off at once tells so', async (_what, headers) => {
    const { source } = await openAt((request, response) => {
      response.writeHead(200, headers)
      if (request.method === 'HEAD') response.end()
      else response.write(bytes.subarray(0, 1_000), () => setImmediate(() => response.destroy()))
    })
    expect(urlFacts(source).brokenOff).toBe(true)
    expect(source.length).toBeUndefined()
    for (let place = 100_000; place < 1_000_000; place += 100_000)
      expect(await source.read(place, 10)).toMatchObject({ short: 'unavailable' })
    const [line, ...further] = linesOf(source.unavailable())
    expect(further).toEqual([])
    expect(line).toMatch(
      /^bytes 100000 to 100009, 200000 to 200009, 300000 to 300009 and more of the file: the server broke off after \d+ bytes$/,
    )
  })

  it('and what is not read on because enough is known is not broken off', async () => {
    const { source } = await openGiven(bytes, { ranges: false })
    await source.read(bytes.length - 512, 512)
    await source.read(900 * kibibyte, 200 * kibibyte)
    expect(urlFacts(source)).not.toHaveProperty('brokenOff')
  })
})

describe('a server that lies', () => {
  const bytes = variedBytes(1_000 * kibibyte)
  const at = 600 * kibibyte
  /** Gives the beginning as it should be, and the rest in its own way. */
  const later =
    (listener: RequestListener): RequestListener =>
    (request, response) =>
      request.headers.range?.startsWith('bytes=0-') === true || request.method === 'HEAD'
        ? give(bytes, request, response)
        : listener(request, response)

  it.each<[string, RequestListener, RegExp]>([
    ['all of it', (request, response) => give(bytes, request, response, { ranges: false }), /answered 200/],
    ['an error', (_request, response) => response.writeHead(503).end(), /answered 503/],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/' }).end(), /answered 302/],
    [
      'another part',
      (_request, response) =>
        response
          .writeHead(206, { 'content-range': `bytes 700000-700009/${bytes.length}` })
          .end(bytes.subarray(700_000, 700_010)),
      /another part/,
    ],
    ['no place', (_request, response) => response.writeHead(206).end('0123456789'), /another part/],
    [
      'several parts',
      (_request, response) =>
        response.writeHead(206, { 'content-type': 'multipart/byteranges; boundary=x' }).end('--x--'),
      /another part/,
    ],
    [
      'a place beyond the end',
      (_request, response) =>
        response.writeHead(206, { 'content-range': `bytes ${at}-${at + 9}/10` }).end('0123456789'),
      /another part/,
    ],
    [
      'the head of an answer',
      (_request, response) => {
        response.writeHead(206, { 'content-range': `bytes ${at}-${at + 9}/${bytes.length}`, 'content-length': 10 })
        response.flushHeaders()
        setImmediate(() => response.destroy())
      },
      /broke its answer off/,
    ],
    ['nothing', (request) => request.socket.destroy(), /got no answer \(ECONNRESET\)/],
  ])('and gives %s for a part leaves it unavailable, with the reason', async (_what, listener, reason) => {
    const { source } = await openAt(later(listener))
    expect(await source.read(at, 10)).toMatchObject({ bytes: new Uint8Array(), short: 'unavailable' })
    expect(linesOf(source.unavailable())).toEqual([expect.stringMatching(reason)])
    expect(linesOf(source.unavailable())[0]).toContain(`bytes ${at} to ${at + 9} of the file`)
  })

  it('and gives another part has it kept where it stands', async () => {
    const part = bytes.subarray(at - 100, at + 100)
    const { source } = await openAt(
      later((_request, response) =>
        response.writeHead(206, { 'content-range': `bytes ${at - 100}-${at + 99}/${bytes.length}` }).end(part),
      ),
    )
    expect(await source.read(at, 100)).toEqual({ bytes: bytes.subarray(at, at + 100) })
    expect(await source.read(at - 100, 100)).toEqual({ bytes: bytes.subarray(at - 100, at) })
  })

  it('and gives less than a part is asked for the rest', async () => {
    const { source } = await openAt(
      later((request, response) => {
        const first = Number(/\d+/.exec(request.headers.range ?? '')?.[0])
        response
          .writeHead(206, { 'content-range': `bytes ${first}-${first + 999}/${bytes.length}` })
          .end(bytes.subarray(first, first + 1_000))
      }),
    )
    expect(await source.read(at, 2_500)).toEqual({ bytes: bytes.subarray(at, at + 2_500) })
    expect(source.cost().requests).toBe(5)
  })

  it('and breaks a part off is asked for the rest', async () => {
    let tries = 0
    const { source } = await openAt(
      later((request, response) => {
        tries += 1
        if (tries > 1) return give(bytes, request, response)
        response.writeHead(206, {
          'content-range': `bytes ${at}-${at + 9_999}/${bytes.length}`,
          'content-length': 10_000,
        })
        return response.write(bytes.subarray(at, at + 5_000), () => setImmediate(() => response.destroy()))
      }),
    )
    expect(urlFacts(source)).not.toHaveProperty('brokenOff')
    expect(await source.read(at, 10_000)).toEqual({ bytes: bytes.subarray(at, at + 10_000) })
    expect(tries).toBe(2)
    expect(urlFacts(source).brokenOff).toBe(true)
  })

  it('and breaks the first part off is told of', async () => {
    const { source } = await openAt((request, response) => {
      if (request.method === 'HEAD') return give(bytes, request, response)
      response.writeHead(206, { 'content-range': `bytes 0-327679/${bytes.length}`, 'content-length': 327_680 })
      return response.write(bytes.subarray(0, 1_000), () => setImmediate(() => response.destroy()))
    })
    expect(urlFacts(source)).toMatchObject({ ranges: true, brokenOff: true })
    expect(source.length).toBe(bytes.length)
  })

  it('and ends a part before all that it tells of is told of', async () => {
    const { source } = await openAt(
      later((_request, response) =>
        response.writeHead(206, { 'content-range': `bytes ${at}-${at + 9_999}/${bytes.length}` }).end('0123456789'),
      ),
    )
    expect((await source.read(at, 10)).bytes).toHaveLength(10)
    expect(urlFacts(source).brokenOff).toBe(true)
  })

  it('and gives more than a part is not read on', async () => {
    const { source } = await openAt(
      later((_request, response) => {
        response
          .writeHead(206, { 'content-range': `bytes ${at}-${bytes.length - 1}/${bytes.length}` })
          .end(bytes.subarray(at))
      }),
    )
    expect(await source.read(at, 10)).toEqual({ bytes: bytes.subarray(at, at + 10) })
    expect(source.cost().bytes).toBe(368 * kibibyte)
  })

  it('and sends more than it promises gives what it promises', async () => {
    const url = await rawServer((request, socket) => {
      const length = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
      socket.write(request.startsWith('HEAD') ? length : `${length}hello, and more than that`)
    })
    const source = await open(url)
    expect(source.length).toBe(5)
    expect(Buffer.from((await source.read(0, 100)).bytes).toString()).toBe('hello')
  })

  it.each<[string, Record<string, string>]>([
    ['without a place', {}],
    ['from elsewhere', { 'content-range': 'bytes 100-109/3000' }],
    ['in several parts', { 'content-type': 'multipart/byteranges; boundary=x' }],
  ])('and gives the beginning %s is asked for all of it', async (_what, headers) => {
    const { source, asked } = await openAt((request, response) => {
      if (request.headers.range === undefined) give(bytes, request, response, { ranges: false })
      else response.writeHead(206, headers).end('0123456789')
    })
    expect(asked.map(({ method, range }) => [method, range !== undefined])).toEqual([
      ['HEAD', false],
      ['GET', true],
      ['GET', false],
    ])
    expect(urlFacts(source).ranges).toBe(false)
    expect(await source.read(0, 1_000)).toEqual({ bytes: bytes.subarray(0, 1_000) })
  })

  it('and does not tell the length of the whole file has its end found by what it has not', async () => {
    const short = variedBytes(330 * kibibyte)
    const { source } = await openAt((request, response) => {
      const [first = 0, last = 0] = (request.headers.range ?? '').match(/\d+/g)?.map(Number) ?? []
      if (first >= short.length) return response.writeHead(416).end()
      const end = Math.min(last + 1, short.length)
      return response.writeHead(206, { 'content-range': `bytes ${first}-${end - 1}/*` }).end(short.subarray(first, end))
    })
    expect(source.length).toBeUndefined()
    expect(await source.read(325 * kibibyte, 10 * kibibyte)).toEqual({
      bytes: short.subarray(325 * kibibyte),
      short: 'end',
    })
    expect(source.length).toBe(short.length)
  })

  it('and says of a range from the first byte that it is not there, though the file has bytes, is unreachable', async () => {
    const listener: RequestListener = (_request, response) =>
      response.writeHead(416, { 'content-range': 'bytes */5000' }).end()
    expect(await failureOf(openAt(listener))).toMatchObject({ kind: 'unreachable', status: 416 })
  })
})

describe('a file that is written while it is looked at', () => {
  const bytes = variedBytes(1_000 * kibibyte)
  const readAfter = async (before: Record<string, string>, after: Record<string, string>, other = bytes) => {
    let isLater = false
    const { source } = await openAt((request, response) => {
      give(isLater ? other : bytes, request, response, { headers: isLater ? after : before })
    })
    isLater = true
    return source.read(600 * kibibyte, 10)
  }

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['another strong ETag', { etag: '"a"' }, { etag: '"b"' }],
    [
      'another strong ETag and the same date',
      { etag: '"a"', 'last-modified': 'now' },
      { etag: '"b"', 'last-modified': 'now' },
    ],
    ['another Last-Modified', { 'last-modified': 'then' }, { 'last-modified': 'now' }],
    ['another weak ETag and nothing that says otherwise', { etag: 'W/"a"' }, { etag: 'W/"b"' }],
    [
      'another weak ETag and another date',
      { etag: 'W/"a"', 'last-modified': 'then' },
      { etag: 'W/"b"', 'last-modified': 'now' },
    ],
  ])('is told by %s', async (_what, before, after) => {
    expect(await failureOf(readAfter(before, after))).toMatchObject({ kind: 'changed' })
  })

  it('is told by another length', async () => {
    expect(await failureOf(readAfter({}, {}, variedBytes(1_001 * kibibyte)))).toMatchObject({ kind: 'changed' })
    expect(await failureOf(readAfter({}, {}, variedBytes(400 * kibibyte)))).toMatchObject({ kind: 'changed' })
  })

  it.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'weak ETags of a balanced server',
      { etag: 'W/"a"', 'last-modified': 'now' },
      { etag: 'W/"b"', 'last-modified': 'now' },
    ],
    [
      'dates of mirrors with the same strong ETag',
      { etag: '"a"', 'last-modified': 'then' },
      { etag: '"a"', 'last-modified': 'now' },
    ],
    ['an ETag that is missing later', { etag: '"a"' }, {}],
  ])('is not told by %s', async (_what, before, after) => {
    expect((await readAfter(before, after)).bytes).toHaveLength(10)
  })
})
