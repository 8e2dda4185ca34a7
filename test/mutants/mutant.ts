import type * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions, Image, ImageStore, ImageStoreError, Operation, OperationLookup, StoreTask } from 'imageferry'

/** The stores that there are to have a bug: the two others over HTTP, against their emulators. */
export type MutantStore = 'memory' | 'digitalocean' | 'gcore'

/** A store with one bug of the sort that other tools have, or had. */
export interface Mutant {
  readonly name: string
  /** Whose bug it is. */
  readonly of: string
  /** What no other case's sentence has: the case that must catch it, whatever others do. */
  readonly by: string
  /** The stores that are given it, one after the other: the one in memory unless told. */
  readonly on?: readonly MutantStore[]
  /** The same store with the bug. */
  readonly with: (store: ImageStore) => ImageStore
}

/** What a task gives, changed. */
export const mapped = <A>(task: StoreTask<A>, change: (result: A) => A): StoreTask<A> => pipe(task, TE.map(change))

/** What a task fails with, taken for something else. */
export const recovered = <A>(
  task: StoreTask<A>,
  instead: (error: ImageStoreError) => E.Either<ImageStoreError, A>,
): StoreTask<A> =>
  pipe(
    task,
    TE.orElse((error) => TE.fromEither(instead(error))),
  )

/** A store whose look-ups of operations are changed one by one. */
export const withOperations = (store: ImageStore, change: (operation: Operation) => Operation): ImageStore => ({
  ...store,
  getOperations: (refs, options) =>
    mapped(store.getOperations(refs, options), (lookups) =>
      lookups.map(
        (lookup): OperationLookup => (lookup.found ? { ...lookup, operation: change(lookup.operation) } : lookup),
      ),
    ),
})

/** A store whose images are changed, wherever they are read. */
export const withImages = (store: ImageStore, change: (image: Image) => Image): ImageStore => ({
  ...store,
  get: (ref, options) => mapped(store.get(ref, options), change),
  listPage: (query, cursor, options) =>
    mapped(store.listPage(query, cursor, options), (page) => ({ ...page, images: page.images.map(change) })),
})

/** Options that end a call no more. */
export const endless = (options: CallOptions | undefined): CallOptions => ({
  ...options,
  signal: undefined,
  timeoutMs: undefined,
})
