import type * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type Capabilities,
  dryRun,
  ensureImage,
  type ImageStore,
  type ImportSpec,
  imageRef,
  operationRef,
  type Tag,
  type UnsentWrite,
  waitForAll,
} from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { memoryWithout } from '../memory-subject.ts'
import { fakeStore } from './fake-store.ts'
import { someImage } from './some-image.ts'

const spec: ImportSpec = { name: 'web', url: 'https://example.com/web.qcow2', region: 'here' }
const image = someImage('1')

const everything = memory().capabilities

/** A store that can do everything, of which only the reads may be called. */
const readable = (more: Partial<Capabilities> = {}): ImageStore => {
  const { name, get, getOperations, listPage } = memory({
    name: 'fake',
    images: [someImage('1', { ref: imageRef('fake:1') })],
  })
  const capabilities = { ...everything, ...more }
  return fakeStore({ name, capabilities, get, getOperations, listPage, can: () => true })
}

const rehearse = (inner: ImageStore) => {
  const reported: UnsentWrite[] = []
  return { store: dryRun(inner, (write) => reported.push(write)), reported }
}

describe('dryRun', () => {
  it('reports an import instead of sending it, without the secrets of its URL', async () => {
    const inner = memory()
    const { store, reported } = rehearse(inner)
    const task = store.importFromUrl({
      ...spec,
      url: 'https://me:hush@example.com/web.qcow2?signature=hush',
      key: 'run-1',
    })
    expect(reported).toEqual([])
    expect(await succeed(task)).toEqual({
      ref: 'memory:dry-run/import/1',
      kind: 'import',
      state: 'succeeded',
      dryRun: true,
      losses: [],
    })
    expect(reported).toEqual([
      { store: 'memory', operation: 'importFromUrl', spec: { ...spec, key: 'run-1' }, losses: [] },
    ])
    expect((await succeed(inner.listPage({ scope: 'all' }))).images).toEqual([])
  })

  it('reports every other write, names each operation differently, and none after an image', async () => {
    const { store, reported } = rehearse(readable())
    const ref = imageRef('fake:1')
    const capture = { name: 'copy', source: '42' }
    const operations = [
      await succeed(store.delete(ref)),
      ...(await succeed(store.replicate(ref, ['here', 'there']))),
      await succeed(store.createFromServer(capture)),
      await succeed(store.createFromVolume(capture)),
      await succeed(store.createFromBackup(ref)),
    ]
    expect(operations.map((operation) => operation.ref)).toEqual([
      'fake:dry-run/delete/1',
      'fake:dry-run/replicate/2',
      'fake:dry-run/replicate/3',
      'fake:dry-run/capture/4',
      'fake:dry-run/capture/5',
      'fake:dry-run/convert/6',
    ])
    for (const operation of operations) {
      expect(operation).toMatchObject({ dryRun: true, state: 'succeeded' })
      expect(operation).not.toHaveProperty('image')
      expect(operation).not.toHaveProperty('outcome')
    }
    expect(reported).toEqual([
      { store: 'fake', operation: 'delete', ref },
      { store: 'fake', operation: 'replicate', ref, regions: ['here', 'there'] },
      { store: 'fake', operation: 'createFromServer', spec: capture, losses: [] },
      { store: 'fake', operation: 'createFromVolume', spec: capture, losses: [] },
      { store: 'fake', operation: 'createFromBackup', ref },
    ])
  })

  it('returns the image of an update as it is: unchanged', async () => {
    const inner = memory({ images: [image] })
    const { store, reported } = rehearse(inner)
    expect(await succeed(store.update(image.ref, { name: 'renamed' }))).toBe(image)
    expect(await succeed(inner.get(image.ref))).toBe(image)
    expect(reported).toEqual([{ store: 'memory', operation: 'update', ref: image.ref, patch: { name: 'renamed' } }])
  })

  it('lets a script run to its end: a wait ends at once, and the deleted image is still there', async () => {
    const inner = memory({ images: [image] })
    const { store } = rehearse(inner)
    const { operation, begun } = await succeed(ensureImage(store, spec, 'run-1'))
    expect(begun).toBe('now')
    const deletion = await succeed(store.delete(image.ref))
    const outcomes = await succeed(waitForAll(store, [operation.ref, deletion.ref]))
    expect(outcomes).toEqual([
      { ref: operation.ref, succeeded: true, operation },
      { ref: deletion.ref, succeeded: true, operation: deletion },
    ])
    expect(await succeed(store.get(image.ref))).toBe(image)
  })

  it('answers for its refs in any process, beside real ones and in order, and for nothing that looks like them', async () => {
    const inner = memory()
    const { ref } = await succeed(inner.importFromUrl(spec))
    const { store } = rehearse(inner)
    const refs = [
      'memory:dry-run/import/7',
      ref,
      'memory:dry-run/import/0',
      'memory:dry-run/theft/1',
      'other:dry-run/import/1',
      'memory:dry-run/delete/1',
    ].map(operationRef)
    const lookups = await succeed(store.getOperations(refs))
    expect(lookups.map((lookup) => lookup.ref)).toEqual(refs)
    expect(lookups.map((lookup) => (lookup.found ? lookup.operation.dryRun === true : lookup.error.kind))).toEqual([
      true,
      false,
      'invalid-argument',
      'invalid-argument',
      'invalid-argument',
      true,
    ])
    const stopped = store.getOperations([operationRef('memory:dry-run/import/1')], { signal: AbortSignal.abort() })
    expect(await fail(stopped)).toMatchObject({ kind: 'canceled' })
  })

  it('gives refs that the store without it refuses', async () => {
    const [lookup] = await succeed(memory().getOperations([operationRef('memory:dry-run/import/1')]))
    expect(lookup).toMatchObject({ found: false, error: { kind: 'invalid-argument' } })
  })

  it('asks the store for nothing where it answers by itself', async () => {
    const store = dryRun(fakeStore({}), () => {})
    expect(await succeed(store.getOperations([operationRef('fake:dry-run/import/1')]))).toHaveLength(1)
  })
})

describe('a dry run checks', () => {
  const refusal = async (
    call: (store: ImageStore) => TE.TaskEither<unknown, unknown>,
    more?: Partial<Capabilities>,
  ) => {
    const { store, reported } = rehearse(readable(more))
    const error = await fail(call(store) as ReturnType<ImageStore['get']>)
    expect(reported).toEqual([])
    expect(error).toMatchObject({ store: 'fake' })
    return error
  }

  it('what is unsupported', async () => {
    const capabilities = memoryWithout('It has no servers', 'createFromServer')
    const { store, reported } = rehearse(memory({ capabilities }))
    expect(await fail(store.createFromServer({ name: 'a', source: '1' }))).toMatchObject({
      kind: 'unsupported',
      message: 'It has no servers',
    })
    expect(reported).toEqual([])
    expect(store.can('importFromUrl')).toBe(true)
    expect(store.can('createFromServer')).toBe(false)
  })

  it.each<[string, Partial<ImportSpec>]>([
    ['name', { name: ' ' }],
    ['url', { url: 'file:///etc/passwd' }],
    ['url', { url: 'nonsense' }],
    ['key', { key: '' }],
    ['copyOnWrite', { copyOnWrite: true }],
    ['tags', { tags: [{ key: '' }] }],
    ['tags', { tags: [{ key: '\ud800' }] }],
  ])('the %s of an import', async (field, more) => {
    const error = await refusal((store) => store.importFromUrl({ ...spec, ...more }))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'importFromUrl' })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
  })

  it('names by the rule of the store', async () => {
    const names = { names: { pattern: '^[a-z]+$', rule: 'lower-case letters' } }
    const named = { ...spec, name: 'Web 1' }
    expect((await refusal((store) => store.importFromUrl(named), names)).fields?.['name']).toContain(
      'lower-case letters',
    )
    const renaming = await refusal((store) => store.update(imageRef('fake:1'), { name: 'Web 1' }), names)
    expect(renaming.fields?.['name']).toContain('lower-case letters')
    const { store, reported } = rehearse(readable(names))
    const { losses } = await succeed(store.importFromUrl({ ...named, onLoss: 'accept' }))
    expect(losses.map(({ field }) => field)).toEqual(['name'])
    expect(reported).toMatchObject([{ losses }])
  })

  it.each<[Capabilities['tags']['style'], Partial<Capabilities['tags']>, readonly Tag[], number]>([
    ['pairs', { maximumLength: 3 }, [{ key: 'abc', value: 'abc' }, { key: 'abcd' }, { key: 'a', value: 'abcd' }], 2],
    ['pairs', { maximumLength: 3 }, [{ key: '😀😀😀' }], 0],
    ['flat', { maximumLength: 5 }, [{ key: 'ab', value: 'cd' }, { key: 'abc', value: 'cd' }, { key: 'abcde' }], 1],
    [
      'pairs',
      { repeatedKeys: false },
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
        { key: 'a', value: '1' },
      ],
      1,
    ],
    [
      'pairs',
      { repeatedKeys: true },
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
      0,
    ],
  ])('tags, %s, by the limits of the store %o', async (style, limits, tags, losses) => {
    const { store } = rehearse(readable({ tags: { ...everything.tags, style, ...limits } }))
    const operation = await succeed(store.importFromUrl({ ...spec, tags, onLoss: 'accept' }))
    expect(operation.losses.map(({ field }) => field)).toEqual(Array(losses).fill('tags'))
  })

  it('tags where the store keeps none', async () => {
    const none = { import: { ...everything.import, fields: [] } }
    const error = await refusal((store) => store.importFromUrl({ ...spec, tags: [{ key: 'a' }] }), none)
    expect(error.fields).toHaveProperty('tags')
    const { store } = rehearse(readable(none))
    await succeed(store.importFromUrl({ ...spec, tags: [], bareMetal: false }))
  })

  it('the fields of a patch, before anything is read', async () => {
    const { capabilities } = readable()
    const little = { ...capabilities, update: { fields: ['name', 'tags'] as const } }
    const { store, reported } = rehearse(fakeStore({ capabilities: little }))
    const ref = imageRef('fake:1')
    const patches = [
      [{ description: 'new' }, 'description'],
      [{ name: '' }, 'name'],
      [{}, 'patch'],
      [{ tags: { put: [{ key: '' }] } }, 'tags'],
      [{ tags: { put: [{ key: 'a' }], drop: [{ key: 'a' }] } }, 'tags'],
    ] as const
    for (const [patch, field] of patches) {
      const error = await fail(store.update(ref, patch))
      expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'update' })
      expect(Object.keys(error.fields ?? {})).toEqual([field])
    }
    expect(reported).toEqual([])
  })

  it('the source of a capture', async () => {
    expect((await refusal((store) => store.createFromVolume({ name: '', source: ' ' }))).fields).toMatchObject({
      name: expect.any(String),
      source: expect.any(String),
    })
  })

  it('what of a capture the store does not keep, which is a loss where losses are accepted', async () => {
    const little = { capture: { fields: ['osFamily'] as const } }
    const capture = { name: 'a', source: '1', osFamily: 'linux', firmware: 'uefi', tags: [{ key: 'a' }] } as const
    const error = await refusal((store) => store.createFromServer(capture), little)
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'createFromServer' })
    expect(Object.keys(error.fields ?? {}).sort()).toEqual(['firmware', 'tags'])
    const { store, reported } = rehearse(readable(little))
    const { losses } = await succeed(store.createFromVolume({ ...capture, onLoss: 'accept' }))
    expect(losses.map(({ field }) => field).sort()).toEqual(['firmware', 'tags'])
    expect(reported).toMatchObject([{ operation: 'createFromVolume', losses }])
    await succeed(store.createFromServer({ name: 'a', source: '1', tags: [], bareMetal: false }))
  })

  it('that the image is there, and in a state in which it can be done', async () => {
    const missing = imageRef('fake:404')
    expect(await refusal((store) => store.update(missing, { name: 'a' }))).toMatchObject({
      kind: 'not-found',
      operation: 'update',
    })
    expect(await refusal((store) => store.replicate(missing, ['there']))).toMatchObject({
      kind: 'not-found',
      operation: 'replicate',
    })
    expect(await refusal((store) => store.delete(imageRef('other:1')))).toMatchObject({
      kind: 'invalid-argument',
      operation: 'delete',
    })
    const { store, reported } = rehearse({ ...readable(), can: (operation) => operation !== 'delete' })
    expect(await fail(store.delete(imageRef('fake:1')))).toMatchObject({ kind: 'unsupported', operation: 'delete' })
    expect(reported).toEqual([])
  })

  it('but lets what is already gone be deleted, as a store does', async () => {
    const { store, reported } = rehearse(readable())
    expect(await succeed(store.delete(imageRef('fake:404')))).toMatchObject({ dryRun: true })
    expect(reported).toHaveLength(1)
  })

  it('nothing of a call that was canceled', async () => {
    const { store, reported } = rehearse(readable())
    const options = { signal: AbortSignal.abort() }
    expect(await fail(store.importFromUrl(spec, options))).toMatchObject({ kind: 'canceled' })
    expect(await fail(store.delete(imageRef('fake:1'), options))).toMatchObject({ kind: 'canceled' })
    expect(reported).toEqual([])
  })
})
