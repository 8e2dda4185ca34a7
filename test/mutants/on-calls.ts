import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError, imageRef } from 'imageferry'
import { aroundEachMember } from '../../src/flow/each-member.ts'
import { deletion } from './made-up.ts'
import { endless, type Mutant, recovered } from './mutant.ts'

/** Bugs of calls: how they end, and what they say when they fail. */
export const callMutants: readonly Mutant[] = [
  {
    name: 'a canceled call goes on and succeeds',
    of: 'godo util/image.go WaitForAvailable: a canceled wait returns no error',
    by: 'aborted beforehand',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      get: (ref, options) => store.get(ref, endless(options)),
      listPage: (query, at, options) => store.listPage(query, at, endless(options)),
      getOperations: (refs, options) => store.getOperations(refs, endless(options)),
      importFromUrl: (spec, options) => store.importFromUrl(spec, endless(options)),
    }),
  },
  {
    name: 'a call under way cannot be canceled',
    of: 'clients that look at the signal once',
    by: 'aborted while the answer is outstanding',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) =>
      aroundEachMember(store, (_, options, run) =>
        run(options?.signal?.aborted === true ? options : { ...options, signal: undefined }),
      ),
  },
  {
    name: 'a call takes as long as it takes',
    of: 'clients whose time-out is for connecting alone',
    by: 'longer than its `timeoutMs`',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => aroundEachMember(store, (_, options, run) => run({ ...options, timeoutMs: undefined })),
  },
  {
    name: 'a deletion that takes too long has succeeded',
    of: 'pkgcloud base/model.js setWait: the time limit calls back without an error',
    by: 'longer than its `timeoutMs`',
    with: (store) => ({
      ...store,
      delete: (ref, options) =>
        recovered(store.delete(ref, options), (error) =>
          error.kind === 'timeout' ? E.right(deletion(ref)) : E.left(error),
        ),
    }),
  },
  {
    name: 'a call that takes too long is called canceled',
    of: 'clients that abort their own request when the time is up',
    by: 'longer than its `timeoutMs`',
    on: ['memory', 'digitalocean'],
    with: (store) =>
      aroundEachMember(store, (operation, options, run) =>
        recovered(run(options), (error) =>
          E.left(
            error.kind === 'timeout'
              ? new ImageStoreError('canceled', error.message, { store: store.name, operation, hint: 'none' })
              : error,
          ),
        ),
      ),
  },
  {
    name: 'an unsupported operation succeeds',
    of: 'nanovms ops SyncImage: a warning, and exit code 0',
    by: 'a member that is declared unsupported',
    with: (store) => ({
      ...store,
      capabilities: {
        ...store.capabilities,
        operations: { ...store.capabilities.operations, createFromBackup: { supported: false, reason: 'not yet' } },
      },
      can: (operation, image) => operation !== 'createFromBackup' && store.can(operation, image),
      createFromBackup: (ref) => TE.right({ ...deletion(ref), kind: 'convert', outcome: undefined }),
    }),
  },
  {
    name: 'a declared operation is refused',
    of: 'opendal: two services declare less than they do, and more',
    by: 'a member that is declared supported',
    with: (store) => ({
      ...store,
      quota: () =>
        TE.left(new ImageStoreError('unsupported', 'no', { store: store.name, operation: 'quota', hint: 'none' })),
    }),
  },
  {
    name: "another store's ref is taken",
    of: 'packer-plugin-digitalocean: an id is an id',
    by: 'a ref that is malformed or belongs to another store',
    with: (store) => ({
      ...store,
      get: (ref, options) => {
        const [owner, id] = ref.split(':')
        const isForeign = id !== undefined && owner !== store.name
        return store.get(isForeign ? imageRef(`${store.name}:${id}`) : ref, options)
      },
    }),
  },
  {
    name: 'an error does not say where it comes from',
    of: 'flydrive: errors without a cause',
    by: '`get` of an image that does not exist',
    with: (store) => ({
      ...store,
      get: (ref, options) =>
        recovered(store.get(ref, options), (error) => E.left(new ImageStoreError(error.kind, error.message))),
    }),
  },
  {
    name: 'one operation that is missing fails them all',
    of: 'skypilot#1383: one region that is down fails every region',
    by: 'there is one result for each ref',
    with: (store) => ({
      ...store,
      getOperations: (refs, options) =>
        pipe(
          store.getOperations(refs, options),
          TE.flatMap((lookups) => {
            const missing = lookups.find(({ found }) => !found)
            return missing?.found === false ? TE.left(missing.error) : TE.right(lookups)
          }),
        ),
    }),
  },
]
