import * as TE from 'fp-ts/lib/TaskEither.js'
import { ensureImage, ImageStoreError, type ImportSpec, type Operation, operationRef, readOnly } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { fail, succeed } from '../either.ts'
import { virtualRuntime } from '../virtual-runtime.ts'
import { fakeStore } from './fake-store.ts'

const spec = { name: 'web', url: 'https://example.com/web.qcow2', region: 'here' }

const operation = (id: string, state: Operation['state'] = 'succeeded'): Operation => ({
  ref: operationRef(`fake:import/${id}`),
  kind: 'import',
  state,
  losses: [],
})

/** A store that a key has begun these operations at, and that remembers what is imported. */
const having = (...found: readonly Operation[]) => {
  const imported: ImportSpec[] = []
  const store = fakeStore({
    findOperations: () => TE.right(found),
    importFromUrl: (asked) => {
      imported.push(asked)
      return TE.right(operation('new', 'queued'))
    },
  })
  return { store, imported }
}

describe('ensureImage', () => {
  it('imports once, however often it is called, while the import runs and afterwards', async () => {
    const clock = manualClock()
    const store = memory({ runtime: virtualRuntime(clock), importDurationMs: 60_000 })
    const first = await succeed(ensureImage(store, spec, 'run-1'))
    expect(first).toMatchObject({ begun: 'now', others: [], operation: { state: 'queued' } })
    const second = await succeed(ensureImage(store, spec, 'run-1'))
    expect(second).toEqual({ ...first, begun: 'before' })
    await clock.advance(60_000)
    const third = await succeed(ensureImage(store, spec, 'run-1'))
    expect(third).toMatchObject({ begun: 'before', operation: { ref: first.operation.ref, state: 'succeeded' } })
    expect((await succeed(store.listPage())).images).toHaveLength(1)
  })

  it('imports once for callers at the same moment, where the store looks for the key itself', async () => {
    const store = memory()
    const all = await Promise.all(Array.from({ length: 10 }, () => succeed(ensureImage(store, spec, 'run-1'))))
    expect(new Set(all.map(({ operation: { ref } }) => ref)).size).toBe(1)
    expect((await succeed(store.listPage())).images).toHaveLength(1)
  })

  it('sends the key with the import', async () => {
    const { store, imported } = having()
    expect(await succeed(ensureImage(store, spec, 'run-1'))).toEqual({
      operation: operation('new', 'queued'),
      begun: 'now',
      others: [],
    })
    expect(imported).toEqual([{ ...spec, key: 'run-1' }])
  })

  it('returns the oldest of several and names the others', async () => {
    const { store, imported } = having(operation('1', 'running'), operation('2'), operation('3', 'queued'))
    expect(await succeed(ensureImage(store, spec, 'run-1'))).toEqual({
      operation: operation('1', 'running'),
      begun: 'before',
      others: [operation('2'), operation('3', 'queued')],
    })
    expect(imported).toEqual([])
  })

  it('counts what failed as not there', async () => {
    const alive = having(operation('1', 'failed'), operation('2'), operation('3', 'failed'))
    expect(await succeed(ensureImage(alive.store, spec, 'run-1'))).toEqual({
      operation: operation('2'),
      begun: 'before',
      others: [],
    })
    const { store, imported } = having(operation('1', 'failed'))
    expect(await succeed(ensureImage(store, spec, 'run-1'))).toMatchObject({ begun: 'now' })
    expect(imported).toHaveLength(1)
  })

  it('fails with `unsupported` where the store takes no keys, and sends nothing', async () => {
    const everything = memory().capabilities
    const operations = { ...everything.operations, findOperations: { supported: false, reason: 'no keys' } } as const
    const store = memory({ capabilities: { ...everything, operations } })
    expect(await fail(ensureImage(store, spec, 'run-1'))).toMatchObject({
      kind: 'unsupported',
      operation: 'findOperations',
      message: 'no keys',
    })
    expect((await succeed(store.listPage())).images).toEqual([])
  })

  it('finds what is there in a store that may not import', async () => {
    const inner = memory()
    const { ref } = await succeed(inner.importFromUrl({ ...spec, key: 'run-1' }))
    const store = readOnly(inner)
    expect(await succeed(ensureImage(store, spec, 'run-1'))).toMatchObject({ begun: 'before', operation: { ref } })
    expect(await fail(ensureImage(store, spec, 'run-2'))).toMatchObject({
      kind: 'unsupported',
      operation: 'importFromUrl',
    })
  })

  it('imports nothing where the look-up fails or is canceled', async () => {
    const down = new ImageStoreError('unavailable', 'down')
    const store = fakeStore({ findOperations: () => TE.left(down) })
    expect(await fail(ensureImage(store, spec, 'run-1'))).toBe(down)
    const stopped = memory()
    const canceled = ensureImage(stopped, spec, 'run-1', { signal: AbortSignal.abort() })
    expect(await fail(canceled)).toMatchObject({ kind: 'canceled' })
    expect((await succeed(stopped.listPage())).images).toEqual([])
  })

  it('imports nothing when it is canceled between the look-up and the import', async () => {
    const stop = new AbortController()
    const real = memory()
    const store = {
      ...real,
      findOperations: () =>
        TE.fromIO((): readonly Operation[] => {
          stop.abort()
          return []
        }),
    }
    expect(await fail(ensureImage(store, spec, 'run-1', { signal: stop.signal }))).toMatchObject({ kind: 'canceled' })
    expect((await succeed(real.listPage())).images).toEqual([])
  })
})
