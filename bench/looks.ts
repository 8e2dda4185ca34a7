/**
 * What a look at an image costs over HTTP where every answer takes 50 ms to come: requests, bytes and time, for real images of every
 * format, directly and behind two redirects. Writes one line of JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { inspect } from 'imageferry/inspect'
import { imageCases, titleOf } from '../test/real-images/cases.ts'
import { imageMaker } from '../test/real-images/make-image.ts'
import { serveRanges } from '../test/real-images/range-server.ts'

const latencyMs = 50

const folder = await mkdtemp(join(tmpdir(), 'imageferry-bench-'))
const paths = new Map<string, string>()
const serve = serveRanges((name) => paths.get(name))
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  setTimeout(() => {
    const [, hops] = /^\/hops-(\d)\//.exec(pathname) ?? []
    if (hops === undefined || hops === '0') serve(request, response)
    else response.writeHead(302, { location: pathname.replace(`hops-${hops}`, `hops-${Number(hops) - 1}`) }).end()
  }, latencyMs)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const make = imageMaker(folder)
const looks: {
  readonly title: string
  readonly milliseconds: number
  readonly requests: number
  readonly bytes: number
}[] = []
for (const [index, one] of imageCases.filter(({ fault }) => fault === undefined).entries()) {
  const path = await make(one, index)
  const name = `${index}-${basename(path)}`
  paths.set(name, path)
  for (const hops of [0, 2]) {
    const begun = performance.now()
    const { cost } = await inspect(`${base}/hops-${hops}/${name}`, { allowPrivate: true })
    looks.push({ title: `${titleOf(one)}, ${hops} redirects`, milliseconds: performance.now() - begun, ...cost })
  }
  await rm(join(folder, String(index)), { recursive: true, force: true })
}
server.close()
server.closeAllConnections()
await rm(folder, { recursive: true, force: true })
process.stdout.write(`${JSON.stringify(looks)}\n`)
