import { type CaptureSpec, dryRun, type ImageStore, type ImportSpec, imageRef, type UnsentWrite } from 'imageferry'
import { memory } from 'imageferry/memory'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail } from '../either.ts'
import { httpSubjects } from './http-subjects.ts'
import { silence } from './provider-talk.ts'

beforeEach(silence)
afterEach(silence)

interface Subject {
  readonly name: string
  readonly region: string
  readonly image: string
  readonly start: () => { readonly store: ImageStore; readonly lines: () => readonly string[] }
}

const subjects: readonly Subject[] = [
  ...httpSubjects.map(({ name, region, image, start }) => ({ name, region, image, start: () => start([]) })),
  {
    name: 'memory',
    region: 'here',
    image: 'memory:1',
    start: () => ({ store: memory({ servers: [{ id: '1' }], volumes: [{ id: '1' }] }), lines: () => [] }),
  },
]

const at = (name: string) => `https://user:pa55@images.example.com/${name}?signature=s1gned`

type Case = [what: string, spec: Partial<ImportSpec>, field: string, remedy: string]

/** What no target takes. */
const refusedEverywhere: readonly Case[] = [
  ['an archive', { url: at('disk.tar.gz') }, 'url', 'Unpack'],
  ['a zip archive', { url: at('disk.zip') }, 'url', 'Unpack'],
  ['an appliance', { url: at('disk.ova') }, 'url', 'Unpack'],
  ['an archive that is said to hold a raw disk', { url: at('disk.tar'), format: 'raw' }, 'url', 'Unpack'],
  ['a format of no importer', { format: 'qcow3' as 'qcow2' }, 'format', 'qemu-img convert -O qcow2'],
  ['a compression of no importer', { compression: 'lzma' as 'xz' }, 'compression', 'Decompress'],
  ['a field that there is not', { osDistro: 'ubuntu' } as Partial<ImportSpec>, 'osDistro', 'the fields are name'],
]

const refusedBy: Readonly<Record<string, readonly Case[]>> = {
  digitalocean: [
    ['a format by its name', { url: at('disk.vhd') }, 'url', 'qemu-img convert -O qcow2'],
    ['a format in a compression that is taken', { url: at('disk.vhd.gz') }, 'url', 'qemu-img convert -O qcow2'],
    ['a format that is told', { format: 'vhd' }, 'format', 'qemu-img convert -O qcow2'],
    ['a format that is told against the name', { url: at('disk.raw'), format: 'ploop' }, 'format', 'qemu-img'],
    ['an installation medium', { url: at('disk.iso') }, 'url', 'Install from it'],
    ['a compression by its name', { url: at('disk.img.xz') }, 'url', 'Decompress'],
    ['a compression that is told', { compression: 'zstd' }, 'compression', 'Decompress'],
  ],
}

/** What a target takes, or of which it is not known whether it does. */
const passedBy: Readonly<Record<string, readonly Partial<ImportSpec>[]>> = {
  digitalocean: [
    { url: at('disk.vmdk') },
    { url: at('disk.qcow2.gz') },
    { url: at('disk.bin.bz2') },
    { url: at('disk.vhd'), format: 'vhdx' },
    { url: at('disk.xz'), compression: 'gzip' },
  ],
  gcore: [
    { url: at('disk.vhd') },
    { url: at('disk.iso') },
    { url: at('disk.vmdk') },
    { url: at('disk.qcow2.xz') },
    { compression: 'bzip2' },
  ],
  memory: [{ url: at('disk.iso.zst') }, { format: 'ami' }],
}

const nothingSaid: readonly Partial<ImportSpec>[] = [
  { url: at('disk.img') },
  { url: at('disk') },
  { url: at('ubuntu-24.04') },
]

describe.each(subjects)('an import into $name', ({ name, region, start }) => {
  const specOf = (more: Partial<ImportSpec>): ImportSpec => ({ name: 'web', url: at('web.qcow2'), region, ...more })

  it.each([...refusedEverywhere, ...(refusedBy[name] ?? [])])(
    'of %s is refused by name with the remedy, and nothing is sent, in a dry run too',
    async (_, more, field, remedy) => {
      const { store, lines } = start()
      const reported: UnsentWrite[] = []
      // What could not be had even by leaving something out is refused even so.
      for (const one of [store, dryRun(store, (write) => reported.push(write))])
        for (const onLoss of ['refuse', 'accept'] as const) {
          const error = await fail(one.importFromUrl(specOf({ ...more, onLoss })))
          expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'importFromUrl' })
          expect(Object.keys(error.fields ?? {})).toEqual([field])
          expect(error.fields?.[field]).toContain(remedy)
          expect(error.message).not.toMatch(/pa55|s1gned/)
        }
      expect(reported).toEqual([])
      expect(lines()).toEqual([])
    },
  )

  it('of a file that is taken, that may be, or of which nothing is known, is not refused', async () => {
    for (const more of [...(passedBy[name] ?? []), ...nothingSaid]) {
      const { store } = start()
      const result = await store.importFromUrl(specOf(more))()
      expect(result, JSON.stringify(more)).not.toMatchObject({ left: { kind: 'invalid-argument' } })
    }
  })

  it('names every field at fault at once', async () => {
    const { store, lines } = start()
    const spec = { ...specOf({ name: ' ', url: at('disk.zip'), key: ' ' }), nmae: 'web' }
    const error = await fail(store.importFromUrl(spec))
    expect(Object.keys(error.fields ?? {}).sort()).toEqual(['key', 'name', 'nmae', 'url'])
    expect(lines()).toEqual([])
  })
})

/** What types forbid, and plain JavaScript, JSON and unset variables do all the same. */
const slips: readonly [what: string, spec: object, field: string][] = [
  ['a flag that is a text', { gpu: 'yes' }, 'gpu'],
  ['another flag that is a text', { bareMetal: 'yes' }, 'bareMetal'],
  ['a system that is a text', { os: 'ubuntu' }, 'os'],
  ['a system with a field that there is not', { os: { distro: 'ubuntu' } }, 'os'],
  ['tags that are texts', { tags: ['env:prod'] }, 'tags'],
  ['tags without a key', { tags: [{ name: 'env' }] }, 'tags'],
  ['no region', { region: undefined }, 'region'],
  ['a region that is null', { region: null }, 'region'],
  ['a name that is a number', { name: 5 }, 'name'],
  ['a policy that there is not', { onLoss: 'ignore' }, 'onLoss'],
]

describe.each(subjects)('a slip at $name', ({ region, image, start }) => {
  it.each(slips)('in an import, %s, is refused by name and nothing is sent', async (_, more, field) => {
    const { store, lines } = start()
    for (const one of [store, dryRun(store, () => {})]) {
      const error = await fail(one.importFromUrl({ name: 'web', url: at('disk.qcow2'), region, ...more }))
      expect(error.kind).toBe('invalid-argument')
      expect(Object.keys(error.fields ?? {})).toEqual([field])
    }
    expect(lines()).toEqual([])
  })

  it.each<[what: string, patch: object, field: string]>([
    ['tags to add', { tags: { add: [{ key: 'env' }] } }, 'tags'],
    ['tags as a list', { tags: [{ key: 'env' }] }, 'tags'],
    ['tags that are texts', { tags: { put: ['env:prod'] } }, 'tags'],
    ['no tags at all', { tags: {} }, 'patch'],
    ['a name that is null', { name: null }, 'name'],
  ])('in an update, %s, is refused by name and nothing is sent', async (_, patch, field) => {
    const { store, lines } = start()
    for (const one of [store, dryRun(store, () => {})]) {
      const error = await fail(one.update(imageRef(image), patch))
      expect(error.kind).toBe('invalid-argument')
      expect(Object.keys(error.fields ?? {})).toEqual([field])
    }
    expect(lines()).toEqual([])
  })

  it.each<[what: string, query: object, field: string]>([
    ['a field that there is not', { region: 'nyc3' }, 'region'],
    ['a scope that there is not', { scope: 'mine' }, 'scope'],
    ['a text for a list', { kinds: 'custom' }, 'kinds'],
    ['an unset name in a list', { regions: [undefined] }, 'regions'],
  ])('in a query, %s, is refused by name and nothing is sent', async (_, query, field) => {
    const { store, lines } = start()
    const error = await fail(store.listPage(query))
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {})).toEqual([field])
    expect(lines()).toEqual([])
  })
})

describe.each(subjects)('a capture at $name', ({ region, start }) => {
  it.each(['createFromServer', 'createFromVolume'] as const)(
    'by %s, with a field that there is not, is refused by name and nothing is sent',
    async (operation) => {
      const { store, lines } = start()
      if (!store.can(operation)) return
      const source = operation === 'createFromServer' ? '1' : '44e136a7-15c1-4b5f-a086-20b7b3237d40'
      const spec: CaptureSpec = { name: 'web', source, region, ...{ distribution: 'ubuntu' } }
      for (const one of [store, dryRun(store, () => {})]) {
        const error = await fail(one[operation](spec))
        expect(error).toMatchObject({ kind: 'invalid-argument', operation })
        expect(error.fields).toHaveProperty('distribution')
      }
      expect(lines()).toEqual([])
    },
  )
})

describe.each(subjects)('an update at $name', ({ image, start }) => {
  it('with fields that cannot be changed, and a tag that does not fit, names all of them and sends nothing', async () => {
    const { store, lines } = start()
    const patch = { name: 'web', slug: 'web', tags: { put: [{ key: '' }] } }
    for (const one of [store, dryRun(store, () => {})]) {
      const error = await fail(one.update(imageRef(image), patch))
      expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'update' })
      expect(error.fields).toHaveProperty('slug')
      expect(await fail(one.update(imageRef(image), { tags: patch.tags }))).toMatchObject({
        kind: 'invalid-argument',
        fields: { tags: expect.any(String) },
      })
    }
    expect(lines()).toEqual([])
  })
})
