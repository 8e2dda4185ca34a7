import { collect, type ImageRef, type ImageStore, type ImportSpec, type OperationRef, waitForAll } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { type GcoreEmulatorOptions, startEmulator } from 'imageferry/gcore/emulator'
import { afterAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../../demo/disk-images.ts'
import { serveFiles } from '../../../demo/file-server.ts'
import { manualClock } from '../../../src/emulator/clock.ts'
import { identifiers } from '../../../src/emulator/identifiers.ts'
import { fail, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

const hour = 3_600_000

/** What is no switch: who is there, the clock, and an end under which nothing can come to the same. */
type NoSwitch =
  | ('port' | 'apiKey' | 'project' | 'projectName' | 'furtherProjects' | 'clock' | 'timeScale' | 'seed')
  | ('quota' | 'volumes' | 'images' | 'settlesTo')

/** Every option that stands for an era, or for a reading of what is not confirmed, with its values beside the default. */
const switches = {
  tagsEra: ['tags', 'strings', 'tags_v2-and-tags', 'tags_v2-and-strings'],
  timestamps: ['z', 'offset', 'compact-offset'],
  zoneLessOffset: [2 * hour, -5 * hour],
  fields: ['guide'],
  machineTypes: ['pc'],
  prices: ['hide', 'error', 'trial'],
  bareMetalFlag: ['null'],
  patchAnswer: ['three-fields'],
  coordinates: ['number', 'null'],
  pagination: ['ignored'],
  filters: ['older', 'ignored'],
  privateFilter: ['boolean'],
  tagKeys: ['any'],
  listOrder: ['oldest', 'id'],
  unknownFields: ['ignored'],
  shortestTag: [3],
  clearingTags: ['by-empty'],
  validationStatus: [422],
  quotaStatus: [403],
  lockStatus: [400, 403, 423],
  standardInUse: ['deletable'],
  unauthorizedBody: ['detail', 'empty'],
  requestIds: ['never'],
  traceback: ['present'],
  schemeCase: ['documented'],
  ownVisibility: ['shared'],
  absentLists: ['empty'],
  bareMetalInProjectImages: [false],
  bareMetalInImages: [true],
  gpuReadLag: [0, 20_000],
  taskData: ['full', 'none'],
  gpuTaskTypes: [{ upload: 'create_gpu_*_image', remove: 'delete_gpu_*_image' }],
  captureDuration: [1_000, 1_200_000],
  taskListLag: [1_000, 30_000, 120_000],
  importDuration: [[480_000, 75 * 60_000]],
  concurrentImports: [1],
  settleDuration: [0, 300_000],
  settleStatuses: [
    ['queued', 'saving', 'active'],
    ['uploading', 'importing'],
  ],
  settleSize: [null],
  settleShare: [0.25],
  earlyError: [30_000],
  failedImport: ['killed', 'queued'],
  uncertainFormats: ['refused'],
  compression: ['taken'],
  unsetOs: ['empty', 'null'],
} as const satisfies {
  readonly [Name in Exclude<keyof GcoreEmulatorOptions, NoSwitch>]-?: readonly GcoreEmulatorOptions[Name][]
}

const names = Object.keys(switches) as (keyof typeof switches)[]
const alone = names.flatMap((name) => switches[name].map((value): GcoreEmulatorOptions => ({ [name]: value })))

/** A value of every switch, or its default, drawn from a seed. */
const combination = (seed: number): GcoreEmulatorOptions => {
  const { integer } = identifiers(seed)
  return Object.fromEntries(
    names.flatMap((name) => {
      const at = integer(0, switches[name].length)
      return at === 0 ? [] : [[name, switches[name][at - 1]]]
    }),
  )
}

const disk = qcow2Disk({ label: 'eras' })
const files = await serveFiles(async (name) => (name === 'good.qcow2' ? disk : undefined))
afterAll(files.close)

const account = async (options: GcoreEmulatorOptions) => {
  const clock = manualClock()
  const emulator = await startEmulator({ ...options, clock })
  const runtime = virtualRuntime(clock)
  const store = gcore({ ...emulator, regions: [76, 148], runtime })
  const ended = async (ref: OperationRef) => {
    const [outcome] = await succeed(waitForAll(store, [ref], { runtime, timeoutMs: 4 * hour }))
    return outcome ?? expect.fail('there is no outcome')
  }
  /** What an operation that has to succeed has made. */
  const made = async (ref: OperationRef): Promise<ImageRef> => {
    const outcome = await ended(ref)
    if (!outcome.succeeded) throw outcome.error
    return outcome.operation.image ?? expect.fail('there is no image')
  }
  return { emulator, store, ended, made }
}

const spec: ImportSpec = {
  name: 'web',
  url: files.urlOf('good.qcow2'),
  region: '76',
  tags: [{ key: 'env', value: 'prod' }],
  machineType: 'i440',
  key: 'run 7',
}

const owned = async (store: ImageStore) =>
  [...(await succeed(collect(store, {})))].map(({ ref, name, kind }) => ({ ref, name, kind }))

/** What a caller does with images from beginning to end, and what must come of it however the server behaves. */
const flow = async (options: GcoreEmulatorOptions): Promise<void> => {
  const { emulator, store, ended, made } = await account(options)
  // A server that tells twelve fields has nowhere to tell tags and keys.
  const tellsTags = options.fields !== 'guide'
  try {
    const begun = await succeed(store.importFromUrl(spec))
    expect((await succeed(store.importFromUrl(spec))).ref).toBe(begun.ref)
    const web = await made(begun.ref)
    const image = await succeed(store.get(web))
    expect(image).toMatchObject({ name: 'web', status: 'available', size: { bytes: disk.length } })
    expect(Number.isNaN(Date.parse(image.createdAt ?? ''))).toBe(false)
    if (tellsTags) {
      expect(image).toMatchObject({ tags: spec.tags, machineType: 'i440', provenance: { key: spec.key } })
      expect((await succeed(store.importFromUrl(spec))).ref).toBe(begun.ref)
      expect((await succeed(store.findOperations('run 7'))).map(({ image }) => image)).toEqual([web])
    }

    const metal = await made((await succeed(store.importFromUrl({ ...metalSpec, bareMetal: true }))).ref)
    const gpu = await made((await succeed(store.importFromUrl({ ...metalSpec, name: 'gpu', gpu: true }))).ref)
    expect(await owned(store)).toEqual(
      expect.arrayContaining([
        { ref: web, name: 'web', kind: undefined },
        { ref: metal, name: 'metal', kind: 'bare-metal' },
        { ref: gpu, name: 'gpu', kind: 'gpu-virtual' },
      ]),
    )
    const visible = await succeed(collect(store, { scope: 'all', regions: ['148'], kinds: ['bare-metal'] }))
    expect(visible.map(({ ref }) => ref)).toContain(metal)
    const found = await succeed(collect(store, { scope: 'public', name: 'ubuntu-24.04-x64', regions: ['76'] }))
    expect(found.map(({ name }) => name)).toEqual(['ubuntu-24.04-x64'])

    const changed = await succeed(
      store.update(web, { name: 'web-2', ...(tellsTags && { tags: { put: [{ key: 'team', value: 'one' }] } }) }),
    )
    expect(changed.name).toBe('web-2')
    if (tellsTags) expect(changed.tags.map(({ key }) => key).sort()).toEqual(['env', 'team'])

    const broken = await ended((await succeed(store.importFromUrl({ ...spec, url: missing, key: 'run 8' }))).ref)
    expect(broken).toMatchObject({
      succeeded: false,
      error: { kind: 'import-failed', message: expect.stringMatching(/404/) },
    })
    const again = await made((await succeed(store.importFromUrl({ ...spec, name: 'again', key: 'run 8' }))).ref)
    expect(again).not.toBe(web)

    const volume = emulator.addVolume()
    const captured = await made(
      (await succeed(store.createFromVolume({ name: 'vol', source: volume, region: '76' }))).ref,
    )
    expect(await succeed(store.get(captured))).toMatchObject({ name: 'vol', status: 'available' })

    const used = emulator.addImage({ inUse: true, disk_format: 'raw' })
    const usedRef = image.ref.replace(/[^/]*$/, used)
    expect((await fail(store.delete(usedRef as ImageRef))).kind).toBe('in-use')
    expect((await fail(store.importFromUrl({ ...spec, region: '6', key: undefined }))).kind).toBe('quota-exceeded')
    const stranger = gcore({ ...emulator, apiKey: '1$abc', regions: [76], runtime: virtualRuntime(emulator.clock) })
    expect((await fail(stranger.get(web))).kind).toBe('unauthenticated')

    const deletion = await succeed(store.delete(web))
    const locked = await fail(store.update(web, { name: 'too-late' }))
    // Twelve fields hold no lock either.
    expect((await fail(store.delete(web))).kind).toBe(options.fields === 'guide' ? refusedTwice(options) : 'locked')
    expect(locked.kind).toBe(options.fields === 'guide' ? refusedOnce(options) : 'locked')
    expect(await ended(deletion.ref)).toMatchObject({ succeeded: true, operation: { outcome: 'deleted' } })
    expect(await succeed(store.delete(web))).toMatchObject({ outcome: 'already-gone' })
    expect((await fail(store.get(web))).kind).toBe('not-found')
    expect(emulator.failures).toEqual([])
  } finally {
    await emulator.close()
  }
}

/** What the refusal of a locked image reads as where nothing tells of the lock. */
const refusedOnce = ({ lockStatus = 409 }: GcoreEmulatorOptions) =>
  ({ 400: 'invalid-argument', 403: 'permission-denied', 409: 'conflict', 423: 'locked' })[lockStatus]
const refusedTwice = ({ lockStatus = 409 }: GcoreEmulatorOptions) =>
  lockStatus === 409 ? 'in-use' : refusedOnce({ lockStatus })

const metalSpec: ImportSpec = { name: 'metal', url: spec.url, region: '148' }
const missing = files.urlOf('missing.qcow2')

describe('the adapter comes to the same', () => {
  it('with nothing switched', () => flow({}))
  it.each(alone.map((options) => [JSON.stringify(options), options] as const))('with %s', (_, options) => flow(options))
  it.each([1, 2, 3, 4, 5, 6])('with a combination drawn from seed %i', (seed) => flow(combination(seed)))
})

describe('an image that ends otherwise than active', () => {
  it.each(['killed', 'deactivated'])('fails its import: %s', async (settlesTo) => {
    const { emulator, store, ended } = await account({ settlesTo })
    const begun = await succeed(store.importFromUrl(spec))
    expect(await ended(begun.ref)).toMatchObject({ succeeded: false, error: { kind: 'import-failed' } })
    await emulator.close()
  })
})
