import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Route } from '../route.ts'
import type { Exchange } from './specification.ts'

/** A server on loopback that hands everything on to another and remembers what was said. */
export interface RecordingProxy {
  readonly baseUrl: string
  /** In the order in which they ended. A live view. */
  readonly exchanges: readonly Exchange[]
  readonly close: () => Promise<void>
}

const bytesOf = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const jsonOf = (bytes: Uint8Array): unknown => {
  if (bytes.length === 0) return undefined
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return value
}

const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host'])

/** Starts one before a server on loopback. */
export const startRecordingProxy = async (target: string): Promise<RecordingProxy> => {
  const exchanges: Exchange[] = []
  const server = createServer(async (incoming, outgoing) => {
    const sent = await bytesOf(incoming)
    const url = new URL(incoming.url ?? '/', target)
    const method = incoming.method ?? 'GET'
    const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && !hopHeaders.has(name) ? [[name, value]] : [],
    )
    const body = sent.length === 0 ? {} : { body: new Uint8Array(sent) }
    // A server that ends with an answer outstanding has said nothing.
    const answer = await fetch(url, { method, headers, ...body }).catch(() => undefined)
    if (answer === undefined) {
      outgoing.destroy()
      return
    }
    const received = Buffer.from(await answer.arrayBuffer())
    exchanges.push({
      method,
      path: url.pathname,
      query: url.searchParams,
      requestBody: jsonOf(sent),
      status: answer.status,
      responseHeaders: answer.headers,
      responseBody: jsonOf(received),
    })
    const kept = [...answer.headers].filter(([name]) => !hopHeaders.has(name))
    outgoing.writeHead(answer.status, {
      ...Object.fromEntries(kept),
      ...(answer.status === 204 ? {} : { 'content-length': received.length }),
    })
    outgoing.end(received)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A way to a server that puts down what is said on it, when it is closed. */
export const recording =
  (exchanges: Exchange[]): Route =>
  async (target) => {
    const proxy = await startRecordingProxy(target)
    return {
      baseUrl: proxy.baseUrl,
      close: async () => {
        exchanges.push(...proxy.exchanges)
        await proxy.close()
      },
    }
  }
