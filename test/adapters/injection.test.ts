import type { IncomingMessage, RequestListener } from 'node:http'
import * as fc from 'fast-check'
import {
  type CaptureSpec,
  cursor,
  type ImagePatch,
  type ImageQuery,
  type ImageRef,
  type ImageStore,
  type ImportSpec,
  type OperationRef,
  type RegionId,
  type StoreTask,
} from 'imageferry'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loopback, providers } from '../loopback.ts'

const secret = 'dop_v1_0123456789abcdef'

/** What leads out of a segment, a header or a text, in whatever careless hands. */
const pieces = [
  '\r\n',
  '\n',
  '\r\nX-Injected: yes\r\n\r\nGET /evil HTTP/1.1\r\n',
  '\u0000',
  '..',
  '../',
  '/..',
  '..\\',
  '%2e%2e',
  '%2E',
  '%2f',
  '%0d%0aX-Injected:%20yes',
  '/',
  '//evil.example/',
  'http://evil.example/',
  '@evil.example',
  '?',
  '?admin=1',
  '&private=false',
  '#',
  ';',
  '\\',
  '"',
  '","admin":true,"',
  ' ',
  '\t',
  '\u2028',
  '\u00e9',
  '\u{1f600}',
  '\ud800',
  '\udc00',
  '.',
  '1',
  '7',
  'a',
  'web',
  'uuid',
  ':',
  ',',
  '__proto__',
]
const nasty = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)

/** One segment that holds a value, and nothing that is read as a step in the path. */
const value = "(?!(?:\\.|%2e){1,2}(?:[/?]|$))[A-Za-z0-9_.~!*'()%-]+"
const routes: Readonly<Record<string, readonly string[]>> = {
  digitalocean: [
    'images',
    'images/:',
    'images/:/actions',
    'images/:/actions/:',
    'actions/:',
    'regions',
    'snapshots',
    'snapshots/:',
    'droplets/:',
    'droplets/:/actions',
    'droplets/:/actions/:',
    'droplets/:/snapshots',
    'tags',
    'tags/:',
    'tags/:/resources',
  ].map((route) => `/v2/${route}`),
  gcore: [
    '/cloud/v1/regions',
    '/cloud/v1/projects',
    '/cloud/v1/tasks',
    '/cloud/v1/tasks/:',
    '/cloud/v1/images/1337/:',
    '/cloud/v1/images/1337/:/:',
    '/cloud/v2/images/1337/:/:',
    '/cloud/v1/bmimages/1337/:',
    '/cloud/v1/projectimages/1337/:',
    '/cloud/v1/downloadimage/1337/:',
    '/cloud/v3/gpu/virtual/1337/:/images',
    '/cloud/v3/gpu/virtual/1337/:/images/:',
    '/cloud/v3/gpu/baremetal/1337/:/images',
    '/cloud/v3/gpu/baremetal/1337/:/images/:',
    '/cloud/v2/regional_quotas/:/:',
    '/iam/clients/me',
  ],
}

const headers = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'host',
  'user-agent',
])

interface Attack {
  readonly what: string
  /** Whether the text stands for a thing that has to be read, so that an odd one is refused before anything is sent. */
  readonly isRef?: true
  readonly run: (store: ImageStore, text: string, region: string, image: string) => StoreTask<unknown>
  /** Where the text has to be in a body that was sent, by the name of its field. */
  readonly field?: string
}

const asImage = (store: ImageStore, text: string) => `${store.name}:${text}` as ImageRef
const asOperation = (store: ImageStore, text: string) => `${store.name}:${text}` as OperationRef
const url = 'https://host.example/web.qcow2'

const attacks: readonly Attack[] = [
  { what: 'an image to get', isRef: true, run: (store, text) => store.get(asImage(store, text)) },
  {
    what: 'an id behind that of an image',
    isRef: true,
    run: (store, text, _, image) => store.get(`${image}${text}` as ImageRef),
  },
  { what: 'an image to delete', isRef: true, run: (store, text) => store.delete(asImage(store, text)) },
  {
    what: 'an image to update',
    isRef: true,
    run: (store, text) => store.update(asImage(store, text), { name: 'new' }),
  },
  {
    what: 'an image to replicate',
    isRef: true,
    run: (store, text) => store.replicate(asImage(store, text), ['fra1' as RegionId]),
  },
  { what: 'a backup', isRef: true, run: (store, text) => store.createFromBackup(asImage(store, text)) },
  ...['', 'import/', 'action/7/', 'capture/7/8/', 'present/7/', '1337/76/task/', '1337/76/deletion/uuid/'].map(
    (kind): Attack => ({
      what: `an operation by ${kind}`,
      run: (store, text) =>
        store.getOperations([asOperation(store, `${kind}${text}`), asOperation(store, kind + text)]),
    }),
  ),
  { what: 'a cursor', isRef: true, run: (store, text) => store.listPage({ scope: 'all' }, cursor(text)) },
  { what: 'a region to list', run: (store, text) => store.listPage({ regions: [text as RegionId] }) },
  {
    what: 'texts of a query',
    run: (store, text) =>
      store.listPage({
        scope: 'all',
        name: text,
        distribution: text,
        version: text,
        tags: [{ key: text, value: text }],
      } as ImageQuery),
  },
  {
    what: 'a tag to look for',
    run: (store, text) => store.listPage({ scope: 'all', tags: [{ key: text, wire: text }] } as ImageQuery),
  },
  { what: 'a name', field: 'name', run: (store, text, region) => store.importFromUrl({ name: text, url, region }) },
  {
    what: 'fields of an import',
    run: (store, text, region) =>
      store.importFromUrl({
        name: 'web',
        url,
        region,
        description: text,
        key: text,
        tags: [{ key: text, value: text }],
        os: { family: 'linux', distribution: text, version: text },
        onLoss: 'accept',
      } as ImportSpec),
  },
  { what: 'a region of an import', run: (store, text) => store.importFromUrl({ name: 'web', url, region: text }) },
  { what: 'a URL', run: (store, text, region) => store.importFromUrl({ name: 'web', url: `https://${text}`, region }) },
  {
    what: 'a patch',
    run: (store, text, _, image) =>
      store.update(
        image as ImageRef,
        {
          name: text,
          description: text,
          tags: { put: [{ key: text, value: text }], drop: [{ key: text }] },
          onLoss: 'accept',
        } as ImagePatch,
      ),
  },
  {
    what: 'a tag to put',
    run: (store, text, _, image) => store.update(image as ImageRef, { tags: { put: [{ key: text }] } }),
  },
  {
    what: 'a region to replicate to',
    run: (store, text, _, image) => store.replicate(image as ImageRef, [text as RegionId]),
  },
  {
    what: 'a capture of a server',
    run: (store, text, region) =>
      store.createFromServer({ name: text, source: text, region, key: text } as CaptureSpec),
  },
  {
    what: 'a capture of a volume',
    run: (store, text, region) =>
      store.createFromVolume({ name: text, source: text, region, key: text } as CaptureSpec),
  },
  { what: 'a key', run: (store, text) => store.findOperations(text) },
  { what: 'a region of a quota', run: (store, text) => store.quota(text) },
]

interface Sent {
  readonly request: IncomingMessage
  readonly body: string
}

/** Answers whatever either provider would: an image, an action, a task, and lists that are empty. */
const answer = JSON.stringify({
  image: { id: 7, name: 'web', tags: [], regions: ['nyc3'], status: 'available', type: 'custom' },
  action: { id: 9, status: 'completed', type: 'transfer' },
  droplet: { id: 7, name: 'web', region: { slug: 'nyc3' } },
  ...{ images: [], actions: [], regions: [], snapshots: [], results: [], count: 0, tasks: ['task'] },
  ...{ id: 'uuid', name: 'web', status: 'active', state: 'RUNNING', visibility: 'private', size: 1 },
})

describe.each(providers)('what callers hand to $name', ({ name, image, region, storeAt }) => {
  const { listen, closeAll } = loopback()
  const sent: Sent[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      sent.push({ request, body: Buffer.concat(chunks).toString('utf8') })
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
    })
  }
  const server = { baseUrl: '' }
  beforeAll(async () => {
    server.baseUrl = await listen(listener)
  })
  afterAll(closeAll)

  const route = new RegExp(
    `^(?:${(routes[name] ?? []).map((one) => one.replaceAll(':', value)).join('|')})(?:\\?[!-~]*)?$`,
  )

  it.each(attacks)('leads to no other route, header or body: $what', async ({ run, isRef, field }) => {
    const store = storeAt(server.baseUrl, secret)
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        sent.length = 0
        const result = await run(store, text, region, image)()
        for (const { request, body } of sent) {
          expect(request.url).toMatch(route)
          expect(request.headers.host).toBe(new URL(server.baseUrl).host)
          expect(request.headers.authorization).toBe(`${name === 'gcore' ? 'APIKey' : 'Bearer'} ${secret}`)
          expect(Object.keys(request.headers).filter((header) => !headers.has(header))).toEqual([])
          const given: unknown = body === '' ? {} : JSON.parse(body)
          expect(JSON.stringify(given)).not.toContain('"admin":true')
          if (field !== undefined && request.method === 'POST') expect(given).toHaveProperty(field, text)
        }
        if (result._tag === 'Left') {
          expect(result.left).toMatchObject({ name: 'ImageStoreError', store: name })
          // A number that could be an image's is read before it is known to be none that will do.
          if (isRef === true && result.left.kind === 'invalid-argument' && !/^\d+$/.test(text)) expect(sent).toEqual([])
          if (result.left.kind === 'invalid-argument')
            expect(sent.filter(({ request }) => request.method !== 'GET')).toEqual([])
        }
      }),
      { numRuns: 100 },
    )
  })
})
