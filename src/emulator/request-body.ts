import type { IncomingMessage } from 'node:http'

/** The body of a request as it was read. Whether a body that is no JSON matters is for the provider to say. */
export type RequestBody =
  | { readonly kind: 'absent' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'malformed'; readonly text: string }

/** The largest body that is read: 1 MiB, in bytes. */
export const maximumBodyBytes = 1024 * 1024

/** The largest that the control endpoint reads: 64 MiB, in bytes. A saved state holds every image. */
export const maximumControlBytes = 64 * 1024 * 1024

const decode = (bytes: Uint8Array): RequestBody => {
  if (bytes.length === 0) return { kind: 'absent' }
  const text = new TextDecoder().decode(bytes)
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'json', value }
  } catch {
    return { kind: 'malformed', text }
  }
}

/** Reads a body to its end, so that the client hears the answer; keeps nothing of one that is too large. */
export const readBody = async (
  incoming: IncomingMessage,
  maximumBytes = maximumBodyBytes,
): Promise<RequestBody | 'too-large'> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length <= maximumBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  return length > maximumBytes ? 'too-large' : decode(Buffer.concat(chunks))
}
