import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { isInspectError } from '../../src/inspect/inspect-error.ts'
import { countedGzipLength } from '../../src/inspect/source/counted-gzip-length.ts'
import type { ImageSource } from '../../src/inspect/source/image-source.ts'
import type { SourceOptions } from '../../src/inspect/source/source-options.ts'
import { openUrl } from '../../src/inspect/source/url-source.ts'
import { loopback } from '../loopback.ts'
import { linesOf } from './lines-of.ts'
import { manualTime } from './manual-time.ts'
import { type Asked, give, type Manners, noting, variedBytes } from './source-server.ts'

const kibibyte = 1024
const { listen, closeAll } = loopback()
const sources: ImageSource[] = []

afterEach(async () => {
  for (const source of sources.splice(0)) await source.close()
  closeAll()
})

const openAt = async (listener: RequestListener, options: SourceOptions = {}) => {
  const asked: Asked[] = []
  const base = await listen(noting(asked, listener))
  const source = await openUrl(`${base}/disk.raw`, { allowPrivate: true, ...options })
  sources.push(source)
  return { source, asked }
}

const openGiven = (bytes: Uint8Array, manners: Manners = {}, options: SourceOptions = {}) =>
  openAt((request, response) => give(bytes, request, response, manners), options)

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isInspectError(error)) throw new Error(`No InspectError: ${String(error)}`)
  return error
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Answers like the file until it has been opened, and then in its own way to a GET for all of it. */
const thenWhole = (bytes: Uint8Array, whole: RequestListener): RequestListener => {
  return (request, response) => {
    if (request.method === 'GET' && request.headers.range === undefined) whole(request, response)
    else give(bytes, request, response, { headers: { etag: '"a"' } })
  }
}

describe('a full pass', () => {
  const bytes = variedBytes(3_000 * kibibyte)

  it.each<Manners>([{}, { ranges: false }, { ranges: false, chunked: true }])(
    'reads every byte once with a request of its own, beyond the allowance (%j)',
    async (manners) => {
      const { source, asked } = await openGiven(bytes, manners)
      const before = source.cost()
      expect(await source.fullPass()).toEqual({ sha256: sha256(bytes), bytes: bytes.length })
      expect(asked).toHaveLength(3)
      expect(asked.at(-1)).toMatchObject({ method: 'GET', range: undefined })
      expect(source.cost()).toEqual({ requests: before.requests + 1, bytes: before.bytes + bytes.length })
      expect(linesOf(source.unavailable())).toEqual([])
      expect((await source.read(400 * kibibyte, 10)).bytes).toHaveLength(10)
    },
  )

  it('of an empty file is that of nothing', async () => {
    const { source } = await openGiven(new Uint8Array())
    expect(await source.fullPass()).toEqual({ sha256: sha256(new Uint8Array()), bytes: 0 })
  })

  it('goes by the redirects of the URL as they are then', async () => {
    let mirror = 'first'
    const { source, asked } = await openAt((request, response) => {
      if (request.url === '/disk.raw') response.writeHead(302, { location: `/${mirror}` }).end()
      else give(bytes, request, response)
    })
    mirror = 'second'
    await source.fullPass()
    expect(asked.map(({ path }) => path).slice(-4)).toEqual(['/disk.raw', '/first', '/disk.raw', '/second'])
    expect(source.cost().requests).toBe(6)
  })

  it('goes on when the time of the look is over', async () => {
    const time = manualTime()
    const { source } = await openGiven(bytes, {}, { runtime: time.runtime, timeoutMs: 1_000 })
    time.advance(2_000)
    expect(await source.fullPass()).toMatchObject({ sha256: sha256(bytes) })
    expect(time.outstanding()).toBe(0)
  })

  it('tells how far it is, at most every 100 ms, and once at the end', async () => {
    const time = manualTime()
    const pieces = 20
    const { source } = await openAt(
      thenWhole(bytes, (_request, response) => {
        response.writeHead(200, { 'content-length': bytes.length })
        response.end(bytes)
      }),
      { runtime: { ...time.runtime, now: () => time.runtime.now() } },
    )
    const told: number[] = []
    await source.fullPass((progress) => {
      expect(progress.totalBytes).toBe(bytes.length)
      told.push(progress.bytes)
    })
    expect(told).toEqual([bytes.length])

    const often: number[] = []
    let nowMs = 0
    const moving = { ...time.runtime, now: () => (nowMs += 1_000 / pieces) }
    const { source: other } = await openGiven(bytes, {}, { runtime: moving, timeoutMs: 1e9 })
    await other.fullPass((progress) => often.push(progress.bytes))
    expect(often.length).toBeGreaterThan(3)
    expect(often).toEqual([...often].sort((a, b) => a - b))
    expect(often.at(-1)).toBe(bytes.length)
  })

  it('is not lost for a listener that throws', async () => {
    const { source } = await openGiven(bytes)
    const fail = () => {
      throw new Error('no')
    }
    expect(await source.fullPass(fail)).toMatchObject({ bytes: bytes.length })
  })

  it.each<[string, RequestListener]>([
    ['ETag', (request, response) => give(bytes, request, response, { headers: { etag: '"b"' } })],
    ['length', (request, response) => give(bytes.subarray(1), request, response, { headers: { etag: '"a"' } })],
    [
      'length that shows at the end',
      (request, response) => give(Buffer.concat([bytes, bytes]), request, response, { chunked: true }),
    ],
  ])('of a file with another %s says that it has changed', async (_what, whole) => {
    const { source } = await openAt(thenWhole(bytes, whole))
    expect(await failureOf(source.fullPass())).toMatchObject({ kind: 'changed' })
  })

  it('of a file that goes on behind its end is over there', async () => {
    let isClosed = false
    const { source } = await openAt(
      thenWhole(bytes, (_request, response) => {
        const piece = Buffer.alloc(256 * kibibyte)
        const goOn = (): void => {
          while (!isClosed && response.write(piece));
        }
        response.on('drain', goOn)
        response.on('close', () => {
          isClosed = true
        })
        response.writeHead(200)
        goOn()
      }),
    )
    const before = source.cost().bytes
    expect(await failureOf(source.fullPass())).toMatchObject({ kind: 'changed' })
    expect(source.cost().bytes - before).toBeLessThanOrEqual(bytes.length + 256 * kibibyte)
    while (!isClosed) await turn()
  })

  it.each<[string, RequestListener, number | undefined]>([
    [
      'breaks off',
      (_request, response) =>
        response
          .writeHead(200, { 'content-length': bytes.length })
          .write(bytes.subarray(0, 100_000), () => response.destroy()),
      undefined,
    ],
    [
      'ends early without a length',
      (_request, response) => response.writeHead(200).end(bytes.subarray(0, 100_000)),
      undefined,
    ],
    [
      'breaks off without a length',
      (_request, response) => response.writeHead(200).write(bytes, () => response.destroy()),
      undefined,
    ],
    ['is refused', (_request, response) => response.writeHead(403).end(), 403],
    [
      'is answered with a part',
      (_request, response) =>
        response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` }).end('0123456789'),
      206,
    ],
  ])('that %s is no digest', async (_what, whole, status) => {
    const { source } = await openAt(thenWhole(bytes, whole))
    const error = await failureOf(source.fullPass())
    expect(error).toMatchObject({ kind: 'unreachable' })
    expect(error.status).toBe(status)
    expect(error.hint).toBeDefined()
  })

  it('that stands still ends after 30 seconds without a byte, and not before', async () => {
    const time = manualTime()
    let write = (_piece: Uint8Array): Promise<void> => Promise.resolve()
    let isAsked = false
    const { source } = await openAt(
      thenWhole(bytes, (_request, response) => {
        response.writeHead(200, { 'content-length': bytes.length })
        write = (piece) => new Promise((resolve) => void response.write(piece, () => resolve()))
        isAsked = true
      }),
      { runtime: time.runtime },
    )
    const before = source.cost().bytes
    const pass = failureOf(source.fullPass())
    while (!isAsked) await turn()
    for (let sent = 0; sent < 5; sent += 1) {
      await write(bytes.subarray(sent * 10, sent * 10 + 10))
      while (source.cost().bytes < before + (sent + 1) * 10) await turn()
      time.advance(29_999)
    }
    while (time.outstanding() === 0) await turn()
    time.advance(30_000)
    expect(await pass).toMatchObject({ kind: 'timeout', message: 'Nothing came in for 30000 ms' })
    expect(time.outstanding()).toBe(0)
  })

  it('is canceled by the signal, and by closing the source', async () => {
    for (const end of ['abort', 'close']) {
      const controller = new AbortController()
      let isAsked = false
      const { source } = await openAt(
        thenWhole(bytes, (_request, response) => {
          response.writeHead(200).write(bytes.subarray(0, 10))
          isAsked = true
        }),
        { signal: controller.signal },
      )
      const pass = failureOf(source.fullPass())
      while (!isAsked) await turn()
      if (end === 'abort') controller.abort()
      else await source.close()
      expect(await pass).toMatchObject({ kind: 'canceled' })
    }
  })

  it('counts what is in a gzip file, and says where it cannot', async () => {
    const packed = gzipSync(bytes)
    const { source } = await openGiven(packed)
    expect(await source.fullPass()).toEqual({
      sha256: sha256(packed),
      bytes: packed.length,
      unpackedBytes: bytes.length,
    })

    const { source: cut } = await openGiven(packed.subarray(0, packed.length - 1))
    expect(await cut.fullPass()).toEqual({
      sha256: sha256(packed.subarray(0, -1)),
      bytes: packed.length - 1,
      damaged: true,
    })
    expect(linesOf(cut.unavailable())).toEqual(['the length of what is in the gzip file: it is damaged, or cut short'])
  })
})

describe('the length of what is in a gzip file', () => {
  const one = gzipSync(variedBytes(10_000))
  const two = gzipSync(new Uint8Array(5_000_000))

  const lengthIn = async (bytes: Uint8Array, pieceBytes = 65_536) => {
    const gzip = countedGzipLength()
    for (let at = 0; at < bytes.length; at += pieceBytes) await gzip.write(bytes.subarray(at, at + pieceBytes))
    gzip.close()
    return gzip.length()
  }

  it.each([65_536, 1_000, 1])(
    'is that of all members, however they come in (%i bytes at a time)',
    async (pieceBytes) => {
      expect(await lengthIn(Buffer.concat([one, two, gzipSync('')]), pieceBytes)).toBe(5_010_000)
    },
  )

  it('leaves out what stands behind the last member, as gunzip does', async () => {
    for (const rest of [
      new Uint8Array(1_000),
      Buffer.from('garbage'),
      Buffer.from([0]),
      Buffer.concat([new Uint8Array(512), two]),
    ])
      expect(await lengthIn(Buffer.concat([one, rest]), 1_000)).toBe(10_000)
  })

  it('knows every field of a header', async () => {
    const text = Buffer.from('disk image')
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(text), 0)
    trailer.writeUInt32LE(text.length, 4)
    const fields = [Buffer.from([3, 0, 1, 2, 3]), Buffer.from('name\0'), Buffer.from('comment\0'), Buffer.from([9, 9])]
    const header = Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3])
    const member = Buffer.concat([header, ...fields, deflateRawSync(text), trailer])
    for (const pieceBytes of [1, 7, 1_000]) expect(await lengthIn(member, pieceBytes)).toBe(text.length)
  })

  it('is damaged where a byte of it is another, or it is cut short', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(one.length - 1), async (cut) => {
        expect(await lengthIn(one.subarray(0, cut))).toBe(cut < 2 ? 'none' : 'damaged')
      }),
      { numRuns: 100, seed: 7 },
    )
    for (const at of [20, 5_000, one.length - 8, one.length - 4]) {
      const other = Uint8Array.from(one)
      other[at] = (other[at] ?? 0) ^ 1
      expect(await lengthIn(other)).toBe('damaged')
    }
    expect(await lengthIn(Buffer.concat([one, two.subarray(0, 100)]))).toBe('damaged')
  })

  it('is none of what is no gzip file', async () => {
    expect(await lengthIn(variedBytes(1_000))).toBe('none')
    expect(await lengthIn(Buffer.from('QFI\xfb', 'latin1'))).toBe('none')
    expect(await lengthIn(Buffer.from([0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 3]))).toBe('none')
  })

  it('does not wait for a header that never ends', async () => {
    const endless = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(200_000, 'a')])
    expect(await lengthIn(endless)).toBe('damaged')
  })
})
