import * as E from 'fp-ts/lib/Either.js'
import { imageRef } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { loopback } from '../loopback.ts'

// The first call of a process, which loads what sends it, and later ones: each is canceled a tick after it was begun, or after its
// request was told of. Prints what came of them, and what the server got.

const { listen, closeAll } = loopback()
const seen: string[] = []
const baseUrl = await listen((request, response) => {
  seen.push(`${request.method}`)
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"image":{"id":7,"name":"web"}}')
})

const canceledSoon = async (after: 'begun' | 'told') => {
  const controller = new AbortController()
  const cancelSoon = () => queueMicrotask(() => controller.abort())
  const store = digitalOcean({
    token: 'dop_v1_secret',
    baseUrl,
    observer: ({ type }) => {
      if (type === 'request') cancelSoon()
    },
  })
  const spec = { name: 'web', url: 'https://host.example/web.qcow2', region: 'nyc3' }
  const call = store.importFromUrl(spec, { signal: controller.signal })()
  if (after === 'begun') cancelSoon()
  const result = await call
  // What had left before would be answered before this is.
  await store.get(imageRef('digitalocean:7'))()
  return E.isLeft(result) ? { kind: result.left.kind, unconfirmed: result.left.unconfirmed } : {}
}

const results = [await canceledSoon('begun'), await canceledSoon('begun'), await canceledSoon('told')]
process.stdout.write(JSON.stringify({ results, seen }))
closeAll()
