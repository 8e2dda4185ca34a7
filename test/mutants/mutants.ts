import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  cursor,
  type Image,
  type ImageRef,
  ImageStoreError,
  imageRef,
  type Operation,
  type OperationRef,
} from 'imageferry'
import { endless, type Mutant, mapped, recovered, withImages, withOperations } from './mutant.ts'

/** A deletion that never was, as one that has succeeded. */
const deletion = (ref: string): Operation => ({
  ref: ref as OperationRef,
  kind: 'delete',
  state: 'succeeded',
  outcome: 'deleted',
  losses: [],
})

/** An image of which nothing is told. */
const emptyImage = (ref: ImageRef): Image => ({
  ref,
  provider: '',
  name: '',
  status: 'unknown',
  providerStatus: '',
  regions: [],
  tags: [],
  raw: undefined,
})

/** Every one of them has to be caught by a case of the suite. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a canceled call goes on and succeeds',
    of: 'godo util/image.go WaitForAvailable: a canceled wait returns no error',
    with: (store) => ({
      ...store,
      get: (ref, options) => store.get(ref, endless(options)),
      listPage: (query, at, options) => store.listPage(query, at, endless(options)),
      getOperations: (refs, options) => store.getOperations(refs, endless(options)),
      importFromUrl: (spec, options) => store.importFromUrl(spec, endless(options)),
    }),
  },
  {
    name: 'a running import is called done',
    of: 'pkgcloud base/model.js setWait: the time limit calls back without an error',
    with: (store) =>
      withOperations(store, (operation) => ({
        ...operation,
        state: operation.state === 'failed' ? 'failed' : 'succeeded',
      })),
  },
  {
    name: 'a failed import runs for ever',
    of: 'coreos mantle, nanovms ops: only `available` ends the wait',
    with: (store) =>
      withOperations(store, (operation) =>
        operation.state === 'failed' ? { ...operation, state: 'running', failure: undefined } : operation,
      ),
  },
  {
    name: 'a failed import succeeds',
    of: 'ansible digitalocean image: the time-out reports a created image',
    with: (store) =>
      withOperations(store, (operation) =>
        operation.state === 'failed' ? { ...operation, state: 'succeeded', failure: undefined } : operation,
      ),
  },
  {
    name: 'a failed import says nothing of why',
    of: 'openstack-image-manager#617: failed imports are silently ignored',
    with: (store) => withOperations(store, (operation) => ({ ...operation, failure: undefined })),
  },
  {
    name: 'the first page is the list',
    of: 'pkgcloud, fog#3777, nanovms ops GetImages',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) => ({ ...page, next: undefined, ahead: [] })),
    }),
  },
  {
    name: 'pages come again and again',
    of: 'vagrant-digitalocean#137: `?page=3?page=3` without end',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) =>
          page.next === undefined && at !== undefined && !at.startsWith('0') && page.images.length > 0
            ? { ...page, next: cursor('0'), ahead: [cursor('0')] }
            : page,
        ),
    }),
  },
  {
    name: 'what the listing promises ahead is not what comes',
    of: 'doctl pagination.go: pages that fail are left out',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) => ({ ...page, ahead: page.ahead.slice(1) })),
    }),
  },
  {
    name: 'the query is not applied',
    of: 'libcloud list_images takes no filter',
    with: (store) => ({ ...store, listPage: ({ scope } = {}, at, options) => store.listPage({ scope }, at, options) }),
  },
  {
    name: 'tags are not updated, without a word',
    of: 'terraform digitalocean_custom_image: Update never sends tags',
    with: (store) => ({
      ...store,
      update: (ref, { tags, ...patch }, options) =>
        Object.keys(patch).length === 0 ? store.get(ref, options) : store.update(ref, patch, options),
    }),
  },
  {
    name: 'an update leaves a field out',
    of: 'doctl image update sends the name only',
    with: (store) => ({
      ...store,
      update: (ref, patch, options) =>
        store.update(ref, patch.name === undefined ? patch : { name: patch.name }, options),
    }),
  },
  {
    name: 'an update wipes what it does not name',
    of: 'gcorelabscloud-go update: all fields are sent, empty where not given',
    with: (store) => ({
      ...store,
      update: (ref, patch, options) => store.update(ref, { description: '', ...patch }, options),
    }),
  },
  {
    name: 'an update answers with the image as it was',
    of: 'terraform: state read before the change is written back',
    with: (store) => ({
      ...store,
      update: (ref, patch, options) =>
        pipe(
          store.get(ref, options),
          TE.flatMap((before) =>
            pipe(
              store.update(ref, patch, options),
              TE.map(() => before),
            ),
          ),
        ),
    }),
  },
  {
    name: 'image and operation ids are swapped',
    of: 'packer-plugin-digitalocean#123',
    with: (store) => withOperations(store, (operation) => ({ ...operation, image: imageRef(String(operation.ref)) })),
  },
  {
    name: 'an import names no image',
    of: 'libcloud create_image returns true',
    with: (store) => withOperations(store, (operation) => ({ ...operation, image: undefined })),
  },
  {
    name: 'deleting swallows every error',
    of: 'jclouds DigitalOcean2ImageExtension deleteImage catches everything',
    with: (store) => ({
      ...store,
      delete: (ref, options) => recovered(store.delete(ref, options), () => E.right(deletion(ref))),
    }),
  },
  {
    name: 'deleting does nothing',
    of: 'nanovms ops: `not yet implemented`, and success',
    with: (store) => ({
      ...store,
      delete: (ref, options) =>
        pipe(
          store.get(ref, options),
          TE.map(() => deletion(ref)),
        ),
    }),
  },
  {
    name: 'what is gone already cannot be deleted',
    of: 'clients that take the 404 of a repeated deletion for a failure',
    with: (store) => ({
      ...store,
      delete: (ref, options) =>
        pipe(
          store.delete(ref, options),
          TE.filterOrElse(
            ({ outcome }) => outcome !== 'already-gone',
            () =>
              new ImageStoreError('not-found', 'no image', { store: store.name, operation: 'delete', hint: 'none' }),
          ),
        ),
    }),
  },
  {
    name: 'a missing image is an empty one',
    of: 'pkgcloud getImage: every field is undefined',
    with: (store) => ({
      ...store,
      get: (ref, options) =>
        recovered(store.get(ref, options), (error) =>
          error.kind === 'not-found' ? E.right(emptyImage(ref)) : E.left(error),
        ),
    }),
  },
  {
    name: 'lists drop what `get` has',
    of: 'libcloud _to_image: no status, tags, size',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) => ({
          ...page,
          images: page.images.map((image) => ({ ...image, tags: [], size: undefined })),
        })),
    }),
  },
  {
    name: 'a key is ignored',
    of: 'terraform-provider-openstack#80: a repeated import makes another image',
    with: (store) => ({ ...store, importFromUrl: ({ key, ...spec }, options) => store.importFromUrl(spec, options) }),
  },
  {
    name: 'a key finds the first image of the name',
    of: 'nanovms ops openstack findImage, jclouds createImage: the first match by name',
    with: (store) => ({
      ...store,
      importFromUrl: (spec, options) =>
        pipe(
          store.listPage({ name: spec.name }, undefined, options),
          TE.flatMap(({ images: [first] }) =>
            first === undefined
              ? store.importFromUrl(spec, options)
              : TE.right<ImageStoreError, Operation>({
                  ref: first.ref as string as OperationRef,
                  kind: 'import',
                  state: 'succeeded',
                  image: first.ref,
                  losses: [],
                }),
          ),
        ),
    }),
  },
  {
    name: 'the same key takes another spec',
    of: 'openstacksdk create_image: an existing image is returned, whatever was asked',
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
  {
    name: 'what cannot be held is left out without a word',
    of: '@digitalocean/dots: values outside its enumerations vanish; flydrive: options are dropped',
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
    name: 'an image reaches one region of many',
    of: 'packer and terraform: transfers one by one, the first error ends them',
    with: (store) => ({
      ...store,
      replicate: (ref, [first, ...rest], options) =>
        mapped(store.replicate(ref, first === undefined ? [] : [first], options), (begun) => [
          ...begun,
          ...rest.flatMap(() => begun.slice(0, 1)),
        ]),
    }),
  },
  {
    name: 'an unsupported operation succeeds',
    of: 'nanovms ops SyncImage: a warning, and exit code 0',
    with: (store) => ({
      ...store,
      capabilities: {
        ...store.capabilities,
        operations: { ...store.capabilities.operations, createFromBackup: { supported: false, reason: 'not yet' } },
      },
      createFromBackup: (ref) => TE.right({ ...deletion(ref), kind: 'convert', outcome: undefined }),
    }),
  },
  {
    name: 'a declared operation is refused',
    of: 'opendal: two services declare less than they do, and more',
    with: (store) => ({
      ...store,
      quota: () =>
        TE.left(new ImageStoreError('unsupported', 'no', { store: store.name, operation: 'quota', hint: 'none' })),
    }),
  },
  {
    name: "another store's ref is taken",
    of: 'packer-plugin-digitalocean: an id is an id',
    with: (store) => ({
      ...store,
      get: (ref, options) => store.get(imageRef(`${store.name}:${String(ref).split(':').at(-1)}`), options),
    }),
  },
  {
    name: 'an error does not say where it comes from',
    of: 'flydrive: errors without a cause',
    with: (store) => ({
      ...store,
      get: (ref, options) =>
        recovered(store.get(ref, options), (error) => E.left(new ImageStoreError(error.kind, error.message))),
    }),
  },
  {
    name: 'one operation that is missing fails them all',
    of: 'skypilot#1383: one region that is down fails every region',
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
  {
    name: 'a quota stands still',
    of: 'clients that read the quota once and keep it',
    with: (store) => ({
      ...store,
      quota: (region, options) =>
        mapped(store.quota(region, options), (quota) => ({
          ...quota,
          images: quota.images && { ...quota.images, used: 0 },
        })),
    }),
  },
  {
    name: 'a new status fails the look-up',
    of: 'terraform-provider-digitalocean#931: unexpected state `NEW`',
    with: (store) => ({
      ...store,
      getOperations: (refs, options) =>
        mapped(store.getOperations(refs, options), (lookups) =>
          lookups.map((lookup) =>
            lookup.found && lookup.operation.state === 'running'
              ? { ref: lookup.ref, found: false, error: new ImageStoreError('unexpected-response', 'unexpected state') }
              : lookup,
          ),
        ),
    }),
  },
  {
    name: 'an update leaves all but the first field out',
    of: 'doctl image update: one field at a time',
    with: (store) => ({
      ...store,
      update: (ref, patch, options) =>
        store.update(ref, Object.fromEntries(Object.entries(patch).slice(0, 1)), options),
    }),
  },
  {
    name: 'an unknown status is thrown',
    of: 'terraform-provider-openstack, gophercloud#3522: a state that the list of pending ones lacks',
    with: (store) => ({
      ...store,
      get: (ref, options) =>
        pipe(
          store.get(ref, options),
          TE.filterOrElse(
            ({ status }) => status !== 'unknown',
            () => new ImageStoreError('unexpected-response', 'unexpected state'),
          ),
        ),
    }),
  },
  {
    name: 'an unknown status is available',
    of: '@digitalocean/dots: words outside the enumeration vanish',
    with: (store) =>
      withImages(store, (image) => (image.status === 'unknown' ? { ...image, status: 'available' } : image)),
  },
  {
    name: 'a deletion hides that it is not allowed',
    of: 'jclouds deleteImage: false for whatever went wrong',
    with: (store) => ({
      ...store,
      delete: (ref, options) =>
        recovered(store.delete(ref, options), (error) =>
          error.kind === 'permission-denied' ? E.right(deletion(ref)) : E.left(error),
        ),
    }),
  },
  {
    name: "a region's failure is hidden",
    of: 'talos#7513, doctl: what fails is skipped',
    on: 'gcore',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage({ ...query, onRegionFailure: 'report' }, at, options), (page) => ({
          ...page,
          failures: [],
        })),
    }),
  },
]
