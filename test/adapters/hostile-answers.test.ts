import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { RequestListener, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { inspect } from 'node:util'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { type ImageStoreError, imageRef, type Runtime } from 'imageferry'
import { afterEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { impatient, loopback, providers } from '../loopback.ts'

const { listen, closeAll } = loopback()
afterEach(closeAll)

const secret = 'dop_v1_0123456789abcdef'
const mebibyte = 2 ** 20

/** What one answer may cost in memory at the most, in bytes, the sending side of this same process included. */
const mostMemory = 250 * mebibyte

const costOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 5)
  await work()
  clearInterval(watch)
  return Math.max(most, process.memoryUsage().rss) - before
}

const json = { 'content-type': 'application/json' }

/** Answers everything with the same text. */
const saying =
  (body: string | Buffer, status = 200, headers: Readonly<Record<string, string>> = json): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body)
  }

/** Writes the same over and over, as fast as it is taken, until so many bytes are written or nobody listens. */
const flooding = (response: ServerResponse, most = Number.POSITIVE_INFINITY): { readonly sent: () => number } => {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  let sent = 0
  const write = (): void => {
    while (!response.destroyed && sent < most) {
      sent += chunk.length
      if (!response.write(chunk)) {
        response.once('drain', write)
        return
      }
    }
    response.end()
  }
  write()
  return { sent: () => sent }
}

const printed = (error: ImageStoreError): string =>
  [inspect(error, { depth: 9 }), JSON.stringify(error), error.stack].join('\n')

const spaces = (megabytes: number): Buffer => Buffer.alloc(megabytes * mebibyte, ' ')

const bombs: readonly (readonly [encoding: string, packed: Buffer])[] = [
  // Members one behind the other unpack to one body: this is a gibibyte in a megabyte.
  ['gzip', Buffer.concat(Array.from({ length: 64 }, () => gzipSync(spaces(16))))],
  ['deflate', deflateSync(spaces(256))],
  ['br', brotliCompressSync(spaces(256), { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
]

describe.each(providers)('$name, whose answer', ({ name, image, region, storeAt }) => {
  const ref = imageRef(image)
  const storeOver = async (listener: RequestListener, runtime?: Runtime) =>
    storeAt(await listen(listener), secret, runtime)
  const found = (more: object) => {
    const row = { id: name === 'gcore' ? 'uuid' : 7, name: 'web', ...more }
    return name === 'gcore' ? row : { image: row }
  }
  const good = JSON.stringify(found({}))

  it('is of hundreds of megabytes is not read to its end', async () => {
    const flood: { sent?: () => number } = {}
    const store = await storeOver((_, response) => {
      response.writeHead(200, { ...json, 'content-length': String(400 * mebibyte) })
      flood.sent = flooding(response, 400 * mebibyte).sent
    })
    const cost = await costOf(async () => {
      const error = await fail(store.get(ref))
      expect(error).toMatchObject({ kind: 'unexpected-response', message: expect.stringContaining('larger than') })
    })
    expect(flood.sent?.()).toBeLessThan(64 * mebibyte)
    expect(cost).toBeLessThan(mostMemory)
  })

  it('never ends is given up, and the answer to an import is looked for', async () => {
    const methods: string[] = []
    const store = await storeOver(({ method }, response) => {
      methods.push(method ?? '')
      response.writeHead(200, json)
      flooding(response)
    })
    expect((await fail(store.get(ref))).kind).toBe('unexpected-response')
    const spec = { name: 'web', url: 'https://host.example/web.qcow2', region }
    const error = await fail(store.importFromUrl(spec))
    expect(['unavailable', 'unexpected-response']).toContain(error.kind)
    expect(methods.filter((method) => method === 'POST').length).toBeLessThanOrEqual(1)
  })

  it('comes in pieces of one byte without end costs no more than any other', async () => {
    const pieces = '1\r\n \r\n'.repeat(20_000)
    let sent = 0
    const store = await storeOver(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      const write = (): void => {
        sent += 20_000
        if (!socket.destroyed) socket.write(pieces, write)
      }
      write()
    })
    const cost = await costOf(async () =>
      expect(await fail(store.get(ref))).toMatchObject({
        kind: 'unexpected-response',
        message: expect.stringContaining('too many pieces'),
      }),
    )
    expect(sent).toBeLessThan(4_000_000)
    expect(cost).toBeLessThan(mostMemory)
  })

  it.each([
    ['in one piece', [good]],
    ['in pieces of one byte', [...good]],
    ['cut within a character', [...Buffer.from(good.replace('web', 'wéb'))].map((byte) => Buffer.of(byte))],
    ['in more pieces than are held as they come', [...JSON.stringify(found({ note: 'x'.repeat(600) }))]],
  ])('comes %s is read whole, by connections that are used again', async (_, pieces) => {
    const sockets = new Set<unknown>()
    const store = await storeOver((request, response) => {
      sockets.add(request.socket)
      response.writeHead(200, json)
      for (const piece of pieces) response.write(piece)
      response.end()
    })
    for (const _ of [1, 2, 3]) expect((await succeed(store.get(ref))).name).toMatch(/^w[eé]b$/)
    expect(sockets.size).toBe(1)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is packed by %s is read, and is an error where it is cut', async (encoding, pack) => {
    const packed = pack(good)
    const headers = { ...json, 'content-encoding': encoding }
    expect(await succeed((await storeOver(saying(packed, 200, headers))).get(ref))).toMatchObject({ ref })
    const store = await storeOver((_, response) => {
      response.writeHead(200, headers).write(packed.subarray(0, packed.length / 2), () => response.destroy())
    })
    expect((await fail(store.get(ref))).kind).toBe('unavailable')
  })

  it.each(['ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED', 'ETIMEDOUT'])(
    'does not come because the connection broke with %s may be to an import that was carried out',
    async (code) => {
      const clients = new Set<Socket>()
      const onClient = (message: unknown): void => {
        if (typeof message === 'object' && message !== null && 'socket' in message && message.socket instanceof Socket)
          clients.add(message.socket)
      }
      subscribe('net.client.socket', onClient)
      const imports: unknown[] = []
      const store = await storeOver((request, response) => {
        if (request.method !== 'POST') {
          response.writeHead(200, json).end('{"images":[],"meta":{"total":0},"count":0,"results":[]}')
          return
        }
        imports.push(request.url)
        for (const client of clients)
          client.destroy(Object.assign(new Error(`read ${code}`), { code, syscall: 'read' }))
      })
      const error = await fail(store.importFromUrl({ name: 'web', url: 'https://host.example/web.qcow2', region }))
      unsubscribe('net.client.socket', onClient)
      expect(imports).toHaveLength(1)
      expect(error).toMatchObject({ unconfirmed: [{ change: expect.stringContaining('web') }] })
      expect(error.notSent).toBeUndefined()
    },
  )

  it('comes byte by byte does not outlast the time of an attempt', async () => {
    const hasty: Runtime = { ...impatient, timer: (ms, expire) => impatient.timer(ms / 1000, expire) }
    const store = await storeOver((_, response) => {
      response.writeHead(200, json)
      const drip = setInterval(() => response.write(' '), 2)
      response.on('close', () => clearInterval(drip))
    }, hasty)
    expect((await fail(store.get(ref))).kind).toBe('timeout')
  })

  it.each(bombs)(
    'is a bomb packed by %s is unpacked no further than what is read of any answer',
    async (encoding, bomb) => {
      expect(bomb.length).toBeLessThan(2 * mebibyte)
      const store = await storeOver(saying(bomb, 200, { ...json, 'content-encoding': encoding }))
      const cost = await costOf(async () => expect((await fail(store.get(ref))).kind).toBe('unexpected-response'))
      expect(cost).toBeLessThan(mostMemory)
    },
  )

  it.each(['gzip', 'deflate', 'br'])('says that it is packed by %s and is not is an error', async (encoding) => {
    const store = await storeOver(saying('neither', 200, { ...json, 'content-encoding': encoding }))
    expect(['unavailable', 'unexpected-response']).toContain((await fail(store.get(ref))).kind)
  })

  const nested = (levels: number, open = '[', close = ']') => `${open.repeat(levels)}1${close.repeat(levels)}`
  it.each([
    ['lists', nested(100_000)],
    ['objects', nested(100_000, '{"a":', '}')],
    ['both', nested(50_000, '[{"a":', '}]')],
  ])('is nested deeply, by %s, is refused, in an image and in an error', async (_, deep) => {
    const store = await storeOver(saying(JSON.stringify(found({ deep: 0 })).replace('"deep":0', `"deep":${deep}`)))
    const error = await fail(store.get(ref))
    expect(error).toMatchObject({ kind: 'unexpected-response', message: expect.stringContaining('64 levels') })
    const body = `{"message":"no","exception_class":"ValidationError","invalid_fields":{"name":${deep}}}`
    const refusing = await storeOver(saying(body, 422))
    expect((await fail(refusing.get(ref))).kind).toBe('invalid-argument')
  })

  it('is nested less than that is read, and can be written down', async () => {
    const store = await storeOver(
      saying(JSON.stringify(found({ deep: 0 })).replace('"deep":0', `"deep":${nested(50)}`)),
    )
    expect(JSON.stringify(await succeed(store.get(ref)))).toContain(nested(50))
  })

  it('is of millions of empty objects is refused before they are made', async () => {
    const store = await storeOver(saying(`{"images":[${'{},'.repeat(5_000_000)}{}],"results":[]}`))
    const cost = await costOf(async () =>
      expect(await fail(store.get(ref))).toMatchObject({
        kind: 'unexpected-response',
        message: expect.stringContaining('250000'),
      }),
    )
    expect(cost).toBeLessThan(mostMemory)
  })

  it('is a list of nothing that could be a row is refused within the same bounds', async () => {
    const rows = `[${'{},'.repeat(240_000)}{}]`
    const store = await storeOver(saying(`{"count":240001,"${name === 'gcore' ? 'results' : 'images'}":${rows}}`))
    const cost = await costOf(async () =>
      expect(await fail(store.listPage())).toMatchObject({
        kind: 'unexpected-response',
        message: expect.stringMatching(/^The answer is not what was expected at \w+List/),
      }),
    )
    expect(cost).toBeLessThan(mostMemory)
  })

  it('names prototypes changes none, and its tags are data', async () => {
    const body = JSON.stringify(
      found({
        tags: name === 'gcore' ? [{ key: '__proto__', value: 'x' }] : ['__proto__', 'constructor'],
        metadata: '?',
        metadata_detailed: [{ key: '__proto__', value: 'x' }],
      }),
    ).replace('"?"', '{"__proto__":"x","constructor":"y","toString":"z"}')
    const store = await storeOver(saying(body.replace('{', '{"__proto__":{"polluted":true},"constructor":{"a":1},')))
    const image = await succeed(store.get(ref))
    expect(image.tags).toEqual(expect.arrayContaining([expect.objectContaining({ key: '__proto__' })]))
    expect(JSON.stringify(image)).toContain('__proto__')
    const fields = '{"__proto__":["a"],"constructor":["b"],"hasOwnProperty":["c"]}'
    const refusal = `{"__proto__":{"polluted":true},"message":"no","invalid_fields":${fields}}`
    const error = await fail((await storeOver(saying(refusal, 422))).get(ref))
    expect(error).toMatchObject({ kind: 'invalid-argument', message: 'no' })
    expect(Object.getPrototypeOf(error.fields ?? {})).toBe(Object.prototype)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(printed(error)).toContain('no')
  })

  it.each<[string, RequestListener]>([
    ['JSON that is called HTML', saying(good, 200, { 'content-type': 'text/html' })],
    ['JSON without a content type', (_, response) => response.end(good)],
    ['JSON behind a byte order mark', saying(`\ufeff${good}`)],
    ['JSON that is read by its last key', saying(good.replace('"name":"web"', '"name":"old","name":"web"'))],
    [
      'an answer behind others that only inform',
      (_, response) => {
        response.writeProcessing()
        response.writeEarlyHints({ link: '</a>; rel=preload' })
        response.writeHead(200, json).end(good)
      },
    ],
  ])('is %s is read', async (_, listener) => {
    expect(await succeed((await storeOver(listener)).get(ref))).toMatchObject({ ref, name: 'web' })
  })

  it('holds bytes that are no text shows them as such', async () => {
    const body = Buffer.from(good.replace('web', 'w\u0001b'), 'utf8')
    const at = body.indexOf(1)
    body[at] = 0xff
    const image = await succeed((await storeOver(saying(body))).get(ref))
    expect(image.name).toBe('w\ufffdb')
  })

  it.each<[string, RequestListener]>([
    ['HTML that is called JSON', saying('<html>Sign in</html>')],
    ['no content with a status that says so', saying('', 204)],
    ['two values', saying(`${good}${good}`)],
    [
      'shorter than it says',
      ({ socket }) =>
        socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n${good}`),
    ],
    [
      'longer than it says',
      ({ socket }) =>
        socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n${good}`),
    ],
    ['no HTTP', ({ socket }) => socket.end('220 mail.example ESMTP\r\n')],
    ['a head without end', ({ socket }) => socket.end(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(10_000)}\r\n`)],
    [
      'a head with one endless field',
      ({ socket }) => socket.end(`HTTP/1.1 200 OK\r\nx-a: ${'b'.repeat(mebibyte)}\r\n\r\n`),
    ],
    [
      'cut in the middle of a chunk',
      ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffff\r\n{"image"'),
    ],
  ])('is %s is an error of a known kind', async (_, listener) => {
    expect(['unavailable', 'unexpected-response']).toContain((await fail((await storeOver(listener)).get(ref))).kind)
  })

  it('has words without end is cut where it is told, and says so', async () => {
    const long = 'word '.repeat(2_000_000)
    const fields = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`field ${index}`, long.slice(0, 9)]),
    )
    const body = {
      message: long,
      request_id: long.slice(0, mebibyte),
      exception_class: 'ValidationError',
      invalid_fields: { [long.slice(0, 5000)]: [long.slice(0, 5000)], ...fields },
    }
    const error = await fail((await storeOver(saying(JSON.stringify(body), 422))).get(ref))
    expect(error.message).toMatch(/^word word .*… \(9998000 more characters\)$/)
    expect(error.requestId?.length).toBeLessThan(2100)
    expect(printed(error).length).toBeLessThan(100_000)
  })

  it('is one URL full of dots is told without delay', async () => {
    const message = `http://${'.'.repeat(4 * mebibyte)}a and http://host.example/a?b=${'.'.repeat(mebibyte)}`
    const store = await storeOver(saying(JSON.stringify({ message }), 400))
    const begun = performance.now()
    expect((await fail(store.get(ref))).kind).toBe('invalid-argument')
    expect(performance.now() - begun).toBeLessThan(5000)
  })

  it('tells at length why an image failed is cut there too', async () => {
    const failure = `no ${'word '.repeat(100_000)}`
    const store = await storeOver(
      saying(
        name === 'gcore'
          ? JSON.stringify({
              id: 'task',
              state: 'ERROR',
              error: failure,
              task_type: 'x',
              project_id: 1337,
              region_id: 76,
            })
          : JSON.stringify(found({ status: 'deleted', error_message: failure })),
      ),
    )
    const operation = name === 'gcore' ? 'gcore:1337/76/task/task' : 'digitalocean:import/7'
    const [lookup] = await succeed(store.getOperations([operation as never]))
    expect(lookup).toMatchObject({ found: true, operation: { state: 'failed' } })
    expect(JSON.stringify(lookup).length).toBeLessThan(5000)
  })
})
