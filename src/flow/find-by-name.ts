import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../model/error.ts'
import type { Image } from '../model/image.ts'
import type { RegionId } from '../model/region.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { CallOptions, StoreTask } from '../store/store-task.ts'
import { showCandidates } from './candidates.ts'
import { collect, type ListQuery } from './list.ts'

/** Where an image is looked for by its name. Every part narrows the search; one's own images unless told. */
export interface NameQuery extends Omit<ListQuery, 'name' | 'regions'> {
  /** The region it has to be usable in. An import that is still running is usable in none. */
  readonly region?: RegionId | string | undefined
}

const notFound = (store: ImageStore, name: string): ImageStoreError =>
  new ImageStoreError('not-found', `No image of ${store.name} that answers to the query is called "${name}"`, {
    store: store.name,
    operation: 'listPage',
    hint: 'The whole name counts, capitals too. Public images are found with scope "public"',
  })

const ambiguous = (store: ImageStore, name: string, images: readonly Image[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `${images.length} images of ${store.name} are called "${name}": ${showCandidates(images)}`,
    {
      store: store.name,
      operation: 'listPage',
      hint: 'Go on with one of these refs, or narrow the search by region, statuses or tags until one is left',
    },
  )

/**
 * The one image of exactly this name. Fails with `not-found` where there is none, and with `conflict` where there are
 * several, which names are free to be: the message lists them with ref, status and age. All pages are read, because the
 * next one may hold a second.
 */
export const findByName = (
  store: ImageStore,
  name: string,
  { region, ...query }: NameQuery = {},
  options?: Pick<CallOptions, 'signal'>,
): StoreTask<Image> =>
  pipe(
    collect(store, { ...query, name, ...(region === undefined ? {} : { regions: [region] }) }, options),
    TE.flatMap(([first, ...others]) => {
      if (first === undefined) return TE.left(notFound(store, name))
      return others.length === 0 ? TE.right(first) : TE.left(ambiguous(store, name, [first, ...others]))
    }),
  )
