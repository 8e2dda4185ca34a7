import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { type ImageStore, imageRef, operationRef, type Runtime, systemRuntime, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { memory } from 'imageferry/memory'
import { afterEach, describe, expect, it } from 'vitest'
import { timedSend } from '../../src/http/timed-send.ts'
import { fail, succeed } from '../either.ts'

const slept = { milliseconds: 0 }

/** Time-outs come a thousand times as fast, and delays take no time: the clock goes on by them all the same. */
const hasty: Runtime = {
  ...systemRuntime,
  now: () => Date.now() + slept.milliseconds,
  sleep: async (milliseconds) => {
    slept.milliseconds += milliseconds
  },
  timer: (milliseconds, expire) => systemRuntime.timer(milliseconds / 1000, expire),
}

/** Delays take no time, and time-outs all of theirs. */
const patient: Runtime = { ...hasty, timer: systemRuntime.timer }

const servers: Server[] = []

const storeOver = async (listener: RequestListener, runtime: Runtime = hasty): Promise<ImageStore> => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return digitalOcean({ token: 'dop_v1_secret', baseUrl: `http://127.0.0.1:${port}`, runtime })
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

const ref = imageRef('digitalocean:7')
const image = JSON.stringify({ image: { id: 7, name: 'web', tags: [], status: 'available' } })

describe('an answer that trickles in and never ends', () => {
  it('does not outlast the time of an attempt', async () => {
    const store = await storeOver((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 5)
      response.on('close', () => clearInterval(drip))
    })
    expect(await fail(store.get(ref))).toMatchObject({ kind: 'timeout', store: 'digitalocean', operation: 'get' })
  })
})

describe('a wait for an answer that never comes', () => {
  it('ends in its own time', async () => {
    const store = await storeOver(() => {}, systemRuntime)
    const outcomes = await succeed(waitForAll(store, [operationRef('digitalocean:import/7')], { timeoutMs: 0 }))
    expect(outcomes).toMatchObject([{ succeeded: false, error: { kind: 'timeout' } }])
  })

  it('takes no time-out that is none', async () => {
    const wait = waitForAll(memory(), [operationRef('memory:import/7')], { timeoutMs: Number.NaN })
    expect(await fail(wait)).toMatchObject({ kind: 'invalid-argument' })
    expect(await fail(memory().listRegions({ timeoutMs: -1 }))).toMatchObject({ kind: 'invalid-argument' })
  })
})

describe('an update that is cut off half-way', () => {
  it('says what had been changed, though the answer to the rest never came', async () => {
    const store = await storeOver((request, response) => {
      if (request.method === 'POST') return
      response.writeHead(200, { 'content-type': 'application/json' }).end(image)
    }, systemRuntime)
    const patch = { name: 'new', tags: { put: [{ key: 'a' }] } }
    const error = await fail(store.update(ref, patch, { timeoutMs: 300 }))
    expect(error).toMatchObject({ kind: 'timeout', completed: ['name'] })
  })

  it('is no failure where the answer to a change cannot be read', async () => {
    const store = await storeOver((request, response) =>
      request.method === 'PUT'
        ? response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
        : response.writeHead(200, { 'content-type': 'application/json' }).end(image),
    )
    expect((await succeed(store.update(ref, { name: 'web' }))).name).toBe('web')
  })
})

describe('a call that has ended', () => {
  it('sends nothing more, though a step of it was about to', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      response.end('{}')
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const send = timedSend(systemRuntime)
    const request = { method: 'POST', headers: {} } as const
    const late = send({ ...request, url: `http://127.0.0.1:${port}/late`, signal: AbortSignal.abort() })
    await expect(late).rejects.toMatchObject({ kind: 'canceled' })
    await send({ ...request, url: `http://127.0.0.1:${port}/other`, signal: new AbortController().signal })
    expect(seen).toEqual(['POST /other'])
  })
})

describe('a connection that is cut after a write was sent', () => {
  it('is told to look first, and not to check the network', async () => {
    const store = await storeOver((request) => request.socket.destroy(), patient)
    const error = await fail(store.importFromUrl({ name: 'a', url: 'http://example.com/a.raw', region: 'nyc3' }))
    expect(error.kind).toBe('unavailable')
    expect(error.hint).toMatch(/look first whether it was carried out/)
  })
})

describe('a content type that holds the token', () => {
  it('does not bring it into the error', async () => {
    const store = await storeOver((_, response) =>
      response.writeHead(200, { 'content-type': 'text/dop_v1_secret' }).end('x'),
    )
    const error = await fail(store.get(ref))
    expect(error.kind).toBe('unexpected-response')
    expect(`${inspect(error)}${error.stack}${JSON.stringify(error)}`).not.toContain('dop_v1_secret')
  })
})

describe('arguments of another shape, from plain JavaScript', () => {
  const url = 'http://example.com/a.raw'
  const calls: readonly (readonly [string, (store: ImageStore) => unknown])[] = [
    ['no spec', (store) => store.importFromUrl(undefined as never)],
    ['an empty spec', (store) => store.importFromUrl({} as never)],
    ['tags as texts', (store) => store.importFromUrl({ name: 'abc', url, region: 'here', tags: ['web'] } as never)],
    ['no patch', (store) => store.update(imageRef(`${store.name}:7`), undefined as never)],
    ['no text for a name', (store) => store.update(imageRef(`${store.name}:7`), { name: null } as never)],
  ]

  it.each(calls)('are an `invalid-argument` and send nothing: %s', async (_, call) => {
    const asked: unknown[] = []
    const remote = await storeOver((request) => asked.push(request))
    for (const store of [remote, memory()])
      expect(await fail(call(store) as ReturnType<ImageStore['get']>)).toMatchObject({
        kind: 'invalid-argument',
        store: store.name,
      })
    expect(asked).toEqual([])
  })
})
