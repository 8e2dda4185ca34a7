import * as E from 'fp-ts/lib/Either.js'
import { type Image, type ImageStore, imageRef, type StoreOperation, type StoreTask } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { someImage } from '../flow/some-image.ts'
import { virtualRuntime } from '../virtual-runtime.ts'

interface Account {
  readonly store: ImageStore
  readonly ref: string
  /** A region that the image is not in. */
  readonly further: string
  readonly close: () => Promise<void>
}

interface Subject {
  readonly name: string
  /** Images of all sorts and in all states, by what they are, each the only one of an account of its own. */
  readonly images: Readonly<Record<string, () => Promise<Account>>>
}

const combined = <A extends string, B extends string>(first: readonly A[], second: readonly B[]) =>
  first.flatMap((one) => second.map((other) => [one, other] as const))

const inDigitalOcean = combined(
  ['base', 'snapshot', 'backup', 'custom', 'admin'],
  ['NEW', 'pending', 'available', 'retired', 'deleted', 'failed', 'public'],
).map(([type, word]): [string, () => Promise<Account>] => [
  `${type} ${word}`,
  async () => {
    const clock = manualClock()
    const emulator = await startDigitalOcean({ clock })
    const status = word === 'failed' ? 'deleted' : word === 'public' ? 'available' : word
    const error_message = word === 'failed' ? 'We had a problem decompressing your file.' : ''
    const id = emulator.addImage({ type, status, error_message, public: word === 'public' })
    const store = digitalOcean({ ...emulator, runtime: virtualRuntime(clock) })
    return { store, ref: `digitalocean:${id}`, further: 'ams3', close: emulator.close }
  },
])

const inGcore = combined(
  ['own', 'locked', 'public'],
  ['active', 'queued', 'saving', 'importing', 'killed', 'deactivated', 'deleted', 'pending_delete', 'new-word'],
).map(([whose, status]): [string, () => Promise<Account>] => [
  `${whose} ${status}`,
  async () => {
    const clock = manualClock()
    const emulator = await startGcore({ clock })
    const own = whose !== 'public'
    const task_id = whose === 'locked' ? '4c2b0c3e-7a5f-4a8e-9d0c-1c1d3b0f5a11' : null
    const id = emulator.addImage({ status, own, task_id, visibility: own ? 'private' : 'public' })
    const { apiKey, project, baseUrl } = emulator
    const store = gcore({ apiKey, project, baseUrl, regions: [76], runtime: virtualRuntime(clock) })
    return { store, ref: `gcore:${project}/76/${id}`, further: '148', close: emulator.close }
  },
])

/** A region that has images for graphics processors. */
const gpuRegion = 148

const inGpuNamespaces = combined(['virtual', 'baremetal'] as const, ['own', 'locked', 'public']).map(
  ([gpuNamespace, whose]): [string, () => Promise<Account>] => [
    `${gpuNamespace} ${whose}`,
    async () => {
      const clock = manualClock()
      const emulator = await startGcore({ clock })
      const own = whose !== 'public'
      const task_id = whose === 'locked' ? '4c2b0c3e-7a5f-4a8e-9d0c-1c1d3b0f5a11' : null
      const visibility = own ? 'private' : 'public'
      const id = emulator.addImage({ own, task_id, visibility, gpuNamespace, region_id: gpuRegion })
      const { apiKey, project, baseUrl } = emulator
      const store = gcore({ apiKey, project, baseUrl, regions: [gpuRegion], runtime: virtualRuntime(clock) })
      const namespace = gpuNamespace === 'virtual' ? 'gpu-virtual' : 'gpu-bare-metal'
      return { store, ref: `gcore:${project}/${gpuRegion}/${namespace}/${id}`, further: '148', close: emulator.close }
    },
  ],
)

const states: Readonly<Record<string, Partial<Image>>> = {
  available: {},
  backup: { kind: 'backup' },
  public: { visibility: 'public' },
  'public backup': { visibility: 'public', kind: 'backup' },
  queued: { status: 'queued' },
  'unfinished backup': { status: 'importing', kind: 'backup' },
  failed: { status: 'failed' },
  retired: { status: 'retired' },
  deleting: { status: 'deleting' },
  deleted: { status: 'deleted' },
  unknown: { status: 'unknown' },
  locked: { lockedBy: 'memory:import/9' as Image['lockedBy'] & string },
}

const inMemory = Object.entries(states).map(([name, more]): [string, () => Promise<Account>] => [
  name,
  async () => ({
    store: memory({ images: [someImage('1', more)], regions: ['here', 'there'] }),
    ref: 'memory:1',
    further: 'there',
    close: async () => {},
  }),
])

const subjects: readonly Subject[] = [
  { name: 'digitalocean', images: Object.fromEntries(inDigitalOcean) },
  { name: 'gcore', images: Object.fromEntries([...inGcore, ...inGpuNamespaces]) },
  { name: 'memory', images: Object.fromEntries(inMemory) },
]

const calls: Readonly<Record<string, (account: Account) => StoreTask<unknown>>> = {
  get: ({ store, ref }) => store.get(imageRef(ref)),
  update: ({ store, ref }) => store.update(imageRef(ref), { name: 'renamed' }),
  delete: ({ store, ref }) => store.delete(imageRef(ref)),
  replicate: ({ store, ref, further }) => store.replicate(imageRef(ref), [further]),
  createFromBackup: ({ store, ref }) => store.createFromBackup(imageRef(ref)),
}

/** How a call says that it does not work with an image as it is. */
const refusals = ['permission-denied', 'locked', 'conflict', 'invalid-argument', 'not-found', 'unsupported']

describe.each(subjects)('`can` of $name', ({ images }) => {
  it.each(Object.keys(calls))('and %s agree for every image', async (name) => {
    const operation = name as StoreOperation
    for (const [what, open] of Object.entries(images)) {
      const account = await open()
      try {
        const before = await account.store.get(imageRef(account.ref))()
        // One that has been deleted cannot be read, and nobody has it to ask about.
        if (E.isLeft(before)) {
          expect([what, before.left.kind]).toEqual([expect.stringContaining('deleted'), 'not-found'])
          continue
        }
        const can = account.store.can(operation, before.right)
        const result = await calls[name]?.(account)()
        if (can) expect(result, `${what}: it can`).toMatchObject({ _tag: 'Right' })
        else {
          expect(result, `${what}: it cannot`).toMatchObject({ _tag: 'Left' })
          if (result !== undefined && E.isLeft(result)) expect(refusals, what).toContain(result.left.kind)
          expect(await account.store.get(imageRef(account.ref))(), what).toEqual(before)
        }
      } finally {
        await account.close()
      }
    }
  })
})

const stores: readonly (readonly [string, () => ImageStore])[] = [
  ['digitalocean', () => digitalOcean({ token: 't' })],
  ['gcore', () => gcore({ apiKey: 'k', project: 1, regions: [76] })],
  ['memory', () => memory({ images: [] })],
]

describe.each(stores)('%s', (_, open) => {
  it.each(['listImages', 'constructor', '', undefined])('cannot do what is no operation: %j', (word) => {
    // From plain JavaScript it may be anything.
    expect(open().can(word as StoreOperation)).toBe(false)
    expect(open().can(word as StoreOperation, someImage('1', {}))).toBe(false)
  })

  it('has capabilities that nobody can change, at any depth', () => {
    const isFixed = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFixed))
    expect(isFixed(open().capabilities)).toBe(true)
  })
})
