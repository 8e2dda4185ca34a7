import { type ImageStore, imageRef, readOnly, type StoreOperation } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { memoryWithout } from '../memory-subject.ts'
import { someImage } from './some-image.ts'

const spec = { name: 'web', url: 'https://example.com/web.qcow2', region: 'here' }
const image = someImage('1')

const writes: Readonly<Record<string, (store: ImageStore) => ReturnType<ImageStore['importFromUrl' | 'update']>>> = {
  importFromUrl: (store) => store.importFromUrl(spec),
  update: (store) => store.update(image.ref, { name: 'renamed' }),
  delete: (store) => store.delete(image.ref),
}

describe('readOnly', () => {
  it.each(Object.keys(writes))(
    'makes %s unsupported, in the capabilities, to `can` and when it is called',
    async (name) => {
      const inner = memory({ images: [image] })
      const store = readOnly(inner)
      const operation = name as StoreOperation
      expect(inner.can(operation, image)).toBe(true)
      expect(store.can(operation)).toBe(false)
      expect(store.can(operation, image)).toBe(false)
      const support = store.capabilities.operations[operation]
      expect(support).toEqual({ supported: false, reason: 'The store was opened for reading only' })
      expect(await fail(writes[name]?.(store) ?? store.get(image.ref))).toMatchObject({
        kind: 'unsupported',
        message: 'The store was opened for reading only',
        store: 'memory',
        operation: name,
        hint: expect.any(String),
      })
      expect(await succeed(inner.listPage())).toMatchObject({ images: [{ ref: image.ref, name: image.name }] })
    },
  )

  it('leaves the reason to what the store cannot do anyway', () => {
    const capabilities = memoryWithout('It has no servers', 'createFromServer')
    const { operations } = readOnly(memory({ capabilities })).capabilities
    expect(operations.createFromServer).toEqual({ supported: false, reason: 'It has no servers' })
    expect(operations.quota).toEqual(memory().capabilities.operations.quota)
  })

  it('reads, and looks up what was begun elsewhere', async () => {
    const inner = memory()
    const { ref, image: made } = await succeed(inner.importFromUrl({ ...spec, key: 'run-1' }))
    const store = readOnly(inner)
    expect((await succeed(store.listPage())).images).toHaveLength(1)
    expect(await succeed(store.get(made ?? imageRef('memory:0')))).toMatchObject({ name: 'web' })
    expect(await succeed(store.findOperations('run-1'))).toMatchObject([{ ref }])
    expect(await succeed(store.getOperations([ref]))).toMatchObject([{ found: true }])
    expect(await succeed(store.listRegions())).toHaveLength(1)
    expect(store.can('get')).toBe(true)
  })

  it('leaves the store it was made of as it was', async () => {
    const inner = memory()
    readOnly(inner)
    expect(inner.capabilities.operations.delete.supported).toBe(true)
    await succeed(inner.importFromUrl(spec))
  })
})
