import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError, imageRef } from 'imageferry'
import { type Mutant, mapped, withOperations } from './mutant.ts'

/** Bugs of imports, and of their keys. */
export const importMutants: readonly Mutant[] = [
  {
    name: 'a running import is called done',
    of: 'pkgcloud base/model.js setWait: the time limit calls back without an error',
    by: 'an import that succeeded has made one image',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) =>
      withOperations(store, (operation) => ({
        ...operation,
        state: operation.state === 'failed' ? 'failed' : 'succeeded',
      })),
  },
  {
    name: 'a failed import runs for ever',
    of: 'coreos mantle, nanovms ops: only `available` ends the wait',
    by: 'an import that fails says why',
    with: (store) =>
      withOperations(store, (operation) =>
        operation.state === 'failed' ? { ...operation, state: 'running', failure: undefined } : operation,
      ),
  },
  {
    name: 'a failed import succeeds',
    of: 'ansible digitalocean image: the time-out reports a created image',
    by: 'an import that fails says why',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) =>
      withOperations(store, (operation) =>
        operation.state === 'failed' ? { ...operation, state: 'succeeded', failure: undefined } : operation,
      ),
  },
  {
    name: 'a failed import says nothing of why',
    of: 'openstack-image-manager#617: failed imports are silently ignored',
    by: 'an import that fails says why',
    with: (store) => withOperations(store, (operation) => ({ ...operation, failure: undefined })),
  },
  {
    name: 'a new status fails the look-up',
    of: 'terraform-provider-digitalocean#931: unexpected state `NEW`',
    by: 'an import is looked up by its ref',
    with: (store) => ({
      ...store,
      getOperations: (refs, options) =>
        mapped(store.getOperations(refs, options), (lookups) =>
          lookups.map((lookup) =>
            lookup.found && lookup.operation.state === 'running'
              ? { ref: lookup.ref, found: false, error: new ImageStoreError('operation-failed', 'unexpected state') }
              : lookup,
          ),
        ),
    }),
  },
  {
    name: 'image and operation ids are swapped',
    of: 'packer-plugin-digitalocean#123',
    by: 'an import that succeeded has made one image',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => withOperations(store, (operation) => ({ ...operation, image: imageRef(String(operation.ref)) })),
  },
  {
    name: 'an import names no image',
    of: 'libcloud create_image returns true',
    by: 'an import that succeeded has made one image',
    with: (store) => withOperations(store, (operation) => ({ ...operation, image: undefined })),
  },
  {
    name: 'what cannot be held is left out without a word',
    of: '@digitalocean/dots: values outside its enumerations vanish; flydrive: options are dropped',
    by: 'a tag that cannot be held',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        mapped(store.importFromUrl({ ...spec, onLoss: 'accept' }, options), (operation) => ({
          ...operation,
          losses: [],
        })),
    }),
  },
  {
    name: 'what was left out is not told',
    of: '@digitalocean/dots: values outside its enumerations vanish; flydrive: options are dropped',
    by: 'a tag that cannot be held',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        mapped(store.importFromUrl(spec, options), (operation) => ({ ...operation, losses: [] })),
    }),
  },
  {
    name: 'what describes an image is left out without a word',
    of: 'clients that send what is required and no more',
    by: 'every describing field that is declared is kept',
    with: (store) => ({
      ...store,
      importFromUrl: ({ description: _, ...spec }, options) => store.importFromUrl(spec, options),
    }),
  },
  {
    name: 'a key is ignored',
    of: 'terraform-provider-openstack#80: a repeated import makes another image',
    by: 'an import that is repeated with its key',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({ ...store, importFromUrl: ({ key, ...spec }, options) => store.importFromUrl(spec, options) }),
  },
  {
    name: 'a key finds the first image of the name',
    of: 'nanovms ops openstack findImage, jclouds createImage: the first match by name',
    by: 'imports of two keys',
    on: ['memory', 'digitalocean'],
    with: (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        pipe(
          store.listPage({ name: spec.name }, undefined, options),
          TE.flatMap(({ images: [first] }) => {
            const ref = first?.provenance?.operation
            return first === undefined || ref === undefined
              ? store.importFromUrl(spec, options)
              : TE.right({ ref, kind: 'import', state: 'succeeded', image: first.ref, losses: [] })
          }),
        ),
    }),
  },
  {
    name: 'the same key takes another spec',
    of: 'openstacksdk create_image: an existing image is returned, whatever was asked',
    by: 'the same key with another spec fails',
    with: (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        spec.key === undefined
          ? store.importFromUrl(spec, options)
          : pipe(
              store.findOperations(spec.key, options),
              TE.flatMap(([first]) =>
                first === undefined || first.state === 'failed' ? store.importFromUrl(spec, options) : TE.right(first),
              ),
            ),
    }),
  },
  {
    name: 'a failed import holds its key',
    of: 'terraform: a tainted image blocks the next run',
    by: 'an import that failed does not hold its key',
    with: (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        spec.key === undefined
          ? store.importFromUrl(spec, options)
          : pipe(
              store.findOperations(spec.key, options),
              TE.flatMap(([first]) =>
                first?.state === 'failed' ? TE.right(first) : store.importFromUrl(spec, options),
              ),
            ),
    }),
  },
]
