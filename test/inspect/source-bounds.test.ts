import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isInspectError } from '../../src/inspect/inspect-error.ts'
import type { SourceOptions } from '../../src/inspect/source/source-options.ts'
import { openUrl } from '../../src/inspect/source/url-source.ts'
import { loopback } from '../loopback.ts'
import { type LoopbackTraffic, watchLoopback } from '../loopback-traffic.ts'
import { linesOf } from './lines-of.ts'
import { manualTime } from './manual-time.ts'
import { type Asked, give, noting, variedBytes } from './source-server.ts'

const kibibyte = 1024
const { listen, closeAll } = loopback()
let traffic: LoopbackTraffic

beforeAll(() => {
  traffic = watchLoopback()
})
afterAll(() => traffic.stop())
afterEach(closeAll)

const serve = async (listener: RequestListener) => {
  const asked: Asked[] = []
  const base = await listen(noting(asked, listener))
  const open = (options: SourceOptions = {}) => openUrl(`${base}/disk.raw`, { allowPrivate: true, ...options })
  return { open, asked }
}

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isInspectError(error)) throw new Error(`No InspectError: ${String(error)}`)
  return error
}

/** Shorter than servers keep a connection that nobody uses, in milliseconds. */
const longestClosing = 3_000

/** Comes when no connection is open any more. */
const allClosed = async (): Promise<void> => {
  const begun = performance.now()
  while (traffic.open() > 0) {
    if (performance.now() - begun > longestClosing) throw new Error('A connection stays open')
    await turn()
  }
}

/** A promise that the test settles. */
const signalled = () => {
  let settle = (): void => undefined
  const come = new Promise<void>((resolve) => {
    settle = resolve
  })
  return { come, settle: () => settle() }
}

describe('the allowance of a look', () => {
  const bytes = variedBytes(4_000 * kibibyte)

  it('is 12 requests, over one connection, and what is beyond is unavailable', async () => {
    const { open, asked } = await serve((request, response) => give(bytes, request, response))
    const source = await open()
    for (let at = 1_000; at < 3_900; at += 200) await source.read(at * kibibyte, 16)
    expect(asked).toHaveLength(12)
    expect(source.cost()).toEqual({ requests: 12, bytes: (320 + 10 * 48) * kibibyte })
    expect(traffic.open()).toBe(1)
    const missed = [3_000, 3_200, 3_400].map((at) => `${at * kibibyte} to ${at * kibibyte + 15}`)
    expect(linesOf(source.unavailable())).toEqual([
      `bytes ${missed.join(', ')} and more of the file: 12 requests were sent, and a look may send no more`,
    ])
    await source.close()
  })

  it('is not spent on connections that a server closes without a word: from the first on, each request has its own', async () => {
    const used = new Set<Socket>()
    let gone = 0
    const { open, asked } = await serve((request, response) => {
      if (used.has(request.socket)) {
        gone += 1
        request.socket.destroy()
        return
      }
      used.add(request.socket)
      give(bytes, request, response)
    })
    const source = await open()
    for (let at = 1_000; at < 1_600; at += 200) await source.read(at * kibibyte, 16)
    expect(gone).toBe(1)
    expect(source.cost().requests).toBe(5)
    expect(asked.length).toBe(5 + gone)
    expect(linesOf(source.unavailable())).toEqual([])
    for (let at = 1_600; at < 3_900; at += 200) await source.read(at * kibibyte, 16)
    expect(asked).toHaveLength(12)
    expect(linesOf(source.unavailable()).at(-1)).toContain('12 requests were sent')
    await source.close()
    await allClosed()
  })

  it('ends with a server that closes every connection but the first', async () => {
    let first: Socket | undefined
    const { open, asked } = await serve((request, response) => {
      first ??= request.socket
      if (request.socket !== first || asked.length > 2) request.socket.destroy()
      else give(bytes, request, response)
    })
    const source = await open()
    for (let at = 1_000; at < 3_900; at += 200)
      expect(await source.read(at * kibibyte, 16)).toMatchObject({ short: 'unavailable' })
    expect(asked).toHaveLength(12)
    expect(source.cost().requests).toBe(11)
    await source.close()
    await allClosed()
  })

  it('is 1 MiB, and of what is asked for beyond that comes what fits', async () => {
    const { open, asked } = await serve((request, response) => give(bytes, request, response))
    const source = await open()
    const part = await source.read(1_000 * kibibyte, 1_000 * kibibyte)
    expect(part.short).toBe('unavailable')
    expect(part.bytes).toHaveLength(704 * kibibyte)
    expect(source.cost()).toEqual({ requests: 5, bytes: 1_024 * kibibyte })
    expect(await source.read(3_000 * kibibyte, 1)).toMatchObject({ short: 'unavailable' })
    expect(asked).toHaveLength(5)
    expect(linesOf(source.unavailable()).at(-1)).toContain('1048576 bytes were fetched')
    await source.close()
  })

  it('can be less', async () => {
    const { open, asked } = await serve((request, response) => give(bytes, request, response))
    const source = await open({ maximumRequests: 3, maximumBytes: 10_000 })
    expect(asked.at(-1)?.range).toBe('bytes=0-9999')
    expect(await source.read(9_000, 2_000)).toEqual({ bytes: bytes.subarray(9_000, 10_000), short: 'unavailable' })
    expect(source.cost()).toEqual({ requests: 2, bytes: 10_000 })
    await source.close()
    expect(await failureOf(open({ maximumRequests: 1 }))).toMatchObject({
      kind: 'unreachable',
      hint: expect.stringContaining('allow more'),
    })
    expect(asked).toHaveLength(3)
  })

  it('holds for a server that gives no parts and no end, and its connection is closed when it is spent', async () => {
    const { open } = await serve((request, response) => {
      response.writeHead(200)
      if (request.method === 'HEAD') return void response.end()
      const piece = new Uint8Array(64 * kibibyte)
      const more = (): void => void (response.destroyed || response.write(piece, more))
      return more()
    })
    for (const maximumBytes of [1_024 * kibibyte, 5_000]) {
      const source = await open({ maximumBytes })
      const part = await source.read(0, 2 ** 39)
      expect(part.short).toBe('unavailable')
      expect(part.bytes).toHaveLength(maximumBytes)
      expect(source.cost()).toEqual({ requests: 2, bytes: maximumBytes })
      await allClosed()
      expect(await source.read(maximumBytes, 1)).toMatchObject({ short: 'unavailable' })
      expect(linesOf(source.unavailable()).at(-1)).toContain(`no further than ${maximumBytes} bytes`)
      await source.close()
    }
  })

  it('is kept to, and every part is right, whatever is read in whatever order from whatever server', async () => {
    const file = variedBytes(1_500 * kibibyte, 7)
    const place = fc.oneof(fc.nat(file.length + 100), fc.integer({ min: file.length - 70_000, max: file.length }))
    const length = fc.oneof(fc.nat(600), fc.nat(300_000))
    await fc.assert(
      fc.asyncProperty(
        fc.record({ ranges: fc.boolean(), chunked: fc.boolean() }),
        fc.array(fc.tuple(place, length), { minLength: 1, maxLength: 20 }),
        async (manners, wanted) => {
          const { open, asked } = await serve((request, response) => give(file, request, response, manners))
          const source = await open()
          try {
            for (const [at, most] of wanted) {
              const part = await source.read(at, most)
              const all = file.subarray(at, at + most)
              expect(Buffer.compare(part.bytes, all.subarray(0, part.bytes.length))).toBe(0)
              if (part.short === 'end') expect(part.bytes.length).toBe(all.length)
              else if (part.short === undefined) expect(part.bytes.length).toBe(most)
              else expect(linesOf(source.unavailable())).not.toEqual([])
            }
            expect(asked.length).toBeLessThanOrEqual(12)
            expect(source.cost().requests).toBe(asked.length)
            expect(source.cost().bytes).toBeLessThanOrEqual(1_024 * kibibyte)
          } finally {
            await source.close()
            closeAll()
          }
        },
      ),
      { numRuns: 60, seed: 20_261_121 },
    )
  })
})

describe('the time of a look', () => {
  const bytes = variedBytes(1_000 * kibibyte)
  const isPart = (range: string | undefined): boolean => range !== undefined && !range.startsWith('bytes=0-')

  it('is 20 seconds from the opening on', async () => {
    const time = manualTime()
    const { come, settle } = signalled()
    const { open } = await serve((request, response) => {
      if (request.method === 'HEAD') give(bytes, request, response)
      else settle()
    })
    const opening = failureOf(open({ runtime: time.runtime }))
    await come
    time.advance(19_999)
    await turn()
    expect(time.outstanding()).toBe(1)
    time.advance(1)
    expect(await opening).toMatchObject({ kind: 'timeout', message: 'The look took longer than 20000 ms' })
    expect(time.outstanding()).toBe(0)
    await allClosed()
  })

  it('goes on between reads, and ends one that is under way', async () => {
    const time = manualTime()
    const { come, settle } = signalled()
    const { open } = await serve((request, response) => {
      if (isPart(request.headers.range)) settle()
      else give(bytes, request, response)
    })
    const source = await open({ runtime: time.runtime, timeoutMs: 5_000 })
    expect(time.outstanding()).toBe(0)
    time.advance(4_000)
    const reading = failureOf(source.read(600 * kibibyte, 10))
    await come
    time.advance(1_000)
    expect(await reading).toMatchObject({ kind: 'timeout' })
    expect(await failureOf(source.read(0, 10))).toMatchObject({ kind: 'timeout' })
    await allClosed()
    await source.close()
  })

  it('is over where it has passed before a read', async () => {
    const time = manualTime()
    const { open, asked } = await serve((request, response) => give(bytes, request, response))
    const source = await open({ runtime: time.runtime })
    time.advance(20_000)
    expect(await failureOf(source.read(600 * kibibyte, 10))).toMatchObject({ kind: 'timeout' })
    expect(asked).toHaveLength(2)
    await source.close()
  })

  it('is spent on HEAD for five seconds at the most, and GET is sent all the same', async () => {
    const time = manualTime()
    const { come, settle } = signalled()
    const { open } = await serve((request, response) => {
      if (request.method === 'HEAD') settle()
      else give(bytes, request, response)
    })
    const opening = open({ runtime: time.runtime })
    await come
    time.advance(5_000)
    const source = await opening
    expect(source.facts()).toMatchObject({ head: { differences: ['HEAD got no answer within 5000 ms'] } })
    await source.close()
    await allClosed()
  })

  it('ends while a body stands still', async () => {
    const time = manualTime()
    const { come, settle } = signalled()
    const { open } = await serve((request, response) => {
      if (!isPart(request.headers.range)) return give(bytes, request, response)
      response.writeHead(206, { 'content-range': `bytes 600000-600009/${bytes.length}`, 'content-length': 10 })
      return void response.write('01234', settle)
    })
    const source = await open({ runtime: time.runtime })
    const reading = failureOf(source.read(600_000, 10))
    await come
    time.advance(20_000)
    expect(await reading).toMatchObject({ kind: 'timeout' })
    await allClosed()
  })
})

describe('a look that is canceled', () => {
  const bytes = variedBytes(1_000 * kibibyte)

  it('before it begins sends nothing', async () => {
    const { open, asked } = await serve((request, response) => give(bytes, request, response))
    expect(await failureOf(open({ signal: AbortSignal.abort() }))).toMatchObject({ kind: 'canceled' })
    expect(asked).toEqual([])
  })

  it('ends in the same tick, with its connections, whoever it waits for', async () => {
    const { come, settle } = signalled()
    const { open } = await serve(settle)
    const controller = new AbortController()
    const opening = failureOf(open({ signal: controller.signal }))
    await come
    controller.abort()
    expect(await opening).toMatchObject({ kind: 'canceled' })
    await allClosed()

    const asking = new AbortController()
    const lookup = () => {
      asking.abort()
      return new Promise<never>(() => undefined)
    }
    // No timer expires here: nothing but the signal can end it.
    const { runtime } = manualTime()
    const canceled = openUrl('http://images.example/', { lookup, signal: asking.signal, runtime })
    expect(await failureOf(canceled)).toMatchObject({ kind: 'canceled' })
  })

  it('between reads closes its connections, and reads no more', async () => {
    const { open } = await serve((request, response) => give(bytes, request, response, { ranges: false }))
    const controller = new AbortController()
    const source = await open({ signal: controller.signal })
    expect(traffic.open()).toBe(1)
    controller.abort()
    await allClosed()
    expect(await failureOf(source.read(0, 10))).toMatchObject({ kind: 'canceled' })
    expect(await failureOf(source.fullPass())).toMatchObject({ kind: 'canceled' })
  })
})

describe('a source that is closed', () => {
  it.each([true, false])('has no connection left, and reads no more (ranges: %s)', async (ranges) => {
    const bytes = variedBytes(1_000 * kibibyte)
    const { open } = await serve((request, response) => give(bytes, request, response, { ranges }))
    const source = await open()
    await source.read(500 * kibibyte, 10)
    expect(traffic.open()).toBe(1)
    await source.close()
    await source.close()
    await allClosed()
    expect(await failureOf(source.read(0, 10))).toMatchObject({ kind: 'canceled', message: 'The source was closed' })
  })

  it('is what fails to open, too', async () => {
    const { open } = await serve((_request, response) => response.writeHead(404).end('no'))
    expect(await failureOf(open())).toMatchObject({ kind: 'unreachable' })
    await allClosed()
  })
})
