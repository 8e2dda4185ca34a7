import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError, isImageStoreError } from '../model/error.ts'
import type { Image } from '../model/image.ts'
import { type ImageRef, refParts } from '../model/ref.ts'
import type { ImageStore } from '../store/image-store.ts'
import { onAbort } from '../store/on-abort.ts'
import type { ReadOptions, StoreTask } from '../store/store-task.ts'
import { gather } from './gather.ts'
import { type ListOptions, type ListQuery, listImages } from './list.ts'
import { merge } from './merge.ts'

/** A store that could not be listed to its end, and why. */
export interface StoreFailure {
  /** The name of the store. */
  readonly store: string
  readonly error: ImageStoreError
}

/** What a union does about a store that fails. */
export interface UnionOptions {
  /**
   * Called for each store that fails; images of it that came before stay, the rest is left out, and the others go on.
   * Without it such a store fails the listing: nothing is left out unnoticed.
   */
  readonly onStoreFailure?: ((failure: StoreFailure) => void) | undefined
}

/** Many stores as one listing. It is no store itself: what changes something is asked of one store, by its name. */
export interface ImageUnion {
  /** In the order they were given in. */
  readonly stores: readonly ImageStore[]
  /**
   * All images of all stores that answer to a query, in the order in which they come: the stores are listed at the same
   * time, and one that is slow holds up no other. Throws the error of a store that fails where nobody listens to such,
   * and `canceled` as soon as the signal is aborted. Leaving the loop early cancels what was asked of every store.
   */
  readonly listImages: (query?: ListQuery, options?: ListOptions) => AsyncGenerator<Image, void, undefined>
  /** `listImages` gathered into an array, in the same order. */
  readonly collect: (query?: ListQuery, options?: ListOptions) => StoreTask<readonly Image[]>
  /** One image, from the store that its ref names. Fails with `invalid-argument` where that is none of these. */
  readonly get: (ref: ImageRef, options?: ReadOptions) => StoreTask<Image>
}

const twice = (name: string): ImageStoreError => {
  const reason = `Two stores are called "${name}", so that a ref would not say which of them it belongs to`
  return new ImageStoreError('invalid-argument', reason, {
    store: name,
    fields: { stores: reason },
    hint: 'Give each a name of its own when it is made',
  })
}

const byName = (stores: readonly ImageStore[]): ReadonlyMap<string, ImageStore> => {
  const named = new Map<string, ImageStore>()
  for (const store of stores) {
    if (named.has(store.name)) throw twice(store.name)
    named.set(store.name, store)
  }
  return named
}

const stranger = (ref: ImageRef, store: string, names: readonly string[]): ImageStoreError =>
  new ImageStoreError('invalid-argument', `${ref} belongs to the store "${store}", which is not among these`, {
    operation: 'get',
    hint: names.length === 0 ? 'There are no stores' : `There are ${names.join(', ')}`,
  })

const canceled = (): ImageStoreError =>
  new ImageStoreError('canceled', 'The listing was canceled', { operation: 'listPage' })

/** One that throws is not heard of, as with observers: the other stores' images must not be lost for it. */
const report = (listener: (failure: StoreFailure) => void, failure: StoreFailure): void => {
  try {
    listener(failure)
  } catch {
    // See above.
  }
}

async function* listAll(
  stores: ReadonlyMap<string, ImageStore>,
  { onStoreFailure }: UnionOptions,
  query: ListQuery | undefined,
  { signal, ...options }: ListOptions = {},
): AsyncGenerator<Image, void, undefined> {
  if (signal?.aborted === true) throw canceled()
  const listing = new AbortController()
  const stop = () => listing.abort()
  const release = onAbort(signal, stop)
  try {
    const sources = new Map(
      [...stores].map(([name, store]) => [name, listImages(store, query, { ...options, signal: listing.signal })]),
    )
    for await (const event of merge(sources, listing.signal)) {
      if (event.kind === 'value') yield event.value
      if (event.kind !== 'failure') continue
      if (listing.signal.aborted) break
      if (onStoreFailure === undefined || !isImageStoreError(event.error)) throw event.error
      report(onStoreFailure, { store: event.source, error: event.error })
    }
    if (listing.signal.aborted) throw canceled()
  } finally {
    release()
    stop()
  }
}

/**
 * Makes one listing of many stores. Throws `invalid-argument` at once where two of them have one name, since a ref could
 * not be told whose it is.
 */
export const union = (stores: readonly ImageStore[], options: UnionOptions = {}): ImageUnion => {
  const named = byName(stores)
  const list: ImageUnion['listImages'] = (query, listOptions) => listAll(named, options, query, listOptions)
  return {
    stores: [...stores],
    listImages: list,
    collect: (query, listOptions) => gather(() => list(query, listOptions)),
    get: (ref, callOptions) =>
      pipe(
        TE.fromEither(refParts(ref)),
        TE.flatMap(({ store }) =>
          pipe(
            TE.fromNullable(stranger(ref, store, [...named.keys()]))(named.get(store)),
            TE.flatMap((one) => one.get(ref, callOptions)),
          ),
        ),
      ),
  }
}
