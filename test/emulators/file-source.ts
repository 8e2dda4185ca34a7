import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A file that a test serves, and how badly. */
export interface ServedFile {
  readonly bytes?: Uint8Array
  readonly headStatus?: number
  readonly getStatus?: number
  /** The connection dies after so many bytes, though the whole length was promised. */
  readonly cutAfter?: number
  /** Sent in chunks, without a length. */
  readonly chunked?: boolean
  readonly redirectTo?: string
  /** No answer ever comes. */
  readonly silent?: boolean
}

/** A web server on loopback with a few files. */
export interface FileSource {
  readonly url: (path: string) => string
  /** `HEAD /a.raw` and so on, in the order in which they came. */
  readonly requests: readonly string[]
  /** The `Authorization` headers that came; there should be none. */
  readonly credentials: readonly string[]
  readonly close: () => Promise<void>
}

const send = (outgoing: ServerResponse, method: string | undefined, file: ServedFile): void => {
  const { bytes = new Uint8Array(), cutAfter, redirectTo } = file
  if (redirectTo !== undefined) {
    outgoing.writeHead(302, { location: redirectTo }).end()
    return
  }
  const status = (method === 'HEAD' ? file.headStatus : file.getStatus) ?? 200
  outgoing.writeHead(status, file.chunked === true ? {} : { 'content-length': bytes.length })
  if (method === 'HEAD' || status !== 200) outgoing.end()
  else if (cutAfter === undefined) outgoing.end(bytes)
  else outgoing.write(bytes.subarray(0, cutAfter), () => outgoing.destroy())
}

/** Serves files by their path, the query left aside; anything else is 404. */
export const startFileSource = async (files: Readonly<Record<string, ServedFile>>): Promise<FileSource> => {
  const requests: string[] = []
  const credentials: string[] = []
  const server = createServer(({ method, url = '', headers }, outgoing) => {
    requests.push(`${method} ${url}`)
    if (headers.authorization !== undefined) credentials.push(headers.authorization)
    const file = files[url.split('?')[0] ?? '']
    if (file === undefined) outgoing.writeHead(404).end()
    else if (file.silent !== true) send(outgoing, method, file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests,
    credentials,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A plain disk: a boot sector with one partition entry and its signature, and zeroes up to the partition's end. */
export const bootableDisk = (sectors = 64): Uint8Array => {
  const disk = Buffer.alloc(sectors * 512)
  disk[446] = 0x80
  disk[450] = 0x83
  disk.writeUInt32LE(1, 454)
  disk.writeUInt32LE(sectors - 1, 458)
  disk[510] = 0x55
  disk[511] = 0xaa
  return disk
}
