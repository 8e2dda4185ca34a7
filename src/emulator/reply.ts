import type { ServerResponse } from 'node:http'

/** What a provider's handler answers. A `body` is sent as JSON; without one there is none, as with 204. */
export interface EmulatorReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const json = 'application/json; charset=utf-8'

const headersOf = ({ status, headers }: EmulatorReply, type: string | undefined, length: number | undefined) => ({
  ...(type === undefined ? {} : { 'content-type': type }),
  // A 204 has no length, not even 0.
  ...(length === undefined || status === 204 ? {} : { 'content-length': String(length) }),
  ...headers,
})

const bytesOf = ({ body }: EmulatorReply): Buffer | undefined =>
  body === undefined ? undefined : Buffer.from(JSON.stringify(body))

/** Writes an answer as it is. */
export const send = (outgoing: ServerResponse, reply: EmulatorReply): void => {
  const bytes = bytesOf(reply)
  outgoing.writeHead(reply.status, headersOf(reply, bytes === undefined ? undefined : json, bytes?.length ?? 0))
  outgoing.end(bytes)
}

/** Writes the head and half of the body, and cuts the connection; where there is no body, only the head's first half is missed. */
export const sendTruncated = (outgoing: ServerResponse, reply: EmulatorReply): void => {
  const bytes = bytesOf(reply)
  if (bytes === undefined) {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(reply.status, headersOf(reply, json, bytes.length))
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy())
}

const page = '<!DOCTYPE html>\n<html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>\n'

/** Writes a page in place of the body, with the status and the headers as they are: what something on the way answers. */
export const sendHtml = (outgoing: ServerResponse, { status, headers }: EmulatorReply): void => {
  // A 204 could not carry the page.
  const shown = status === 204 ? 200 : status
  const ofPage = { 'content-type': 'text/html', 'content-length': String(Buffer.byteLength(page)) }
  outgoing.writeHead(shown, { ...headers, ...ofPage })
  outgoing.end(page)
}

/** The same structure with every value of another type: texts are numbers, numbers texts, lists records, nothing something. */
const otherTypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return Object.fromEntries(value.map((item, index) => [`item${index}`, otherTypes(item)]))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, otherTypes(item)]))
  if (typeof value === 'string') return value.length
  if (typeof value === 'number') return `${value} or so`
  return typeof value === 'boolean' ? [value] : {}
}

/** Writes an answer whose JSON has every value of another type. */
export const sendWrongTypes = (outgoing: ServerResponse, reply: EmulatorReply): void =>
  send(outgoing, reply.body === undefined ? reply : { ...reply, body: otherTypes(reply.body) })

const chunk = Buffer.from(`"${'x'.repeat(65_534)}",`)

/** Writes JSON that goes on for as long as the client reads and the server lives. */
export const sendEndless = (outgoing: ServerResponse, { status, headers }: EmulatorReply): void => {
  outgoing.writeHead(status === 204 ? 200 : status, { ...headers, 'content-type': json })
  outgoing.write('{"endless":[')
  const writeOn = (): void => {
    while (!outgoing.destroyed && outgoing.write(chunk)) if (outgoing.writableNeedDrain) break
  }
  outgoing.on('drain', writeOn)
  writeOn()
}
