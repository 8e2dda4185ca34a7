import {
  collect,
  type Image,
  type ImageQuery,
  type ImageStore,
  imageRef,
  type RegionFailure,
  waitForAll,
} from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { type GcoreEmulator, type GcoreEmulatorOptions, startEmulator } from 'imageferry/gcore/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../../demo/disk-images.ts'
import { serveFiles } from '../../../demo/file-server.ts'
import { manualClock } from '../../../src/emulator/clock.ts'
import { fail, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

/** A region with everything, one for virtual machines alone, and one for bare metal alone. */
const [everything, virtualOnly, metalOnly] = [148, 76, 176]

const started: GcoreEmulator[] = []
afterEach(async () => {
  for (const emulator of started.splice(0)) {
    await emulator.close()
    expect(emulator.failures).toEqual([])
  }
})

const start = async (options: GcoreEmulatorOptions = {}): Promise<GcoreEmulator> => {
  const emulator = await startEmulator({ timeScale: 0, ...options })
  started.push(emulator)
  return emulator
}

const credentials = ({ apiKey, project, baseUrl }: GcoreEmulator) => ({ apiKey, project, baseUrl })

const open = (emulator: GcoreEmulator, regions?: readonly number[]): ImageStore =>
  gcore({ ...credentials(emulator), regions })

/** One own image of every sort, named after it, in the region with everything, and further ones elsewhere. */
const populate = ({ addImage }: GcoreEmulator): void => {
  addImage({ name: 'machine', region_id: everything })
  addImage({ name: 'metal', region_id: everything, is_baremetal: true })
  addImage({ name: 'shared-metal', region_id: everything, is_baremetal: true, visibility: 'shared' })
  addImage({ name: 'gpu-virtual', region_id: everything, gpuNamespace: 'virtual' })
  addImage({ name: 'gpu-metal', region_id: everything, gpuNamespace: 'baremetal', visibility: 'shared' })
  addImage({ name: 'elsewhere', region_id: virtualOnly })
  addImage({ name: 'metal-elsewhere', region_id: virtualOnly, is_baremetal: true })
  addImage({ name: 'metal-alone', region_id: metalOnly, is_baremetal: true })
}

const own = [
  'elsewhere',
  'gpu-metal',
  'gpu-virtual',
  'machine',
  'metal',
  'metal-alone',
  'metal-elsewhere',
  'shared-metal',
]

const namesOf = (images: readonly Image[]): readonly string[] => images.map(({ name }) => name).sort()
const listed = (store: ImageStore, query: ImageQuery) => succeed(collect(store, query))

/** The lists that were asked for, without what is the same in all of them. */
const listsOf = ({ requests }: GcoreEmulator): readonly string[] =>
  requests.map(({ path }) => path.replace(/^\/cloud\/v\d\//, '').replace('/1337', ''))

describe.each([
  [true, true, 'honoured', 'honoured'],
  [true, false, 'ignored', 'ignored'],
  [false, true, 'ignored', 'honoured'],
  [false, false, 'honoured', 'honoured'],
  [false, false, 'honoured', 'ignored'],
] as const)(
  'listings from a server with bare metal in projectimages: %s, in images: %s, pagination %s, filters %s',
  (bareMetalInProjectImages, bareMetalInImages, pagination, filters) => {
    const options: GcoreEmulatorOptions = { bareMetalInProjectImages, bareMetalInImages, pagination, filters }

    it.each([
      ['all regions', undefined],
      ['regions by their numbers', [everything, virtualOnly, metalOnly]],
    ])('hold all own images once, in %s', async (_, regions) => {
      const emulator = await start(options)
      populate(emulator)
      expect(namesOf(await listed(open(emulator, regions), {}))).toEqual(own)
    })

    it('hold everything that can be seen once, own images among it', async () => {
      const emulator = await start(options)
      populate(emulator)
      const store = open(emulator, [everything, virtualOnly, metalOnly])
      const all = await listed(store, { scope: 'all' })
      expect(new Set(all.map(({ ref }) => ref)).size).toBe(all.length)
      const names = namesOf(all)
      expect(own.filter((name) => !names.includes(name))).toEqual([])
      const kinds = new Set(all.map(({ kind }) => kind))
      expect(kinds).toEqual(new Set([undefined, 'bare-metal', 'gpu-virtual', 'gpu-bare-metal']))
      const catalogue = await listed(store, { scope: 'public' })
      expect(namesOf(catalogue)).toEqual(namesOf(all.filter(({ visibility }) => visibility === 'public')))
    })

    it.each([
      [['bare-metal'], ['metal', 'metal-alone', 'metal-elsewhere', 'shared-metal']],
      [['gpu-virtual'], ['gpu-virtual']],
      [['gpu-bare-metal'], ['gpu-metal']],
      [
        ['gpu-virtual', 'gpu-bare-metal'],
        ['gpu-metal', 'gpu-virtual'],
      ],
      [
        ['custom', 'bare-metal'],
        ['metal', 'metal-alone', 'metal-elsewhere', 'shared-metal'],
      ],
      [['custom'], []],
    ])('of %j hold just those', async (kinds, names) => {
      const emulator = await start(options)
      populate(emulator)
      const store = open(emulator)
      expect(namesOf(await listed(store, { kinds }))).toEqual(names)
      const all = await listed(store, { kinds, scope: 'all' })
      expect(namesOf(all.filter(({ visibility }) => visibility !== 'public'))).toEqual(names)
    })

    it('of many pages hold every GPU and bare-metal image once', async () => {
      const emulator = await start(options)
      for (let index = 0; index < 1100; index++) {
        emulator.addImage({ name: `gpu-${index}`, region_id: everything, gpuNamespace: 'virtual' })
        emulator.addImage({ name: `metal-${index}`, region_id: everything, is_baremetal: true })
      }
      const store = open(emulator, [everything])
      for (const scope of ['own', 'all'] as const) {
        const found = (await listed(store, { scope })).filter(({ visibility }) => visibility !== 'public')
        expect(found).toHaveLength(2200)
        expect(new Set(found.map(({ ref }) => ref)).size).toBe(2200)
      }
    })
  },
)

describe('what a listing costs', () => {
  // Whether own bare-metal images are among the project's, all or some, is not published: both lists are read either way.
  it.each([true, false])(
    'is the list of regions, and in each region the lists that it has; bare metal in projectimages: %s',
    async (bareMetalInProjectImages) => {
      const emulator = await start({ bareMetalInProjectImages })
      populate(emulator)
      await listed(open(emulator, [everything, virtualOnly]), {})
      expect([...listsOf(emulator)].sort()).toEqual([
        'bmimages/148',
        'gpu/baremetal/148/images',
        'gpu/virtual/148/images',
        'projectimages/148',
        'projectimages/76',
        'regions',
      ])
    },
  )

  it.each([
    [['gpu-virtual'], ['gpu/virtual/148/images', 'gpu/virtual/180/images', 'regions']],
    [['bare-metal'], ['projectimages/76', 'regions']],
    [['custom'], []],
  ])('is narrowed by the kinds %j', async (kinds, lists) => {
    const emulator = await start()
    const regions = kinds.includes('bare-metal') ? [virtualOnly] : undefined
    await listed(open(emulator, regions), { kinds })
    expect([...listsOf(emulator)].sort()).toEqual(lists)
  })
})

describe('a namespace that fails', () => {
  it('is no failure where it is not there, whatever the list of regions says', async () => {
    const emulator = await start()
    populate(emulator)
    const page = await succeed(open(emulator).listPage({}, '76/gpu-virtual,148/gpu-virtual' as never))
    expect(page).toMatchObject({ images: [], next: '148/gpu-virtual', failures: [] })
  })

  it('fails the listing, or is reported with its region', async () => {
    const emulator = await start()
    populate(emulator)
    emulator.failRegion(everything, 500)
    const store = gcore({ ...credentials(emulator), runtime: virtualRuntime(manualClock()) })
    const query: ImageQuery = { kinds: ['gpu-virtual'], regions: [String(everything)] }
    expect((await fail(store.listPage(query))).kind).toBe('unavailable')
    expect(await succeed(store.listPage({ ...query, onRegionFailure: 'report' }))).toMatchObject({
      images: [],
      failures: [{ region: '148', error: { kind: 'unavailable' } }],
    })
  })

  it('is named once, whatever lists its region has', async () => {
    const emulator = await start()
    populate(emulator)
    emulator.failRegion(everything, 500)
    const regions = [everything, virtualOnly]
    const store = gcore({ ...credentials(emulator), regions, runtime: virtualRuntime(manualClock()) })
    const failures: RegionFailure[] = []
    const onRegionFailure = (failure: RegionFailure): void => {
      failures.push(failure)
    }
    const images = await succeed(collect(store, {}, { onRegionFailure }))
    expect(namesOf(images)).toEqual(['elsewhere', 'metal-elsewhere'])
    expect(failures.map(({ region }) => region)).toEqual(['148'])
  })
})

describe('GPU images from import to deletion', () => {
  it.each([
    ['gpu-virtual', {}, 10_000],
    ['gpu-bare-metal', { bareMetal: true }, 0],
  ] as const)('of %s', async (kind, more, gpuReadLag) => {
    const clock = manualClock()
    const emulator = await start({ clock, gpuReadLag, importDuration: 30_000 })
    const files = await serveFiles(async () => qcow2Disk({ label: 'gpu' }))
    const runtime = virtualRuntime(clock)
    const store = gcore({ ...credentials(emulator), runtime })
    try {
      const specs = ['one', 'two'].map((name) => ({ name: `gpu-${name}`, region: '148', gpu: true, ...more }))
      const begun = []
      for (const spec of specs)
        begun.push(await succeed(store.importFromUrl({ ...spec, url: files.urlOf('disk.qcow2') })))
      const outcomes = await succeed(
        waitForAll(
          store,
          begun.map(({ ref }) => ref),
          { runtime },
        ),
      )
      expect(outcomes.map(({ succeeded }) => succeeded)).toEqual([true, true])
      const images = await listed(store, { kinds: [kind] })
      expect(namesOf(images)).toEqual(['gpu-one', 'gpu-two'])
      const [image] = images
      if (image === undefined) throw new Error('There is no image')
      expect(image).toMatchObject({ kind, status: 'available', firmware: kind === 'gpu-virtual' ? undefined : 'uefi' })
      expect(store.can('update', image) && store.can('delete', image)).toBe(true)
      expect(await succeed(store.update(image.ref, { name: 'renamed' }))).toMatchObject({
        ref: image.ref,
        name: 'renamed',
      })

      const deletion = await succeed(store.delete(image.ref))
      expect(store.can('delete', await succeed(store.get(image.ref)))).toBe(false)
      const [deleted] = await succeed(waitForAll(store, [deletion.ref], { runtime }))
      expect(deleted).toMatchObject({
        succeeded: true,
        operation: { kind: 'delete', outcome: 'deleted', image: image.ref },
      })
      expect((await fail(store.get(image.ref))).kind).toBe('not-found')
      expect((await fail(store.get(imageRef(image.ref.replace(`/${kind}/`, '/'))))).kind).toBe('not-found')
    } finally {
      await files.close()
    }
  })

  it.each(['full', 'name-and-url', 'none'] as const)(
    'are made once for a key, whose tasks tell: %s',
    async (taskData) => {
      const clock = manualClock()
      const emulator = await start({ clock, gpuReadLag: 20_000, importDuration: 30_000, taskData })
      const files = await serveFiles(async () => qcow2Disk({ label: 'gpu' }))
      const store = gcore({ ...credentials(emulator), regions: [everything], runtime: virtualRuntime(clock) })
      const spec = { name: 'gpu', region: '148', gpu: true, key: 'run-1', url: files.urlOf('disk.qcow2') }
      try {
        const { ref } = await succeed(store.importFromUrl(spec))
        // While it runs, as its task has ended and no list shows the image, and when one does.
        for (const passes of [10_000, 25_000, 60_000]) {
          await clock.advance(passes)
          expect(await succeed(store.importFromUrl(spec))).toMatchObject({ kind: 'import' })
        }
        const images = await succeed(collect(store, {}))
        expect(images).toMatchObject([{ name: 'gpu', kind: 'gpu-virtual', tags: [], provenance: { key: 'run-1' } }])
        expect(await succeed(store.findOperations('run-1'))).toMatchObject([
          { image: images[0]?.ref, state: 'succeeded' },
        ])
        expect((await succeed(store.getOperations([ref])))[0]).toMatchObject({ operation: { image: images[0]?.ref } })
        const elsewhere = await fail(store.importFromUrl({ ...spec, gpu: false }))
        expect(elsewhere.kind).toBe('conflict')
      } finally {
        await files.close()
      }
    },
  )
})
