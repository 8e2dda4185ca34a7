import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, Agent as HttpAgent, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer, Agent as HttpsAgent } from 'node:https'
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { inspect } from 'node:util'
import { type ImageStore, ImageStoreError, imageRef, type Runtime } from 'imageferry'
import { type DigitalOceanOptions, digitalOcean } from 'imageferry/digitalocean'
import { type GcoreOptions, gcore } from 'imageferry/gcore'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fail, succeed } from '../either.ts'
import { impatient } from '../loopback.ts'
import { certificatesFor, openssl } from '../self-made-certificates.ts'

if (!openssl)
  process.stderr.write('openssl is not installed: the cases that need a certificate of their own are left out\n')

it.runIf(process.env['CI'] === 'true')('openssl is installed on the build machine', () => {
  expect(openssl).toBe(true)
})

/** Not the name of this machine, so that it goes through proxies, and this machine all the same. */
const elsewhere = '0.0.0.0'

const certificates = openssl
  ? certificatesFor(['IP:127.0.0.1', `IP:${elsewhere}`, 'DNS:api.provider.test'])
  : { authority: '', cert: '', key: '' }
const ca = certificates.authority

const token = 'dop_v1_0123456789abcdef'
const image = { image: { id: 7, name: 'web' }, id: 'uuid', name: 'web' }

const servers: Server[] = []
const tunnels = new Set<Duplex>()

const listening = async <A extends Server>(server: A): Promise<A> => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, elsewhere, resolve))
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** A provider that knows one image, and what it was asked. */
const provider = async (isSecure = true) => {
  const asked: IncomingMessage[] = []
  const listener: RequestListener = (request, response) => {
    asked.push(request)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(image))
  }
  const port = portOf(await listening(isSecure ? createHttpsServer(certificates, listener) : createServer(listener)))
  return { asked, port }
}

/** A proxy that opens tunnels to one port of this machine, whatever host is asked for, or refuses; and all that it is told. */
const proxy = async (port: number, refusal?: string, isSecure = false) => {
  const asked: IncomingMessage[] = []
  const heard: Buffer[] = []
  const server = await listening(isSecure ? createHttpsServer(certificates) : createServer())
  server.on('connect', (request, socket) => {
    asked.push(request)
    tunnels.add(socket)
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nx-told: ${request.headers['proxy-authorization']}\r\n\r\n`)
      return
    }
    const target: Socket = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    tunnels.add(target)
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk)
      target.write(chunk)
    })
    target.on('data', (chunk) => socket.write(chunk))
    for (const end of [socket, target]) {
      end.on('error', () => {})
      end.on('close', () => {
        socket.destroy()
        target.destroy()
      })
    }
  })
  const url = `${isSecure ? 'https' : 'http'}://127.0.0.1:${portOf(server)}`
  return { asked, url, heard: () => Buffer.concat(heard).toString('latin1') }
}

const variables = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy']

beforeEach(() => {
  for (const name of variables) vi.stubEnv(name, '')
})

afterEach(() => {
  vi.unstubAllEnvs()
  for (const tunnel of tunnels) tunnel.destroy()
  tunnels.clear()
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

type Connection = DigitalOceanOptions['connection'] & GcoreOptions['connection']

interface Subject {
  readonly name: string
  readonly region: string
  readonly ref: string
  readonly storeAt: (baseUrl: string, connection?: Connection, runtime?: Runtime) => ImageStore
}

const subjects: readonly Subject[] = [
  {
    name: 'digitalocean',
    region: 'nyc3',
    ref: 'digitalocean:7',
    storeAt: (baseUrl, connection, runtime = impatient) => digitalOcean({ token, baseUrl, connection, runtime }),
  },
  {
    name: 'gcore',
    region: '76',
    ref: 'gcore:1337/76/uuid',
    storeAt: (baseUrl, connection, runtime = impatient) =>
      gcore({ apiKey: token, project: 1337, baseUrl, connection, runtime }),
  },
]

const printed = (error: ImageStoreError): string =>
  [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack, String(error)].join('\n')

describe.each(subjects)('$name by https', ({ ref, region, storeAt }) => {
  const spec = { name: 'web', url: 'https://host.example/web.qcow2', region }
  const get = (store: ImageStore) => store.get(imageRef(ref))

  it.runIf(openssl)('trusts an authority that it is given, as one text or as one of several', async () => {
    const { port, asked } = await provider()
    for (const given of [ca, [ca], `${ca}\n${ca}`])
      expect(await succeed(get(storeAt(`https://127.0.0.1:${port}`, { ca: given })))).toMatchObject({ ref })
    expect(asked).toHaveLength(3)
  })

  it.runIf(openssl)('goes on trusting those of NODE_EXTRA_CA_CERTS beside the authority it is given', async () => {
    const { port } = await provider()
    const file = join(mkdtempSync(join(tmpdir(), 'imageferry-extra-')), 'ca.pem')
    writeFileSync(file, ca)
    vi.stubEnv('NODE_EXTRA_CA_CERTS', file)
    const another = certificatesFor(['DNS:another.provider.test']).authority
    expect(await succeed(get(storeAt(`https://127.0.0.1:${port}`, { ca: another })))).toMatchObject({ ref })
    rmSync(dirname(file), { recursive: true })
    const third = certificatesFor(['DNS:third.provider.test']).authority
    expect((await fail(get(storeAt(`https://127.0.0.1:${port}`, { ca: third })))).kind).toBe('unavailable')
  })

  it.runIf(openssl)('goes on trusting those that node says it trusts by its options', async () => {
    const { port } = await provider()
    const own = Object.getOwnPropertyDescriptor(tls, 'getCACertificates')
    Object.defineProperty(tls, 'getCACertificates', { value: () => [ca], configurable: true })
    try {
      const another = certificatesFor(['DNS:fourth.provider.test']).authority
      expect(await succeed(get(storeAt(`https://127.0.0.1:${port}`, { ca: another })))).toMatchObject({ ref })
    } finally {
      if (own === undefined) Reflect.deleteProperty(tls, 'getCACertificates')
      else Object.defineProperty(tls, 'getCACertificates', own)
    }
  })

  it.runIf(openssl)('sends nothing to whom it does not trust, and says what would help', async () => {
    const { port, asked } = await provider()
    const error = await fail(get(storeAt(`https://127.0.0.1:${port}`)))
    expect(error).toMatchObject({ kind: 'unavailable', notSent: true, hint: expect.stringContaining('connection.ca') })
    expect(asked).toEqual([])
  })

  it.runIf(openssl)('goes through a proxy in a tunnel, which learns the host and no more', async () => {
    const { port, asked } = await provider()
    const { url, asked: connects, heard } = await proxy(port)
    const store = storeAt(`https://api.provider.test:${port}`, { ca, proxy: url })
    expect(await succeed(get(store))).toMatchObject({ ref })
    expect(connects.map(({ method, url }) => `${method} ${url}`)).toEqual([`CONNECT api.provider.test:${port}`])
    expect(asked[0]?.headers.authorization).toContain(token)
    expect(asked[0]?.headers.host).toBe(`api.provider.test:${port}`)
    const told = `${JSON.stringify(connects[0]?.rawHeaders)}${heard()}`
    expect(told).not.toContain(token)
    expect(told).not.toContain('/v2/images')
    expect(told).not.toContain('/cloud/v1')
  })

  it.runIf(openssl)('keeps a tunnel open, also for another store that is connected alike', async () => {
    const { port, asked } = await provider()
    const { url, asked: connects } = await proxy(port)
    for (const store of [1, 2].map(() => storeAt(`https://api.provider.test:${port}`, { ca, proxy: url })))
      for (const _ of [1, 2]) await succeed(get(store))
    expect([connects.length, asked.length]).toEqual([1, 4])
  })

  it.runIf(openssl)(
    'remembers a hundred ways out at the most, and opens a tunnel anew after as many others',
    async () => {
      const { port } = await provider()
      const { url, asked: connects } = await proxy(port)
      const { url: shut } = await proxy(port, '407 Proxy Authentication Required')
      const goThrough = () => succeed(get(storeAt(`https://api.provider.test:${port}`, { ca, proxy: url })))
      const goElsewhere = (count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, user) =>
            fail(get(storeAt('https://api.provider.test', { proxy: shut.replace('//', `//user${user}:pa55word@`) }))),
          ),
        )
      await goThrough()
      await goElsewhere(99)
      await goThrough()
      expect(connects).toHaveLength(1)
      await goElsewhere(100)
      await goThrough()
      expect(connects).toHaveLength(2)
    },
  )

  it.runIf(openssl)('speaks to a proxy by https, whose certificate it checks', async () => {
    const { port } = await provider()
    const { url, asked } = await proxy(port, undefined, true)
    const base = `https://api.provider.test:${port}`
    expect(await succeed(get(storeAt(base, { ca, proxy: url })))).toMatchObject({ ref })
    expect(asked).toHaveLength(1)
    expect(await fail(get(storeAt(base, { proxy: url })))).toMatchObject({ kind: 'unavailable', notSent: true })
    expect(asked).toHaveLength(1)
  })

  it.runIf(openssl)('tells the proxy who it is, and no error whom it told', async () => {
    const { port } = await provider()
    const base = `https://api.provider.test:${port}`
    const withUser = (url: string) => url.replace('//', '//us%40er:p%2Fa55word@')
    const open = await proxy(port)
    await succeed(get(storeAt(base, { ca, proxy: withUser(open.url) })))
    const credentials = Buffer.from('us@er:p/a55word').toString('base64')
    expect(open.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${credentials}`)
    for (const [refusal, kind, hint] of [
      ['407 us@er:p/a55word', 'unauthenticated', 'password of the proxy'],
      ['403 p%2Fa55word', 'unavailable', 'lets the host'],
    ] as const) {
      const shut = await proxy(port, refusal)
      const error = await fail(get(storeAt(base, { ca, proxy: withUser(shut.url) })))
      expect(error).toMatchObject({ kind, notSent: true, hint: expect.stringContaining(hint) })
      for (const secret of ['us@er', 'us%40er', 'p/a55word', 'p%2Fa55word', credentials, token])
        expect(printed(error)).not.toContain(secret)
    }
  })

  it.runIf(openssl).each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])(
    'goes through the proxy of %s, but not to the hosts of NO_PROXY and not where the option says none',
    async (name) => {
      const { port, asked } = await provider()
      const { url, asked: connects } = await proxy(port)
      vi.stubEnv(name, url)
      const base = `https://${elsewhere}:${port}`
      await succeed(get(storeAt(base, { ca })))
      expect([connects.length, asked.length]).toEqual([1, 1])
      await succeed(get(storeAt(base, { ca, proxy: false })))
      vi.stubEnv('NO_PROXY', `example.com,${elsewhere}`)
      await succeed(get(storeAt(base, { ca })))
      expect([connects.length, asked.length]).toEqual([1, 3])
    },
  )

  it.runIf(openssl)('uses an agent as it is, whatever the environment names', async () => {
    const { port, asked } = await provider()
    const { url, asked: connects } = await proxy(port)
    vi.stubEnv('HTTPS_PROXY', url)
    const agent = new HttpsAgent({ ca, keepAlive: true })
    await succeed(get(storeAt(`https://${elsewhere}:${port}`, { agent })))
    agent.destroy()
    expect([connects.length, asked.length]).toEqual([0, 1])
  })

  it.runIf(openssl).each(['HTTPS_PROXY', 'ALL_PROXY'])(
    'speaks http to the proxy that %s names without a scheme',
    async (name) => {
      const { port, asked } = await provider()
      const { url, asked: connects } = await proxy(port)
      vi.stubEnv(name, url.replace('http://', 'user:pa55word@'))
      await succeed(get(storeAt(`https://api.provider.test:${port}`, { ca })))
      expect([connects.length, asked.length]).toEqual([1, 1])
      const credentials = Buffer.from('user:pa55word').toString('base64')
      expect(connects[0]?.headers['proxy-authorization']).toBe(`Basic ${credentials}`)
    },
  )

  it('has sent nothing where a proxy hangs up, or speaks no TLS, or where the provider speaks none', async () => {
    const rude = await listening(createServer())
    rude.on('connect', (_, socket) => socket.destroy())
    const port = portOf(rude)
    for (const store of [
      storeAt('https://api.provider.test', { proxy: `http://127.0.0.1:${port}` }),
      storeAt('https://api.provider.test', { proxy: `https://127.0.0.1:${port}` }),
      storeAt(`https://127.0.0.1:${port}`),
    ]) {
      const error = await fail(store.importFromUrl(spec))
      expect(error).toMatchObject({ kind: 'unavailable', notSent: true, hint: expect.stringContaining('proxy') })
      expect(error.unconfirmed).toBeUndefined()
    }
  })

  it('that is canceled while a proxy thinks asks it no more, and is not said to have made anything', async () => {
    const thinking = await listening(createServer())
    const asked = new Promise<Duplex>((resolve) => {
      thinking.on('connect', (_, socket) => resolve(socket.resume()))
    })
    const controller = new AbortController()
    const store = storeAt('https://api.provider.test', { proxy: `http://127.0.0.1:${portOf(thinking)}` })
    const call = fail(store.importFromUrl(spec, { signal: controller.signal }))
    const ended = once(await asked, 'end')
    controller.abort()
    const error = await call
    expect([error.kind, error.unconfirmed, error.completed]).toEqual(['canceled', undefined, undefined])
    await ended
  })

  it.each(['canceled', 'timeout'])('that ends by %s before there is TLS has sent nothing', async (kind) => {
    const silent = createNetServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const accepted = new Promise<Socket>((resolve) => silent.once('connection', (socket) => resolve(socket.resume())))
    const { port } = silent.address() as AddressInfo
    const hasty: Runtime = { ...impatient, timer: (ms, expire) => impatient.timer(ms / 1000, expire) }
    const controller = new AbortController()
    const store = storeAt(`https://127.0.0.1:${port}`, undefined, kind === 'timeout' ? hasty : impatient)
    const call = fail(store.importFromUrl(spec, { signal: controller.signal }))
    const ended = once(await accepted, 'close')
    if (kind === 'canceled') controller.abort()
    const error = await call
    silent.close()
    expect([error.kind, error.unconfirmed]).toEqual([kind, undefined])
    expect(error.notSent).toBe(kind === 'timeout' ? true : undefined)
    await ended
  })

  it('is not tried again by an agent that takes no https, and has sent nothing', async () => {
    const asked: unknown[] = []
    const agent = {
      addRequest: (request: unknown) => asked.push(request),
      get protocol() {
        return 'http:'
      },
    }
    const pauses: number[] = []
    const runtime: Runtime = { ...impatient, sleep: async (milliseconds) => void pauses.push(milliseconds) }
    const error = await fail(
      storeAt('https://api.provider.test', { ...{ agent } } as object, runtime).importFromUrl(spec),
    )
    expect(error).toMatchObject({ kind: 'invalid-argument', notSent: true, hint: expect.stringContaining('agent') })
    expect([error.unconfirmed, asked, pauses]).toEqual([undefined, [], []])
  })

  it('sends nothing where the environment names a proxy that is none', async () => {
    vi.stubEnv('HTTPS_PROXY', 'socks5://user:pa55word@127.0.0.1:1')
    const error = await fail(get(storeAt('https://api.provider.test')))
    expect(error).toMatchObject({ kind: 'invalid-argument', hint: expect.stringContaining('HTTPS_PROXY') })
    expect(printed(error)).not.toContain('pa55word')
  })

  it('does not wait for ever for a proxy that does not answer', async () => {
    const silent = await listening(createServer())
    silent.on('connect', (_, socket) => tunnels.add(socket))
    const hasty: Runtime = { ...impatient, timer: (ms, expire) => impatient.timer(ms / 1000, expire) }
    const store = storeAt('https://api.provider.test', { proxy: `http://127.0.0.1:${portOf(silent)}` }, hasty)
    expect(await fail(get(store))).toMatchObject({ kind: 'timeout', notSent: true })
  })

  it.runIf(openssl)('goes to this machine directly by https too, whatever proxy there is', async () => {
    const { port, asked } = await provider()
    const { url, asked: connects } = await proxy(port)
    vi.stubEnv('HTTPS_PROXY', url)
    for (const connection of [{ ca }, { ca, proxy: url }])
      expect(await succeed(get(storeAt(`https://127.0.0.1:${port}`, connection)))).toMatchObject({ ref })
    expect([connects.length, asked.length]).toEqual([0, 2])
  })

  it('goes to this machine directly, whatever proxy there is', async () => {
    const { port, asked } = await provider(false)
    const { url, asked: connects } = await proxy(port)
    vi.stubEnv('HTTPS_PROXY', url)
    vi.stubEnv('HTTP_PROXY', url)
    for (const connection of [undefined, { proxy: url }, { agent: new HttpAgent() }])
      expect(await succeed(get(storeAt(`http://127.0.0.1:${port}`, connection)))).toMatchObject({ ref })
    expect([connects.length, asked.length]).toEqual([0, 3])
  })
})

const thrownBy = (make: () => unknown): ImageStoreError => {
  try {
    make()
  } catch (error) {
    if (error instanceof ImageStoreError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe.each(subjects)('a connection of $name that can never work', ({ storeAt }) => {
  it.each<[what: string, connection: object, field: string]>([
    ['an agent that is none', { agent: {} }, 'connection.agent'],
    ['a certificate that is none', { ca: 'pa55word' }, 'connection.ca'],
    [
      'a certificate with nothing in it',
      { ca: '-----BEGIN CERTIFICATE-----\npa55word\n-----END CERTIFICATE-----' },
      'connection.ca',
    ],
    ['a certificate as bytes', { ca: [Buffer.from('pa55word')] }, 'connection.ca'],
    ['a proxy that is no URL', { proxy: 'proxy.example:3128' }, 'connection.proxy'],
    ['a proxy of another kind', { proxy: 'socks5://user:pa55word@proxy.example' }, 'connection.proxy'],
    ['a proxy whose password is spelt wrongly', { proxy: 'http://user:pa55word%zz@proxy.example' }, 'connection.proxy'],
    ['a proxy that is true', { proxy: true }, 'connection.proxy'],
    ['a field that there is not', { proxies: 'http://user:pa55word@proxy.example' }, 'connection.proxies'],
    ['an agent and a proxy', { agent: new HttpsAgent(), proxy: 'http://u:pa55word@proxy.example' }, 'connection'],
    ['an agent that carries http only', { agent: new HttpAgent() }, 'connection.agent'],
    ['a list', [], 'connection'],
  ])('is refused at once: %s', (_, connection, field) => {
    const error = thrownBy(() => storeAt('https://api.provider.test', connection))
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {})).toEqual([field])
    expect(printed(error)).not.toContain('pa55word')
  })
})
