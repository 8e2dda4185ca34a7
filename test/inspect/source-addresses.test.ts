import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isInspectError } from '../../src/inspect/inspect-error.ts'
import type { Lookup, SourceOptions } from '../../src/inspect/source/source-options.ts'
import { openUrl } from '../../src/inspect/source/url-source.ts'
import { loopback } from '../loopback.ts'
import { give, variedBytes } from './source-server.ts'

// Its types are in a folder, where Biome finds no module for an import statement.
const nock: typeof import('nock') = createRequire(import.meta.url)('nock')

const { listen, closeAll } = loopback()
const sockets = channel('net.client.socket')
let connected = 0
const count = (): void => {
  connected += 1
}

beforeAll(() => subscribe(sockets.name, count))
afterAll(() => unsubscribe(sockets.name, count))
beforeEach(() => {
  connected = 0
})
afterEach(closeAll)

const failureOf = async (url: string, options: SourceOptions = {}) => {
  const error = await openUrl(url, options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isInspectError(error)) throw new Error(`No InspectError: ${String(error)}`)
  return error
}

const resolving =
  (...addresses: readonly string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

const publicAddresses = ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c']

const privateAddresses = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.178.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:93.184.215.14',
  '64:ff9b::',
  '64:ff9b::1',
  '64:ff9b::7f00:1',
  '64:ff9b::127.0.0.1',
  '0064:FF9B:0:0:0:0:a9fe:a9fe',
  '64:ff9b::a00:0',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'ff02::1',
]

const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address)

describe('an address that a provider could not reach', () => {
  it.each(privateAddresses)('%s is refused before anything is sent', async (address) => {
    const error = await failureOf(`http://${inUrl(address)}/disk.raw`)
    expect(error).toMatchObject({ kind: 'private-address' })
    expect(error.hint).toContain('provider could not reach it')
    expect(connected).toBe(0)
  })

  it.each(privateAddresses)('%s is refused where a name has it', async (address) => {
    expect(await failureOf('https://images.example/disk.raw', { lookup: resolving(address) })).toMatchObject({
      kind: 'private-address',
      message: expect.stringContaining('images.example'),
    })
    expect(connected).toBe(0)
  })

  it.each([
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0xa9fea9fe',
    '[::ffff:7f00:1]',
    '①②⑦.0.0.1',
    '127。0。0。1',
  ])('is refused in the spelling %s', async (host) => {
    expect(await failureOf(`http://${host}/disk.raw`)).toMatchObject({ kind: 'private-address' })
    expect(connected).toBe(0)
  })

  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'images.localhost',
    'metadata.google.internal',
    'Metadata.Google.Internal.',
    'metadata',
    'nas.local',
    'router.home.arpa',
  ])('is refused by the name %s, whatever it resolves to', async (host) => {
    let lookups = 0
    const lookup: Lookup = (hostname) => {
      lookups += 1
      return resolving(...publicAddresses)(hostname)
    }
    expect(await failureOf(`http://${host}/disk.raw`, { lookup })).toMatchObject({ kind: 'private-address' })
    expect([lookups, connected]).toEqual([0, 0])
  })

  it('is refused where it is one of several that a name has', async () => {
    expect(
      await failureOf('http://images.example/disk.raw', { lookup: resolving(...publicAddresses, '10.0.0.1') }),
    ).toMatchObject({ kind: 'private-address' })
    expect(connected).toBe(0)
  })

  it('is what cannot be read as an address, or names a link of this machine', async () => {
    for (const address of ['nonsense', '', 'fe80::1%eth0', '2606:2800::1%1']) {
      expect(await failureOf('http://images.example/disk.raw', { lookup: resolving(address) })).toMatchObject({
        kind: 'private-address',
      })
    }
    expect(connected).toBe(0)
  })

  it('is asked where private addresses are allowed', async () => {
    const base = await listen((request, response) => give(variedBytes(10), request, response))
    const source = await openUrl(`${base}/disk.raw`, { allowPrivate: true })
    expect(source.length).toBe(10)
    await source.close()
    connected = 0
    expect(await failureOf(`${base}/disk.raw`)).toMatchObject({ kind: 'private-address' })
    expect(connected).toBe(0)
  })
})

describe('a redirect', () => {
  beforeEach(() => nock.disableNetConnect())
  afterEach(() => {
    nock.cleanAll()
    nock.enableNetConnect()
    nock.restore()
    nock.activate()
  })

  const lookup: Lookup = (hostname) =>
    resolving(...(hostname === 'inside.example' ? ['10.0.0.1'] : publicAddresses))(hostname)

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://inside.example/disk.raw',
    'http://[::1]/',
    'http://127.1/',
  ])('to %s is not followed, by HEAD or by GET', async (location) => {
    nock('http://images.example').head('/disk.raw').reply(302, '', { location })
    expect(await failureOf('http://images.example/disk.raw', { lookup })).toMatchObject({ kind: 'private-address' })
    nock('http://images.example').head('/disk.raw').reply(403).get('/disk.raw').reply(302, '', { location })
    expect(await failureOf('http://images.example/disk.raw', { lookup })).toMatchObject({ kind: 'private-address' })
    expect(nock.isDone()).toBe(true)
    expect(connected).toBe(0)
  })

  it.each(['64:ff9b::5db8:d70e', '64:ff9b::93.184.215.14', '0064:FF9B:0:0:0:0:5db8:d70e', '64:ff9b::808:0'])(
    'to %s is followed, a public IPv4 address behind NAT64',
    async (address) => {
      const headers = { 'content-length': '3' }
      nock('http://images.example')
        .head('/disk.raw')
        .reply(200, '', headers)
        .get('/disk.raw')
        .reply(302, '', { location: 'http://mirror.example/a' })
      nock('http://mirror.example').get('/a').reply(200, 'abc', headers)
      const behindNat64: Lookup = (hostname) =>
        resolving(...(hostname === 'mirror.example' ? [address] : publicAddresses))(hostname)
      const source = await openUrl('http://images.example/disk.raw', { lookup: behindNat64 })
      expect(source.length).toBe(3)
      await source.close()
    },
  )

  it('between public addresses is followed, from https to http too', async () => {
    const headers = { 'content-length': '3' }
    const there = nock('https://images.example')
      .head('/disk.raw')
      .reply(302, '', { location: 'http://mirror.example/a' })
    there.get('/disk.raw').reply(302, '', { location: 'http://mirror.example/a' })
    nock('http://mirror.example').head('/a').reply(200, '', headers).get('/a').reply(200, 'abc', headers)
    const source = await openUrl('https://images.example/disk.raw', { lookup })
    expect(source.facts()).toMatchObject({
      hops: [{ url: 'https://images.example/disk.raw' }, { url: 'http://mirror.example/a' }],
    })
    expect(Buffer.from((await source.read(0, 3)).bytes).toString()).toBe('abc')
    await source.close()
  })
})

describe('a name', () => {
  it('is resolved once, and the connections go to the address that was checked', async () => {
    const names: string[] = []
    const lookup: Lookup = (hostname) => {
      names.push(hostname)
      return resolving(names.length === 1 ? '127.0.0.1' : '127.0.0.99')(hostname)
    }
    const hosts = new Set<string | undefined>()
    const bytes = variedBytes(600_000)
    const base = await listen((request, response) => {
      hosts.add(request.headers.host)
      // Each request needs a connection of its own.
      give(bytes, request, response, { headers: { connection: 'close' } })
    })
    const host = `images.example:${new URL(base).port}`
    const source = await openUrl(`http://${host}/disk.raw`, { lookup, allowPrivate: true })
    await source.read(500_000, 10)
    await source.fullPass()
    await source.close()
    expect(names).toEqual(['images.example'])
    expect(connected).toBe(4)
    expect([...hosts]).toEqual([host])
  })

  it('that cannot be resolved, or has no address, is unreachable', async () => {
    const lookup: Lookup = () => Promise.reject(Object.assign(new Error('concealed'), { code: 'ENOTFOUND' }))
    expect(await failureOf('http://images.example/disk.raw', { lookup })).toMatchObject({
      kind: 'unreachable',
      message: 'The name images.example cannot be resolved (ENOTFOUND)',
    })
    expect(await failureOf('http://images.example/disk.raw', { lookup: resolving() })).toMatchObject({
      kind: 'unreachable',
    })
    expect(connected).toBe(0)
  })

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['an address that is in no list', () => ({ address: '93.184.215.14', family: 4 })],
    ['a list of texts', () => ['93.184.215.14']],
    ['a list of nothing', () => [undefined]],
    [
      'an error instead of a promise',
      () => {
        throw new TypeError('concealed')
      },
    ],
  ])('for which a look-up of the caller gives %s is unreachable', async (_what, give) => {
    const lookup: unknown = (_hostname: string) => give()
    const options: object = { lookup }
    const error = await failureOf('http://images.example/disk.raw', options)
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/^The name images\.example cannot be resolved \(no (?:code|list of addresses)\)$/),
    })
    expect(connected).toBe(0)
  })
})
