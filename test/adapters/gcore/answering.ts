import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server answers to a request: JSON, an HTTP status with no body to speak of, or nothing ever. */
export type Answering = (
  method: string,
  path: string,
  query: URLSearchParams,
) => object | number | 'nothing' | Promise<object | number | 'nothing'>

/** A server on loopback that answers by a rule, in whatever order requests come. */
export interface AnsweringServer {
  readonly baseUrl: string
  /** What was asked, in short: `GET /cloud/v1/tasks`. A live view. */
  readonly lines: readonly string[]
  readonly close: () => Promise<void>
}

/** Starts one. */
export const startAnswering = async (answer: Answering): Promise<AnsweringServer> => {
  const lines: string[] = []
  const server = createServer(async (request, response) => {
    // The body is of no interest, and has to be read all the same.
    request.resume()
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    lines.push(`${request.method} ${pathname}`)
    const answered = await answer(request.method ?? '', pathname, searchParams)
    if (answered === 'nothing') return
    response.writeHead(typeof answered === 'number' ? answered : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(typeof answered === 'number' ? {} : answered))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
