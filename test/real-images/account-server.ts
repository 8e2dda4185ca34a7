import type { RequestListener } from 'node:http'
import { basename } from 'node:path'
import { serveRanges } from './range-server.ts'

/** How a host gives a file where it does not do it as an object store does. */
export type Manner =
  /** From another address, as a network of caches has it. */
  | 'redirected'
  /** Whole, whatever part is asked for. */
  | 'without ranges'
  /** By a link that is good for GET only. */
  | 'signed for GET'
  /** HEAD is answered for something else. */
  | 'another length by HEAD'
  /** At an address that has no name of a file. */
  | 'no extension'
  | 'gone'
  /** To those who are logged in. Others are led to a page. */
  | 'behind a log-in'
  /** Where only the own network comes to. */
  | 'in the own network'
  /** Somebody writes it while it is read. */
  | 'being written'

/** A file that is offered. */
export interface OfferedFile {
  readonly path: string
  readonly manner?: Manner | undefined
}

const logInPage = '<!DOCTYPE html><html><body>Please log in</body></html>'

/** Serves files by the last segment of a URL's path, each in its manner. */
export const serveAccount = (offered: ReadonlyMap<string, OfferedFile>): RequestListener => {
  let versions = 0
  const serveFile = serveRanges(
    (name) => offered.get(name)?.path,
    (name) => (offered.get(name)?.manner === 'being written' ? `-${++versions}` : ''),
  )

  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const name = basename(pathname)
    const manner = offered.get(name)?.manner
    const isHead = request.method === 'HEAD'
    if (pathname === '/log-in')
      response.writeHead(200, { 'content-type': 'text/html' }).end(isHead ? undefined : logInPage)
    else if (manner === 'behind a log-in') response.writeHead(302, { location: '/log-in' }).end()
    else if (manner === 'redirected' && !pathname.startsWith('/cache/'))
      response.writeHead(302, { location: `/cache/${name}` }).end()
    else if (manner === 'gone') response.writeHead(404).end()
    else if (manner === 'signed for GET' && isHead) response.writeHead(403).end()
    else if (manner === 'another length by HEAD' && isHead) response.writeHead(200, { 'content-length': 512 }).end()
    else {
      if (manner === 'without ranges') delete request.headers.range
      serveFile(request, response)
    }
  }
}
