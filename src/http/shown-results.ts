import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageStore } from '../store/image-store.ts'
import type { OperationLookup } from '../store/operation.ts'
import type { StoreSecrets } from './store-secrets.ts'

/** What may tell in the provider's words why it failed: an image or an operation. */
interface Failing {
  readonly failure?: string | undefined
}

/**
 * The same store, whose images and operations give the provider's reasons as they may be shown, like its errors. An importer quotes what
 * it could not fetch, in a good answer as well as in a bad one. What is no reason, such as a name, and `raw` are as the provider has them.
 */
export const shownResults = (store: ImageStore, { shown }: StoreSecrets): ImageStore => {
  const one = <A extends Failing>(result: A): A =>
    result.failure === undefined ? result : { ...result, failure: shown().text(result.failure) }
  const each = <A extends Failing>(results: readonly A[]): readonly A[] => results.map(one)
  const looked = (lookup: OperationLookup): OperationLookup =>
    lookup.found ? { ...lookup, operation: one(lookup.operation) } : lookup

  return {
    ...store,
    listPage: (...call) =>
      pipe(
        store.listPage(...call),
        TE.map((page) => ({ ...page, images: each(page.images) })),
      ),
    get: (...call) => pipe(store.get(...call), TE.map(one)),
    importFromUrl: (...call) => pipe(store.importFromUrl(...call), TE.map(one)),
    findOperations: (...call) => pipe(store.findOperations(...call), TE.map(each)),
    update: (...call) => pipe(store.update(...call), TE.map(one)),
    replicate: (...call) => pipe(store.replicate(...call), TE.map(each)),
    delete: (...call) => pipe(store.delete(...call), TE.map(one)),
    createFromServer: (...call) => pipe(store.createFromServer(...call), TE.map(one)),
    createFromVolume: (...call) => pipe(store.createFromVolume(...call), TE.map(one)),
    createFromBackup: (...call) => pipe(store.createFromBackup(...call), TE.map(one)),
    getOperations: (...call) =>
      pipe(
        store.getOperations(...call),
        TE.map((lookups) => lookups.map(looked)),
      ),
  }
}
