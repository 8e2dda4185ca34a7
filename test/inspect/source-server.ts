import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** How a server gives a file. */
export interface Manners {
  /** Whether it gives parts; it does unless told. */
  readonly ranges?: boolean
  /** Whether it leaves out the length of all of the file. */
  readonly chunked?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** What a server was asked. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly range: string | undefined
  readonly headers: IncomingMessage['headers']
}

/** Bytes that are different everywhere. */
export const variedBytes = (length: number, seed = 1): Uint8Array => {
  const bytes = new Uint8Array(length)
  let state = seed >>> 0
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

const partOf = (range: string | undefined, length: number): { first: number; last: number } | undefined => {
  const [, first, last] = range?.match(/^bytes=(\d+)-(\d+)$/) ?? []
  return first === undefined ? undefined : { first: Number(first), last: Math.min(Number(last), length - 1) }
}

/** Gives a file as well-behaved servers do. */
export const give = (
  bytes: Uint8Array,
  request: IncomingMessage,
  response: ServerResponse,
  { ranges = true, chunked = false, headers = {} }: Manners = {},
): void => {
  const part = ranges ? partOf(request.headers.range, bytes.length) : undefined
  if (part !== undefined && part.first >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    return
  }
  const body = part === undefined ? bytes : bytes.subarray(part.first, part.last + 1)
  response.writeHead(part === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    ...(part !== undefined && { 'content-range': `bytes ${part.first}-${part.last}/${bytes.length}` }),
    ...(!chunked && { 'content-length': body.length }),
    ...headers,
  })
  if (request.method === 'HEAD') response.end()
  else response.end(body)
}

/** A listener that writes down what it is asked, before another answers. */
export const noting = (asked: Asked[], listener: RequestListener): RequestListener => {
  return (request, response) => {
    const { method = '', url = '', headers } = request
    asked.push({ method, path: url, range: headers.range, headers })
    listener(request, response)
  }
}
