import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Reads a file by its name; absent where there is none. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>

/** A running file server. */
export interface FileServer {
  /** The URL of a file by its name. */
  readonly urlOf: (name: string) => string
  readonly close: () => Promise<void>
}

/** Serves files on 127.0.0.1, to HEAD as to GET: importers ask both, and take a file only where the two agree. */
export const serveFiles = async (read: ReadFile, port = 0): Promise<FileServer> => {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname.slice(1))
    read(name).then(
      (bytes) => {
        if (bytes === undefined) response.writeHead(404).end()
        else
          response
            .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(bytes.length) })
            .end(request.method === 'HEAD' ? undefined : bytes)
      },
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    urlOf: (name) => `http://127.0.0.1:${actual}/${encodeURIComponent(name)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
