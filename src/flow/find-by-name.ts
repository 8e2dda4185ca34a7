import * as E from 'fp-ts/lib/Either.js'
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

/** No name at all would be every image's: a variable that was not set must not find the one that there is. */
const checkName = (store: ImageStore, name: unknown): E.Either<ImageStoreError, void> =>
  typeof name === 'string'
    ? E.right(undefined)
    : E.left(
        new ImageStoreError('invalid-argument', 'There is no name to look for', {
          store: store.name,
          operation: 'listPage',
          fields: { name: 'It is not a text' },
        }),
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
    TE.fromEither(checkName(store, name)),
    TE.flatMap(() =>
      collect(store, { ...query, name, ...(region === undefined ? {} : { regions: [region] }) }, options),
    ),
    TE.flatMap(([first, ...others]) => {
      if (first === undefined) return TE.left(notFound(store, name))
      return others.length === 0 ? TE.right(first) : TE.left(ambiguous(store, name, [first, ...others]))
    }),
  )
