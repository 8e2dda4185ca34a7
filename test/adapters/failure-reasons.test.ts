import { type ImageStore, importAll, type Operation, type OperationLookup } from 'imageferry'
import { afterAll, describe, expect, it } from 'vitest'
import { succeed } from '../either.ts'
import { impatient, loopback, providers } from '../loopback.ts'
import { printed } from '../printed.ts'

const token = 'dop_v1_0123456789abcdef'
const url = 'https://user:pa55word@host.example/web.qcow2?X-Amz-Signature=s1gned0123456789'
const credentials = Buffer.from('user:pa55word').toString('base64')

/** A source's URL as it comes out of logs, queries and JSON, of this scheme and of others. */
const urls: readonly string[] = [
  url,
  url.replaceAll('/', '\\/'),
  url.replaceAll('/', '\\u002f').replace(':', '\\u003a'),
  encodeURIComponent(url),
  encodeURIComponent(encodeURIComponent(url)),
  url.replace('https:', ''),
  url.replace('https', 's3'),
  url.replace('https', 'ftp'),
  `x${url}`,
  `_${url}`,
  `fetch(${url})`,
  `https://mirror.example/${url}`,
  `https://mirror.example/${encodeURIComponent(url)}`,
]

const reason = `refused ${token}: ${urls.join(' | ')} | signature s1gned0123456789 | Basic ${credentials}`
const secrets = [token, 'pa55word', 's1gned', credentials]

describe.each(providers)('the reason of an import that has failed, of $name', ({ region, storeAt }) => {
  const { listen, closeAll } = loopback()
  afterAll(closeAll)

  /** A provider that accepts an import and says later, in good answers, why it has failed. */
  const failing = (said: string): Promise<string> =>
    listen(({ method, url = '' }, response) => {
      const status = method === 'POST' ? 'NEW' : 'deleted'
      const image = { id: 7, name: 'web', type: 'custom', regions: [], status, error_message: said }
      const task = { id: 'task', task_type: 'download_image', state: 'ERROR', error: said }
      const named = { image, tasks: ['task'], ...task, regions: [{ slug: 'nyc3', available: true }] }
      const isList = method === 'GET' && !/\/7|\/task$/.test(url)
      const body = isList ? { ...named, images: [], results: [], count: 0, meta: { total: 0 }, links: {} } : named
      response.writeHead(method === 'POST' ? 202 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    })

  const begin = (store: ImageStore): Promise<Operation> => succeed(store.importFromUrl({ name: 'web', url, region }))
  const lookUp = (store: ImageStore, { ref }: Operation): Promise<readonly OperationLookup[]> =>
    succeed(store.getOperations([ref]))

  it('shows neither the token nor a secret of the source', async () => {
    const store = storeAt(await failing(reason), token)
    const outcomes = await importAll(store, [{ name: 'web', url, region }], { runtime: impatient })()
    const text = printed([outcomes, await lookUp(store, await begin(store))])
    expect(text).toContain('refused [redacted]: ')
    expect(text).toContain('host.example/web.qcow2')
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('shows no secret of a source that was imported a while ago', async () => {
    const store = storeAt(await failing(reason), token)
    const operation = await begin(store)
    for (let other = 0; other < 50; other++)
      await succeed(store.importFromUrl({ name: 'web', url: `${url}${other}`, region }))
    const text = printed(await lookUp(store, operation))
    expect(text).toContain('refused [redacted]: ')
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('shows no URL with its secrets to another store, which does not know them', async () => {
    const baseUrl = await failing(`refused ${token}: ${urls.join(' | ')}`)
    const operation = await begin(storeAt(baseUrl, token))
    const text = printed(await lookUp(storeAt(baseUrl, token), operation))
    expect(text).toContain('refused [redacted]: ')
    expect(text.match(/host\.example\/web\.qcow2/g)?.length).toBeGreaterThan(10)
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('is cut behind the secrets, and not within one', async () => {
    const store = storeAt(await failing(`${'x'.repeat(1990)}${token}`), token)
    expect(printed(await lookUp(store, await begin(store)))).not.toContain(token.slice(0, 5))
  })

  it('keeps the URLs in it that hold no secret', async () => {
    const said = 'no disk at HTTPS://Host.example/a//b.qcow2, nor at //host.example/c (see s3://Bucket/key).'
    const store = storeAt(await failing(said), token)
    expect(printed(await lookUp(store, await begin(store)))).toContain(said)
  })
})
