import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type ImageStore,
  ImageStoreError,
  type ImageStoreErrorKind,
  type Operation,
  type OperationRef,
} from 'imageferry'
import { deletion, withMadeUp } from './made-up.ts'
import { type Mutant, mapped, recovered } from './mutant.ts'

/** A store that calls a deletion done which is refused for a reason. */
const hiding = (store: ImageStore, reason: ImageStoreErrorKind): ImageStore => ({
  ...store,
  delete: (ref, options) =>
    recovered(store.delete(ref, options), (error) => (error.kind === reason ? E.right(deletion(ref)) : E.left(error))),
})

/** Bugs of what changes images that are there. */
export const changeMutants: readonly Mutant[] = [
  {
    name: 'tags are not updated, without a word',
    of: 'terraform digitalocean_custom_image: Update never sends tags',
    by: 'tags are put and dropped one by one',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      update: (ref, { tags, ...patch }, options) =>
        Object.keys(patch).length === 0 ? store.get(ref, options) : store.update(ref, patch, options),
    }),
  },
  {
    name: 'an update leaves a field out',
    of: 'doctl image update sends the name only',
    by: 'fields that are changed together',
    with: (store) => ({
      ...store,
      update: (ref, patch, options) =>
        store.update(ref, patch.name === undefined ? patch : { name: patch.name }, options),
    }),
  },
  {
    name: 'an update leaves all but the first field out',
    of: 'doctl image update: one field at a time',
    by: 'fields that are changed together',
    with: (store) => ({
      ...store,
      update: (ref, patch, options) =>
        store.update(ref, Object.fromEntries(Object.entries(patch).slice(0, 1)), options),
    }),
  },
  {
    name: 'an update wipes what it does not name',
    of: 'gcorelabscloud-go update: all fields are sent, empty where not given',
    by: 'and the others stay',
    on: ['memory', 'digitalocean'],
    with: (store) => ({
      ...store,
      update: (ref, patch, options) => store.update(ref, { description: '', ...patch }, options),
    }),
  },
  {
    name: 'an update wipes the tags',
    of: 'gcorelabscloud-go update: all fields are sent, empty where not given',
    by: 'and the others stay',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      update: (ref, patch, options) =>
        pipe(
          store.get(ref, options),
          TE.flatMap(({ tags }) =>
            store.update(ref, patch.tags === undefined ? { ...patch, tags: { drop: tags } } : patch, options),
          ),
        ),
    }),
  },
  {
    name: 'an update answers with the image as it was',
    of: 'terraform: state read before the change is written back',
    by: 'is returned as it is afterwards',
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
    name: 'deleting swallows every error',
    of: 'jclouds DigitalOcean2ImageExtension deleteImage catches everything',
    by: "deleting somebody else's image",
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      delete: (ref, options) => recovered(store.delete(ref, options), () => E.right(deletion(ref))),
    }),
  },
  {
    name: 'a deletion hides that it is not allowed',
    of: 'jclouds deleteImage: false for whatever went wrong',
    by: "deleting somebody else's image",
    with: (store) => hiding(store, 'permission-denied'),
  },
  {
    name: 'a deletion hides that the image is held',
    of: 'clients that take a 409 for a deletion that is under way',
    by: 'fails with `locked`, and the image stays',
    on: ['memory', 'gcore'],
    with: (store) => hiding(store, 'locked'),
  },
  {
    name: 'a deletion hides that the image is in use',
    of: 'clients that take a 409 for a deletion that is under way',
    by: 'fails with `in-use`, and the image stays',
    on: ['gcore'],
    with: (store) => hiding(store, 'in-use'),
  },
  {
    name: 'deleting does nothing',
    of: 'nanovms ops: `not yet implemented`, and success',
    by: 'a deleted image is gone',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => {
      const madeUp = new Map<OperationRef, Operation>()
      return {
        ...withMadeUp(store, madeUp),
        delete: (ref, options) =>
          pipe(
            store.get(ref, options),
            TE.map(() => {
              const operation = deletion(ref)
              madeUp.set(operation.ref, operation)
              return operation
            }),
          ),
      }
    },
  },
  {
    name: 'what is gone already cannot be deleted',
    of: 'clients that take the 404 of a repeated deletion for a failure',
    by: 'deleting what is already gone',
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
    name: 'an image reaches one region of many',
    of: 'packer and terraform: transfers one by one, the first error ends them',
    by: 'there is one operation for each region',
    with: (store) => ({
      ...store,
      replicate: (ref, [first, ...rest], options) =>
        mapped(store.replicate(ref, first === undefined ? [] : [first], options), (begun) => [
          ...begun,
          ...rest.flatMap(() => begun.slice(0, 1)),
        ]),
    }),
  },
]
