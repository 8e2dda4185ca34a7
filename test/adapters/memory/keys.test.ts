import type { Image, ImportSpec } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'

const spec: ImportSpec = {
  name: 'web',
  url: 'https://example.com/web.qcow2',
  region: 'here',
  key: 'run-1',
  os: { family: 'linux', distribution: 'ubuntu' },
  tags: [{ key: 'base' }, { key: 'env', value: 'prod' }],
}

const imageOf = async (store: ReturnType<typeof memory>): Promise<Image> => {
  const { image } = await succeed(store.importFromUrl(spec))
  if (image === undefined) throw new Error('no image')
  return succeed(store.get(image))
}

describe('a key in the memory store', () => {
  it('is remembered beside the image', async () => {
    const image = await imageOf(memory())
    expect(image.provenance?.key).toBe('run-1')
  })

  it('stands for what was asked for: the order of tags and fields, and what is said by default, do not count', async () => {
    const store = memory()
    const { ref } = await imageOf(store)
    const same: ImportSpec = {
      key: 'run-1',
      bareMetal: false,
      tags: [...(spec.tags ?? [])].reverse(),
      os: { distribution: 'ubuntu', family: 'linux' },
      region: 'here',
      url: spec.url,
      name: 'web',
    }
    expect((await succeed(store.importFromUrl(same))).image).toBe(ref)
  })

  it.each<[string, Partial<ImportSpec>]>([
    ['name', { name: 'web-2' }],
    ['file', { url: 'https://example.com/web-2.qcow2' }],
    ['host', { url: 'https://example.org/web.qcow2' }],
    ['region', { region: 'there' }],
    ['description', { description: 'new' }],
    ['operating system', { os: { family: 'linux', distribution: 'debian' } }],
    ['tags', { tags: [{ key: 'base' }] }],
    ['way of storing it', { bareMetal: true }],
  ])('is a `conflict` with another %s', async (_, change) => {
    const store = memory({ regions: ['here', 'there'] })
    const { ref } = await imageOf(store)
    const error = await fail(store.importFromUrl({ ...spec, ...change }))
    expect(error).toMatchObject({ kind: 'conflict', store: 'memory', operation: 'importFromUrl' })
    expect(error.message).toContain(ref)
    expect(error.message).not.toContain('example')
  })

  it('stays with an image that was changed, and goes with one that was deleted', async () => {
    const store = memory()
    const { ref } = await imageOf(store)
    await succeed(store.update(ref, { name: 'renamed', tags: { drop: [{ key: 'base' }] } }))
    expect((await succeed(store.importFromUrl(spec))).image).toBe(ref)
    await succeed(store.delete(ref))
    expect(await succeed(store.findOperations('run-1'))).toEqual([])
    expect((await succeed(store.importFromUrl(spec))).image).not.toBe(ref)
  })

  it('is found on images that were there from the start', async () => {
    const image = await imageOf(memory())
    const store = memory({ images: [image] })
    expect(await succeed(store.findOperations('run-1'))).toMatchObject([{ image: image.ref, state: 'succeeded' }])
    expect((await succeed(store.importFromUrl(spec))).image).toBe(image.ref)
    expect(await fail(store.importFromUrl({ ...spec, name: 'web-2' }))).toMatchObject({ kind: 'conflict' })
  })

  it('loses what the first call lost', async () => {
    const store = memory()
    const lossy: ImportSpec = { ...spec, copyOnWrite: true, onLoss: 'accept' }
    const first = await succeed(store.importFromUrl(lossy))
    const second = await succeed(store.importFromUrl(lossy))
    expect(first.losses.map(({ field }) => field)).toEqual(['copyOnWrite'])
    expect(second).toEqual(first)
  })
})
