import { ImageStoreError, imageRef, isImageStoreError, withPromises } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { memoryWithout } from '../memory-subject.ts'

describe('withPromises', () => {
  const store = memory({ capabilities: memoryWithout('It has each image once', 'replicate') })
  const images = withPromises(store)

  it('has every member of the store, and what is derived from it', () => {
    expect(Object.keys(images).sort()).toEqual(
      [
        ...Object.keys(store),
        'listImages',
        'collect',
        'waitFor',
        'waitForAll',
        'importEach',
        'importAll',
        'findByName',
        'latest',
        'ensureImage',
      ].sort(),
    )
    expect(images.name).toBe('memory')
    expect(images.capabilities).toBe(store.capabilities)
    expect(images.can('get')).toBe(true)
    expect(images.can('replicate')).toBe(false)
  })

  it('runs a member at once and resolves to its result', async () => {
    const operation = await images.importFromUrl({ name: 'one', url: 'https://example.com/one.raw', region: 'here' })
    const [outcome] = await images.waitForAll([operation.ref])
    expect(outcome?.succeeded).toBe(true)
    const [image] = await images.collect({ name: 'one' })
    expect(image?.ref).toBe(operation.image)
    for await (const listed of images.listImages()) expect(listed.name).toBe('one')
    for await (const { succeeded } of images.waitFor([operation.ref])) expect(succeeded).toBe(true)
  })

  it('imports many at a time', async () => {
    const others = withPromises(memory())
    const specs = ['one', 'two'].map((name) => ({ name, url: `https://example.com/${name}.raw`, region: 'here' }))
    const outcomes = await others.importAll(specs)
    expect(outcomes.map(({ name, succeeded }) => [name, succeeded])).toEqual([
      ['one', true],
      ['two', true],
    ])
    for await (const { succeeded } of others.importEach(specs)) expect(succeeded).toBe(true)
    await expect(others.importAll(specs, { concurrency: 0 })).rejects.toMatchObject({ kind: 'invalid-argument' })
  })

  it('looks images up and makes sure of them', async () => {
    const spec = { name: 'two', url: 'https://example.com/two.raw', region: 'here', os: { distribution: 'debian' } }
    const others = withPromises(memory())
    const { operation, begun } = await others.ensureImage(spec, 'run-2')
    expect(begun).toBe('now')
    expect((await others.findByName('two')).ref).toBe(operation.image)
    expect((await others.latest({ distribution: 'debian', scope: 'own' })).ref).toBe(operation.image)
    await expect(others.findByName('three')).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('rejects with an ImageStoreError that says store, member and hint', async () => {
    const failing = images.get(imageRef('memory:404'))
    await expect(failing).rejects.toBeInstanceOf(ImageStoreError)
    await expect(failing).rejects.toMatchObject({ kind: 'not-found', store: 'memory', operation: 'get' })
    await failing.catch((error: unknown) => expect(isImageStoreError(error) && error.hint).toBeTruthy())
    await expect(images.replicate(imageRef('memory:1'), ['there'])).rejects.toMatchObject({ kind: 'unsupported' })
    await expect(images.get('nonsense' as never)).rejects.toMatchObject({ kind: 'invalid-argument' })
  })

  it('works with members taken out of it', async () => {
    const { collect, importFromUrl } = withPromises(memory())
    await importFromUrl({ name: 'one', url: 'https://example.com/one.raw', region: 'here' })
    expect((await collect()).length).toBe(1)
  })
})
