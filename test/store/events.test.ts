import { channel } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { type ImageStore, imageRef, requestBudget, type StoreEvent, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { leftOf, rightOf } from '../either.ts'
import { simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const second = 1_000
const hour = 3_600 * second
const secret = 's3cr3t-s1gn4tur3'

/** Every type, which the compiler holds against the union. */
const types: Readonly<Record<StoreEvent['type'], true>> = {
  'call-started': true,
  'call-ended': true,
  request: true,
  response: true,
  retry: true,
  pause: true,
  'answer-lost': true,
  reconciled: true,
  duplicate: true,
  drift: true,
  'wait-tick': true,
  phase: true,
  stalled: true,
  'wait-ended': true,
}

/** The table of docs/events.md: the fields of each type, and which of them can be absent. */
const documented: ReadonlyMap<string, readonly { readonly field: string; readonly isOptional: boolean }[]> = new Map(
  [
    ...readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8').matchAll(
      /^\| `([a-z-]+)` \| ([^|]*) \| [^|]+\|$/gm,
    ),
  ].map(([, type = '', fields = '']) => [
    type,
    [...fields.matchAll(/(\[?)`(\w+)`/g)].map(([, bracket, field = '']) => ({ field, isOptional: bracket === '[' })),
  ]),
)

/** What every event has. */
const common = ['type', 'store', 'operation']

const published: unknown[] = []
const observed: StoreEvent[] = []
const publish = (event: unknown): void => {
  published.push(event)
}

/** A day on which everything happens that is told. */
const aHardDay = async (): Promise<void> => {
  const time = simulatedTime(1)
  const { runtime, clock } = time
  const emulator = await startEmulator({ clock, importDuration: 200 * second })
  const disk = qcow2Disk({ label: 'events' })
  const files = await serveFiles(async () => disk)
  const observer = (event: StoreEvent): void => {
    observed.push(event)
  }
  const { token, baseUrl, faults } = emulator
  const open = (): ImageStore =>
    digitalOcean({ token, baseUrl, runtime, observer, budget: requestBudget({ requests: 20, runtime }) })
  const spec = { name: 'web', url: `${files.urlOf('good.qcow2')}?sig=${secret}`, region: 'nyc3', key: 'run 7' }
  try {
    const store = open()
    // Two processes at one moment: one image too many.
    const begun = await time.run(Promise.all([open(), open()].map((one) => one.importFromUrl(spec)())), hour)
    const refs = begun.map((result) => rightOf(result).ref)
    faults.script({ method: 'POST', fault: { kind: 'reset', when: 'after-commit' } })
    rightOf(await time.run(store.importFromUrl({ ...spec, name: 'lost', key: 'run 8' })(), hour))
    faults.script({ method: 'GET', fault: { kind: 'answer', status: 503 } })
    emulator.addImage({ status: 'compacting' })
    rightOf(await time.run(store.listPage()(), hour))
    leftOf(await time.run(store.get(imageRef('digitalocean:999'))(), hour))
    await time.run(Promise.all(Array.from({ length: 25 }, () => store.listRegions()())), hour)
    leftOf(await time.run(store.quota('nyc3')(), hour))
    faults.script({ method: 'GET', fault: { kind: 'reset' } })
    rightOf(await time.run(store.listRegions()(), hour))
    const stall = { tellAfterMs: 30 * second }
    rightOf(await time.run(waitForAll(store, refs, { runtime, observer, stall })(), hour))
    leftOf(await time.run(waitForAll(store, refs, { runtime, observer, signal: aborting() })(), hour))
  } finally {
    await emulator.close()
    await files.close()
    time.stop()
  }
}

/** A signal that is aborted as soon as somebody has begun to wait. */
const aborting = (): AbortSignal => {
  const controller = new AbortController()
  queueMicrotask(() => controller.abort())
  return controller.signal
}

beforeAll(async () => {
  await warmUp()
  for (const type of documented.keys()) channel(`imageferry:${type}`).subscribe(publish)
  await aHardDay()
})

afterAll(() => {
  for (const type of documented.keys()) channel(`imageferry:${type}`).unsubscribe(publish)
})

describe('the events', () => {
  it('are all in docs/events.md, and nothing else is', () => {
    expect([...documented.keys()].sort()).toEqual(Object.keys(types).sort())
  })

  it.each(Object.keys(types))('are told with the fields that are documented: %s', (type) => {
    const told = observed.filter((event) => event.type === type)
    const fields = documented.get(type) ?? []
    expect(told).not.toEqual([])
    for (const event of told) {
      const present = Object.entries(event).flatMap(([field, value]) => (value === undefined ? [] : [field]))
      expect(present).toEqual(expect.arrayContaining(common))
      const further = present.filter((field) => !common.includes(field))
      expect(fields.map(({ field }) => field)).toEqual(expect.arrayContaining(further))
      expect(further).toEqual(expect.arrayContaining(fields.flatMap((one) => (one.isOptional ? [] : [one.field]))))
    }
    // Each of the fields that can be absent is there once, and missing once.
    for (const { field } of fields.filter(({ isOptional }) => isOptional)) {
      const values = told.map((event) => Object.entries(event).find(([name]) => name === field)?.[1])
      expect([field, values.some((value) => value === undefined)]).toEqual([field, true])
      expect([field, values.some((value) => value !== undefined)]).toEqual([field, true])
    }
  })

  it('go to the channels as they go to the observer', () => {
    expect(published).toEqual(observed)
  })

  it('put all that a call does between its start and its end, under its number', () => {
    const ofCalls = observed.flatMap((event) => ('call' in event ? [event] : []))
    for (const call of new Set(ofCalls.map((event) => event.call))) {
      const own = ofCalls.filter((event) => event.call === call)
      expect(own.at(0)?.type).toBe('call-started')
      expect(own.at(-1)?.type).toBe('call-ended')
      expect(own.filter(({ type }) => type.startsWith('call-'))).toHaveLength(2)
      const ofMember = ({ store, operation }: StoreEvent): string => `${store} ${operation}`
      expect(new Set(own.map(ofMember)).size).toBe(1)
      const count = (type: string): number => own.filter((event) => event.type === type).length
      expect(count('response')).toBe(count('request'))
    }
  })

  it('hold no token and nothing of a source', () => {
    expect(JSON.stringify(observed)).not.toMatch(new RegExp(`${secret}|good\\.qcow2|127\\.0\\.0\\.1|dop_v1`))
  })
})

describe('a call that sends nothing', () => {
  it('is told with its end, also where the store does not support it', () => {
    const calls = observed.filter(({ operation }) => operation === 'quota')
    expect(calls).toMatchObject([{ type: 'call-started' }, { type: 'call-ended', error: 'unsupported' }])
  })
})

describe('the stores of both providers', () => {
  it('know all that their own emulators say, but for what was put there to be odd', async () => {
    const events: StoreEvent[] = []
    const observer = (event: StoreEvent): void => {
      events.push(event)
    }
    const emulator = await startGcore()
    const { apiKey, project, baseUrl } = emulator
    emulator.addImage({ region_id: 76 })
    const store = gcore({ apiKey, project, baseUrl, regions: [76], observer })
    rightOf(await store.listPage({ scope: 'all' })())
    rightOf(await store.listRegions()())
    await emulator.close()
    expect(events.filter(({ type }) => type === 'drift')).toEqual([])
    expect(observed.flatMap((event) => (event.type === 'drift' ? [event.value] : []))).toEqual(['compacting'])
  })
})
