import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type Image,
  type ImageStore,
  ImageStoreError,
  imageRef,
  type Operation,
  type OperationRef,
  operationRef,
  type Runtime,
  type StoreTask,
} from 'imageferry'
import { aroundEachMember } from '../../src/flow/each-member.ts'
import { deletion, withMadeUp } from '../mutants/made-up.ts'
import { mapped, withOperations } from '../mutants/mutant.ts'
import type { SeedChanges } from './run-seed.ts'
import type { Action, CloudPlan, Limits, Workload } from './workload.ts'

const wanted: CloudPlan['wanted'] = [
  { id: 'keyed', key: 'key-1', file: 'good.qcow2', region: '', tags: ['t1'], description: undefined },
  { id: 'plain', key: undefined, file: 'good.qcow2', region: '', tags: [], description: undefined },
  { id: 'broken', key: 'key-2', file: 'missing.qcow2', region: '', tags: [], description: undefined },
  { id: 'captured', key: 'key-3', file: undefined, region: '', tags: [], description: undefined },
  { id: 'several', key: 'key-4', file: 'good.qcow2', region: '', tags: [], description: undefined },
  { id: 'secured', key: 'key-5', file: 'good.qcow2', region: '', tags: [], description: undefined },
]

const actions: readonly Action[] = [
  { kind: 'import', wanted: 0 },
  { kind: 'wait', wanted: 0 },
  { kind: 'import', wanted: 1 },
  { kind: 'wait', wanted: 1 },
  { kind: 'import', wanted: 2 },
  { kind: 'wait', wanted: 2 },
  { kind: 'update', wanted: 0, name: 'keyed-1', description: undefined, put: ['t2'], drop: ['t1'] },
  { kind: 'get', wanted: 0 },
  { kind: 'find', wanted: 0 },
  { kind: 'list' },
  { kind: 'delete', wanted: 1 },
  { kind: 'import', wanted: 3 },
  { kind: 'wait', wanted: 3 },
  { kind: 'import-all', several: [4], concurrency: 1 },
  { kind: 'secure', wanted: 5 },
]

/** Each thing once at each provider, nothing of which goes wrong. */
export const everything = (limits: Limits = {}): Workload => {
  const at = (name: CloudPlan['name'], region: string, further: readonly Action[] = []): CloudPlan => ({
    name,
    stores: 1,
    wanted: wanted.map((one) => ({ ...one, region })),
    callers: [
      { name, steps: [...actions, ...further].map((action) => ({ ...action, ...limits, pauseMs: 60_000, store: 0 })) },
    ],
  })
  return {
    rate: 0,
    faults: [{ kind: 'reset' }],
    clouds: [
      at('digitalocean', 'nyc3', [{ kind: 'replicate', wanted: 0, regions: ['nyc3', 'ams3'] }]),
      at('gcore', '76'),
    ],
  }
}

/** A store that does not do as it says. */
export type Lie = NonNullable<SeedChanges['decorate']>

/** An error as it should be, of a kind that the caller is told. */
export const failing = (store: ImageStore, operation: string, kind: ImageStoreError['kind'], unconfirmed = false) =>
  new ImageStoreError(kind, 'no', {
    store: store.name,
    operation,
    hint: 'none',
    ...(unconfirmed && { unconfirmed: [{ change: 'the import' }] }),
  })

/** What is done all the same. */
const hidden =
  <A>(error: ImageStoreError) =>
  (task: StoreTask<A>): StoreTask<A> =>
    pipe(
      task,
      TE.flatMap(() => TE.left(error)),
    )

/** A store that fails the first import of each name, which it has begun, and says that it may be there, or does not. */
export const hidingImports =
  (says: boolean): Lie =>
  (store) => {
    const names = new Set<string>()
    return {
      ...store,
      importFromUrl: (spec, options) => {
        if (names.has(spec.name)) return store.importFromUrl(spec, options)
        names.add(spec.name)
        return hidden<Operation>(failing(store, 'importFromUrl', 'unavailable', says))(
          store.importFromUrl(spec, options),
        )
      },
    }
  }

/** A store that refuses updates which it has made. */
const hidingUpdates: Lie = (store) => ({
  ...store,
  update: (ref, patch, options) =>
    hidden<Image>(failing(store, 'update', 'rate-limited'))(store.update(ref, patch, options)),
})

/** A store whose writes of one sort are made up. */
const pretending =
  (member: 'delete' | 'replicate'): Lie =>
  (store) => {
    const madeUp = new Map<OperationRef, Operation>()
    const pretend = (operation: Operation): Operation => {
      madeUp.set(operation.ref, operation)
      return operation
    }
    const replication = (region: string): Operation => ({
      ref: operationRef(`${store.name}:present/1/${region}`),
      kind: 'replicate',
      state: 'succeeded',
      losses: [],
    })
    return {
      ...withMadeUp(store, madeUp),
      ...(member === 'delete'
        ? { delete: (ref) => TE.right(pretend(deletion(ref))) }
        : { replicate: (_, regions) => TE.right(regions.map((region) => pretend(replication(region)))) }),
    }
  }

/** A store that quotes something in the failure of what has failed. */
const quoting =
  (text: (url: string) => string): Lie =>
  (store) => {
    const urls = new Map<string, string>()
    return {
      ...withOperations(store, (operation) =>
        operation.state === 'failed' ? { ...operation, failure: text([...urls.values()].at(-1) ?? '') } : operation,
      ),
      importFromUrl: (spec, options) => {
        urls.set(spec.name, spec.url)
        return store.importFromUrl(spec, options)
      },
    }
  }

const forEver = async ({ sleep }: Runtime): Promise<never> => {
  for (;;) await sleep(60_000)
}

/** Lies by name, each with words by which it has to be found out. */
export const lies: readonly (readonly [name: string, words: RegExp, lie: Lie])[] = [
  [
    'imports that never were',
    /untrue: an import succeeded, and the server does not know/,
    (store) => ({
      ...store,
      importFromUrl: () =>
        TE.right({ ref: operationRef(`${store.name}:import/7`), kind: 'import', state: 'running', losses: [] }),
    }),
  ],
  [
    'imports that are sent twice',
    /twice: keyed, asked for under key-1, is there as .*\n(.*\n)*.*deleted: .*plain.* is there/,
    (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        pipe(
          store.importFromUrl({ ...spec, key: undefined }, options),
          TE.flatMap(() => store.importFromUrl(spec, options)),
        ),
    }),
  ],
  [
    'imports under another key',
    /key: .* has the key key-1-other, not key-1/,
    (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        store.importFromUrl({ ...spec, key: spec.key === undefined ? undefined : `${spec.key}-other` }, options),
    }),
  ],
  [
    'imports that failed and are there, without a word',
    /unreported: .*plain.* ended with unavailable/,
    hidingImports(false),
  ],
  [
    'imports that are done too early',
    /untrue: a wait says that .* has succeeded/,
    (store) => withOperations(store, (operation) => ({ ...operation, state: 'succeeded' })),
  ],
  [
    'imports that have failed in spite of the server',
    /untrue: a wait says that .* has failed, and it is under-way/,
    (store) => withOperations(store, (operation) => ({ ...operation, state: 'failed' })),
  ],
  [
    'updates that are not sent',
    /untrue: a call succeeded, and .* has name keyed, not keyed-1/,
    (store) => ({ ...store, update: (ref, _, options) => store.get(ref, options) }),
  ],
  ['updates that were not to be done and are', /changed: .* has name keyed-1/, hidingUpdates],
  [
    'tags that are not dropped',
    /untrue: a call succeeded, and .* has tag t1 there, not absent/,
    (store) => ({
      ...store,
      update: (ref, { tags, ...patch }, options) => store.update(ref, { ...patch, tags: { put: tags?.put } }, options),
    }),
  ],
  ['deletions that never were', /untrue: the deletion of .* has succeeded, and it is there/, pretending('delete')],
  ['replications that never were', /untrue: a replication of .* to ams3 has succeeded/, pretending('replicate')],
  [
    'lists that lose an image',
    /listing: it succeeded without/,
    (store) => ({
      ...store,
      listPage: (query, cursor, options) =>
        mapped(store.listPage(query, cursor, options), (page) => ({ ...page, images: page.images.slice(1) })),
    }),
  ],
  [
    'keys that find nothing',
    /untrue: key-1 was looked for without finding/,
    (store) => ({ ...store, findOperations: () => TE.right([]) }),
  ],
  [
    'another image than the one that was asked for',
    /untrue: .* was read, and .* came/,
    (store) => ({
      ...store,
      get: (ref, options) => mapped(store.get(ref, options), (image) => ({ ...image, ref: imageRef(`${ref}0`) })),
    }),
  ],
  [
    'calls that are refused for nothing, where nothing is sent',
    /untrue: asking for keyed failed with conflict, and there is nothing that it conflicts with\n(.*\n)*.*refused: \d+ of \d+ calls failed that nothing spoke against/,
    (store) => aroundEachMember(store, (operation) => TE.left(failing(store, operation, 'conflict'))),
  ],
  [
    'waits that never tell',
    /untold: 40 waits did not tell what has become of/,
    (store) => ({
      ...store,
      getOperations: (refs) =>
        TE.right(
          refs.map((ref) => ({
            ref,
            found: false as const,
            error: failing(store, 'getOperations', 'permission-denied'),
          })),
        ),
    }),
  ],
  [
    'images that somebody who waited was not told of',
    /told: who waited for secured was told .*00, and there is .*secured/,
    (store) =>
      withOperations(store, (operation) =>
        operation.image === undefined || operation.state !== 'succeeded'
          ? operation
          : { ...operation, image: imageRef(`${operation.image}00`) },
      ),
  ],
  [
    'outcomes that hold the signature of a URL',
    /call: (getOperations|importFromUrl): its result holds the signature/,
    quoting((url) => `Cannot read ${encodeURIComponent(url)}`),
  ],
  [
    'outcomes that hold the signature in base64',
    /call: (getOperations|importFromUrl): its result holds the signature/,
    quoting((url) => `Cannot read ${Buffer.from(url).toString('base64')}`),
  ],
  [
    'captures that never were',
    /untrue: an import succeeded, and the server does not know/,
    (store) => {
      const capture = (): StoreTask<Operation> =>
        TE.right({ ref: operationRef(`${store.name}:capture/7/7`), kind: 'capture', state: 'running', losses: [] })
      return { ...store, createFromServer: capture, createFromVolume: capture }
    },
  ],
  [
    'calls that throw',
    /call: get: it threw Error: oh/,
    (store) => ({
      ...store,
      get: () => async () => {
        throw new Error('oh')
      },
    }),
  ],
  [
    'errors without a hint',
    /call: get: its error unavailable has no hint/,
    (store) => ({
      ...store,
      get: () => TE.left(new ImageStoreError('unavailable', 'no', { store: store.name, operation: 'get' })),
    }),
  ],
  [
    'errors that name another member',
    /call: get: its error unavailable names the member listPage/,
    (store) => ({ ...store, get: () => TE.left(failing(store, 'listPage', 'unavailable')) }),
  ],
  [
    'calls that never end',
    /end: It has not ended, and nothing is left to happen/,
    (store) => ({ ...store, get: () => () => new Promise(() => undefined) }),
  ],
  [
    'calls that go on for ever',
    /end: It has not ended after/,
    (store, runtime) => ({ ...store, get: () => () => forEver(runtime) }),
  ],
  [
    'timers that are left',
    /left: 2 sleeps or timers/,
    (store, { timer }) => ({
      ...store,
      get: (ref, options) => {
        timer(48 * 3_600_000, () => undefined)
        return store.get(ref, options)
      },
    }),
  ],
  [
    'warnings of too many listeners',
    /warning: MaxListenersExceededWarning: many/,
    (store) => ({
      ...store,
      get: (ref, options) => {
        process.emitWarning('many', 'MaxListenersExceededWarning')
        return store.get(ref, options)
      },
    }),
  ],
  [
    'listeners that are left',
    /left: 2 listeners on signals/,
    (store) => ({
      ...store,
      get: (ref, options) => {
        options?.signal?.addEventListener('abort', () => undefined)
        return store.get(ref, options)
      },
    }),
  ],
]
