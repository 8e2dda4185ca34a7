import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  version: string,
): Promise<void> => {
  const { size, mtimeMs } = await stat(path)
  const shared = {
    'accept-ranges': 'bytes',
    etag: `"${size}-${mtimeMs}${version}"`,
    'content-type': 'application/octet-stream',
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  const from = Number(range?.[1] ?? 0)
  const to = Math.min(Number(range?.[2] ?? size), size - 1)
  if (range !== null && from >= size) {
    response.writeHead(416, { ...shared, 'content-range': `bytes */${size}` }).end()
    return
  }
  response.writeHead(range === null ? 200 : 206, {
    ...shared,
    'content-length': to - from + 1,
    ...(range !== null && { 'content-range': `bytes ${from}-${to}/${size}` }),
  })
  if (request.method === 'HEAD' || size === 0) response.end()
  else pipeline(createReadStream(path, { start: from, end: to }), response, () => undefined)
}

/**
 * Serves files by the last segment of a URL's path as an object store does: HEAD, GET, and GET of one range. What `versionOf` gives is a part
 * of the ETag.
 */
export const serveRanges =
  (pathOf: (name: string) => string | undefined, versionOf: (name: string) => string = () => ''): RequestListener =>
  (request, response) => {
    const name = basename(decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname))
    const path = pathOf(name)
    if (path === undefined) response.writeHead(404).end()
    else answer(request, response, path, versionOf(name)).catch(() => response.writeHead(404).end())
  }
