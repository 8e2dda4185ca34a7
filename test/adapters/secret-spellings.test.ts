import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { RequestListener } from 'node:http'
import * as fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageStore, imageRef, operationRef, type StoreEvent, type StoreTask } from 'imageferry'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loopback, providers } from '../loopback.ts'
import { printed, withoutRaw } from '../printed.ts'

const bytesOf = (text: string) => [...Buffer.from(text, 'utf8')].map((byte) => byte.toString(16).padStart(2, '0'))
const lowerHex = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())

/** The characters of a text in base64 that its bytes alone decide, behind so many others. */
const inBase64 = (secret: string, before: number): string => {
  const length = before + Buffer.byteLength(secret)
  const encoded = Buffer.from(' '.repeat(before) + secret, 'utf8').toString('base64')
  return encoded.slice(Math.ceil((before * 8) / 6), Math.floor((length * 8) / 6))
}

/** Base64 in short lines, as programs for mail and certificates write it. */
const inLines =
  (end: string) =>
  (text: string): string =>
    text.replace(/.{5}/g, `$&${end}`)

const toUrlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_')

/** A secret in the spellings in which somebody may send it back. */
const spellings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  encodeURIComponent,
  (secret) => lowerHex(encodeURIComponent(secret)),
  encodeURI,
  (secret) => lowerHex(encodeURI(secret)),
  (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => bytesOf(secret).join('').replace(/../g, '%$&'),
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => [...secret].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  ...[0, 1, 2].flatMap((before) => [
    (secret: string) => inBase64(secret, before),
    (secret: string) => toUrlSafe(inBase64(secret, before)),
    (secret: string) => Buffer.from('x'.repeat(before) + secret).toString('base64'),
    (secret: string) => Buffer.from(`${'x'.repeat(before)}${secret}:y`).toString('base64url'),
    (secret: string) => encodeURIComponent(Buffer.from('x'.repeat(before) + secret).toString('base64')),
    (secret: string) => inLines('\n')(inBase64(secret, before)),
    (secret: string) => inLines('\r\n ')(toUrlSafe(inBase64(secret, before))),
    (secret: string) => inLines('\\n')(inBase64(secret, before)),
    (secret: string) => inLines('%0A')(inBase64(secret, before)),
  ]),
]

/** What must not be found of a secret. */
const tracesOf = (secret: string): readonly string[] => [
  ...spellings.slice(0, 10).map((spell) => spell(secret)),
  ...[0, 1, 2].flatMap((before) => [inBase64(secret, before), toUrlSafe(inBase64(secret, before))]),
]

const anyCharacter = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
const words = (most: number) => fc.array(anyCharacter, { minLength: 1, maxLength: most }).map((all) => all.join(''))

/** Tokens of every printable character, with one in them that no text of ours has. */
const token = fc.oneof(
  fc
    .tuple(words(48), fc.constantFrom('$', '%', '^', '|', '~'), words(48))
    .map((parts) => `${parts[0]}${parts[1]}q${parts[2]}`),
  fc.constantFrom('1234$abc', 'dop_v1_%2B', 'a+/=', '"\\"$', '%%%25', '$&$1'),
)

const source = fc.record({ user: token, password: token, signature: token, fragment: token }).map((secrets) => {
  const { user, password, signature, fragment } = secrets
  const [name, code] = [user, password].map(encodeURIComponent)
  const query = `X-Amz-Signature=${encodeURIComponent(signature)}&v=1`
  return {
    url: `https://${name}:${code}@host.example/web.qcow2?${query}#${encodeURIComponent(fragment)}`,
    secrets: Object.values(secrets),
  }
})

type Echo = (echo: string) => { readonly status: number; readonly body: string }

const errorBody: (echo: string) => object = (echo) => ({
  id: echo,
  message: echo,
  error: echo,
  detail: echo,
  root_causes: [echo],
  request_id: echo,
  exception_class: 'ValidationError',
  invalid_fields: { [echo]: [echo, { [echo]: echo }], url: echo },
  [echo]: echo,
})

/** An import that has failed, as either provider tells it in a good answer. */
const failedImport = (echo: string): object => {
  const image = { id: 7, name: 'web', type: 'custom', regions: [], status: 'deleted', error_message: echo }
  const task = { id: 'task', task_type: 'download_image', project_id: 1337, region_id: 76, state: 'ERROR', error: echo }
  return { image, images: [image], links: {}, meta: { total: 1 }, ...task, tasks: ['task'], results: [task], count: 1 }
}

/** What a provider may make of a request, with the secrets in whatever it says. */
const answers: readonly (readonly [what: string, answer: Echo])[] = [
  ['a page', (echo) => ({ status: 200, body: `<html>${echo}` })],
  ['another shape', (echo) => ({ status: 200, body: JSON.stringify([echo]) })],
  [
    'wrong types',
    (echo) => ({ status: 200, body: JSON.stringify({ image: { id: [echo] }, results: echo, count: echo }) }),
  ],
  ['a redirect', (echo) => ({ status: 302, body: echo })],
  ['text', (echo) => ({ status: 500, body: echo })],
  ['nested too deeply', (echo) => ({ status: 422, body: `${'['.repeat(99)}${JSON.stringify(echo)}${']'.repeat(99)}` })],
  ['a proxy refusal', (echo) => ({ status: 407, body: JSON.stringify(errorBody(echo)) })],
]
const answer: fc.Arbitrary<Echo> = fc.oneof(
  fc
    .integer({ min: 400, max: 599 })
    .map((status) => (echo: string) => ({ status, body: JSON.stringify(errorBody(echo)) })),
  fc.constantFrom(...answers.map(([, answer]) => answer)),
  { weight: 2, arbitrary: fc.constant<Echo>((echo) => ({ status: 200, body: JSON.stringify(failedImport(echo)) })) },
)

/** Answers with the secrets in all it says, and with a few of them in the head, which has a largest length. */
const echoing =
  (answer: Echo, echo: string, short: string): RequestListener =>
  (request, response) => {
    const { status, body } = answer(echo)
    if (status === 599) {
      request.socket.destroy()
      return
    }
    const said = short.replace(/[^\x20-\x7e]/g, '?')
    response.writeHead(status, said, {
      'content-type': `application/${said}`,
      'x-request-id': said,
      'retry-after': said,
      'ratelimit-reset': said,
      location: `https://elsewhere.example/?${encodeURIComponent(short)}`,
    })
    response.end(body)
  }

type Ask = (store: ImageStore, image: string, region: string, url: string) => StoreTask<unknown>

const asksOfImports: readonly Ask[] = [
  (store, _, region, url) => store.importFromUrl({ name: 'web', url, region }),
  (store, _, region, url) => store.importFromUrl({ name: 'web', url, region, key: 'run-1' }),
  (store, _, region, url) =>
    pipe(
      store.importFromUrl({ name: 'web', url, region }),
      TE.flatMap(({ ref }) => store.getOperations([ref])),
    ),
]

const asks: readonly Ask[] = [
  ...asksOfImports,
  (store, image) => store.get(imageRef(image)),
  (store) => store.listPage({ scope: 'all' }),
  (store) => store.listPage({ scope: 'all', onRegionFailure: 'report' }),
  (store) => store.findOperations('run-1'),
  (store, image) => store.update(imageRef(image), { name: 'new', tags: { put: [{ key: 'a' }] } }),
  (store, image) => store.delete(imageRef(image)),
  (store, image) => store.replicate(imageRef(image), ['fra1' as never]),
  (store, _, region) => store.createFromServer({ name: 'web', source: '7', region }),
  (store, _, region) => store.createFromVolume({ name: 'web', source: '7e9a8d0c-0000-4000-8000-000000000000', region }),
  (store, image) => store.createFromBackup(imageRef(image)),
  (store, image) =>
    store.getOperations([
      operationRef(image.replace('uuid', 'task/uuid').replace(':7', ':import/7')),
      operationRef('x:y'),
    ]),
  (store) => store.listRegions(),
  (store, _, region) => store.quota(region),
]

/** What a store publishes itself; the others are told of by waits. */
type Published = Exclude<StoreEvent['type'], 'wait-tick' | 'phase' | 'stalled' | 'wait-ended'>

const published: Readonly<Record<Published, true>> = {
  'call-started': true,
  'call-ended': true,
  drift: true,
  request: true,
  response: true,
  retry: true,
  pause: true,
  'answer-lost': true,
  reconciled: true,
  duplicate: true,
}
const channels = Object.keys(published).map((type) => `imageferry:${type}`)

const unwrapped = (text: string): string => text.replace(/\s|\\+[rn]|%0A/g, '')

describe.each(providers)('whatever $name answers', ({ image, region, storeAt }) => {
  const { listen, closeAll } = loopback()
  const events: unknown[] = []
  const note = (event: unknown) => {
    events.push(event)
  }
  const current: { listener: RequestListener; baseUrl: string } = { listener: () => {}, baseUrl: '' }

  beforeAll(async () => {
    current.baseUrl = await listen((request, response) => current.listener(request, response))
    for (const name of channels) subscribe(name, note)
  })
  afterAll(() => {
    for (const name of channels) unsubscribe(name, note)
    closeAll()
  })

  it('shows no token and no secret of a source, in any spelling, in errors, results or events', async () => {
    const seen = { answers: 0, failures: 0, events: 0 }
    await fc.assert(
      fc.asyncProperty(
        token,
        source,
        answer,
        fc.constantFrom(...asks),
        fc.constantFrom(...spellings),
        async (secret, { url, secrets }, answer, ask, spell) => {
          const hidden = [secret, ...secrets]
          events.length = 0
          current.listener = echoing(
            answer,
            [...hidden.map(spell), url].join(' '),
            hidden.slice(0, 2).map(spell).join(' '),
          )
          const result = await ask(storeAt(current.baseUrl, secret), image, region, url)()
          const text = printed([withoutRaw(result), events])
          seen.answers += text.includes('status: 4') || text.includes('status: 5') ? 1 : 0
          seen.failures += text.includes('"failure":') ? 1 : 0
          seen.events += events.length
          // What was not told to the call cannot be known to be secret: sources belong to imports.
          const isImport = asksOfImports.includes(ask)
          for (const one of isImport ? hidden : [secret]) {
            for (const trace of tracesOf(one)) expect(text).not.toContain(trace)
            for (const before of [0, 1, 2]) {
              const trace = inBase64(one, before)
              expect(unwrapped(text)).not.toContain(trace)
              expect(unwrapped(text)).not.toContain(toUrlSafe(trace))
            }
          }
        },
      ),
      { numRuns: 300, endOnFailure: true },
    )
    // Were the answers lost on their way, nothing could show.
    expect(seen.answers).toBeGreaterThan(20)
    expect(seen.failures).toBeGreaterThan(3)
    expect(seen.events).toBeGreaterThan(200)
  })
})
