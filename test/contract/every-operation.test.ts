import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { bootableDisk, startFileSource } from '../emulators/file-source.ts'
import { talkToDigitalOcean } from './digitalocean-talk.ts'
import { talkToGcore } from './gcore-talk.ts'
import { operationOf, operationsOf } from './operations.ts'
import { startRecordingProxy } from './recording-proxy.ts'
import { judgeBy } from './specification.ts'
import { needsSpecifications, readCorrections, readSpecification } from './specifications.ts'
import type { Send } from './talk.ts'

/** What the talk with an emulator needs of it. */
interface Running {
  readonly baseUrl: string
  readonly close: () => Promise<void>
}

interface Provider<Emulator extends Running> {
  readonly provider: string
  /** Operations that are not emulated, because they are about something else than images. */
  readonly leftOut: Readonly<Record<string, string>>
  readonly start: () => Promise<Emulator & { readonly authorization: string; readonly project?: number }>
  readonly talk: (send: Send, emulator: Emulator, url: string) => Promise<void>
}

const digitalOcean: Provider<Awaited<ReturnType<typeof startDigitalOcean>>> = {
  provider: 'digitalocean',
  leftOut: {},
  start: async () => {
    const emulator = await startDigitalOcean({ clock: manualClock() })
    return { ...emulator, authorization: `Bearer ${emulator.token}` }
  },
  talk: talkToDigitalOcean,
}

const gcore: Provider<Awaited<ReturnType<typeof startGcore>>> = {
  provider: 'gcore',
  leftOut: {
    'POST /cloud/v1/projects': 'projects are not made through an image store',
    'PATCH /cloud/v1/projects/{project_id}': 'nor changed',
    'DELETE /cloud/v1/projects/{project_id}': 'nor deleted',
  },
  start: async () => {
    const emulator = await startGcore({ clock: manualClock() })
    return { ...emulator, authorization: `APIKey ${emulator.apiKey}` }
  },
  talk: talkToGcore,
}

const disk = bootableDisk()

const jsonOf = (text: string): unknown => (text === '' ? undefined : JSON.parse(text))

describe.runIf(needsSpecifications)('every operation of a specification', () => {
  const check = async <Emulator extends Running>({ provider, leftOut, start, talk }: Provider<Emulator>) => {
    const specification = readSpecification(provider)
    const judge = judgeBy(specification, readCorrections(provider))
    const files = await startFileSource({ '/web.raw': { bytes: disk } })
    const emulator = await start()
    const proxy = await startRecordingProxy(emulator.baseUrl)
    const ask = (origin: string, method: string, path: string, body?: unknown) =>
      fetch(`${origin}${path}`, {
        method,
        headers: { authorization: emulator.authorization, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    try {
      await talk(
        async (method, path, body) => jsonOf(await (await ask(proxy.baseUrl, method, path, body)).text()),
        emulator,
        files.url('/web.raw'),
      )
      const judged = proxy.exchanges.map((exchange) => ({ ...exchange, ...judge(exchange) }))
      expect(judged.filter(({ faults }) => faults.length > 0).map(({ path, faults }) => ({ path, faults }))).toEqual([])
      // Each was answered as it should be at least once, or is left out with a reason.
      const answered = judged.filter(({ status }) => status < 300).map(({ operation }) => operation)
      const known = answered.filter((operation) => operation !== undefined)
      expect([...new Set([...known, ...Object.keys(leftOut)])].sort()).toEqual(
        operationsOf(specification)
          .map(({ name }) => name)
          .sort(),
      )
      // What the specification is said to lack is really there.
      for (const { operation } of readCorrections(provider).unlisted ?? []) {
        const { method, path } = operationOf(operation)
        const isAnswered = judged.some((one) => one.method === method && path.test(one.path) && one.status < 300)
        expect(isAnswered, operation).toBe(true)
      }
      // What is left out is really not there: nothing that was answered, and no route of the emulator.
      for (const name of Object.keys(leftOut)) {
        const [method = '', template = ''] = name.split(' ')
        const path = template.replace('{project_id}', String(emulator.project))
        expect(known, name).not.toContain(name)
        expect([404, 405], name).toContain((await ask(emulator.baseUrl, method, path, {})).status)
      }
    } finally {
      await proxy.close()
      await emulator.close()
      await files.close()
    }
  }

  it('of DigitalOcean is answered as it says', () => check(digitalOcean))

  it('of Gcore is answered as it says, or left out for a reason', () => check(gcore))
})
