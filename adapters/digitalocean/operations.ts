import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { formatImageRef, type OperationRef } from '../../src/model/ref.ts'
import type { ImageStatus } from '../../src/model/status.ts'
import type { Call } from '../../src/store/member.ts'
import type { Loss, Operation, OperationLookup, OperationState } from '../../src/store/operation.ts'
import { withoutUrlSecrets } from '../../src/store/source-url.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type OperationId, operationId, operationRefOf } from './ids.ts'
import { toImage } from './image.ts'
import type { listings } from './listing.ts'
import * as Wire from './wire.ts'

const importStates: Readonly<Record<ImageStatus, OperationState>> = {
  queued: 'queued',
  importing: 'running',
  available: 'succeeded',
  // A public image that is no longer offered: as an import's end it is one all the same.
  retired: 'succeeded',
  deactivated: 'succeeded',
  failed: 'failed',
  deleting: 'failed',
  deleted: 'failed',
  unknown: 'unknown',
}

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /decompress/i,
    'Give one file, compressed by gzip or bzip2 or not at all; a .tar.gz holds an archive and cannot be imported',
  ],
  [/don't support/i, 'Give a raw, qcow2, vhdx, vdi or vmdk file, and a URL whose path ends in its extension'],
]

const hintFor = (failure: string | undefined): string | undefined =>
  failure === undefined ? undefined : hints.find(([text]) => text.test(failure))?.[1]

/** The import that makes an image, as the image itself tells: there is no other record of it. */
export const importOf = (store: string, image: Image, losses: readonly Loss[] = []): Operation => {
  const id = image.ref.slice(store.length + 1)
  const failure =
    image.failure ?? (image.status === 'deleted' ? 'The image was deleted while it was imported' : undefined)
  const state = importStates[image.status]
  return {
    ref: operationRefOf(store, { kind: 'import', image: id }),
    kind: 'import',
    state,
    image: image.ref,
    failure: state === 'failed' && failure !== undefined ? withoutUrlSecrets(failure) : undefined,
    hint: state === 'failed' ? hintFor(failure) : undefined,
    losses,
    startedAt: image.createdAt,
  }
}

/** A deletion, which DigitalOcean carries out before it answers. */
export const deletionOf = (store: string, id: string, outcome: 'deleted' | 'already-gone'): Operation => ({
  ref: operationRefOf(store, { kind: 'delete', image: id }),
  kind: 'delete',
  state: 'succeeded',
  image: formatImageRef(store, id),
  outcome,
  losses: [],
})

const deletionSeen = (store: string, id: string, image: Image | undefined): Operation =>
  image === undefined || image.status === 'deleted' || image.status === 'failed'
    ? deletionOf(store, id, 'deleted')
    : { ...deletionOf(store, id, 'deleted'), state: 'running', outcome: undefined }

type Seen = ReadonlyMap<string, Image>

/** Look-ups of operations: of one by its image, of more than one by the list of the account's images. */
export const operationLookups = (store: string, http: HttpClient, lists: ReturnType<typeof listings>) => {
  const read = (id: string, call: Call): StoreTask<Image> =>
    pipe(
      http.get(path`/v2/images/${id}`, Wire.ImageAnswer, call),
      TE.map(({ image }) => toImage(store, image)),
    )

  /**
   * The account's images page by page, for as long as another page costs less than asking for the images still missing one
   * by one.
   */
  const sweep =
    (wanted: ReadonlySet<string>, page: number, seen: Seen) =>
    (call: Call): StoreTask<Seen> =>
      pipe(
        lists.ownRows(page)(call),
        TE.flatMap(({ rows, pagesAhead }) => {
          const found = new Map(seen)
          for (const row of rows) if (wanted.has(String(row.id))) found.set(String(row.id), toImage(store, row))
          const [next] = pagesAhead
          return next !== undefined && wanted.size - found.size > pagesAhead.length
            ? sweep(wanted, next, found)(call)
            : TE.right(found)
        }),
      )

  const found = (ref: OperationRef, operation: Operation): OperationLookup => ({ ref, found: true, operation })

  const fromImage = (ref: OperationRef, id: OperationId, image: Image): OperationLookup =>
    found(ref, id.kind === 'import' ? importOf(store, image) : deletionSeen(store, id.image, image))

  const failed = (ref: OperationRef, id: OperationId, error: ImageStoreError): OperationLookup =>
    id.kind === 'delete' && error.kind === 'not-found'
      ? found(ref, deletionSeen(store, id.image, undefined))
      : { ref, found: false, error }

  const one =
    (seen: Seen, call: Call) =>
    (ref: OperationRef): T.Task<OperationLookup> =>
      pipe(
        operationId(store)(ref),
        E.match(
          (error) => T.of<OperationLookup>({ ref, found: false, error }),
          (id) => {
            const image = seen.get(id.image)
            return image !== undefined
              ? T.of(fromImage(ref, id, image))
              : pipe(
                  // A failed import has left the list and can still be read: status `deleted`, with the reason.
                  read(id.image, call),
                  TE.match(
                    (error) => failed(ref, id, error),
                    (fresh) => fromImage(ref, id, fresh),
                  ),
                )
          },
        ),
      )

  const getOperations =
    (refs: readonly OperationRef[]) =>
    (call: Call): StoreTask<readonly OperationLookup[]> => {
      const wanted = new Set(
        refs.flatMap((ref) =>
          pipe(
            operationId(store)(ref),
            E.match(
              () => [],
              ({ image }) => [image],
            ),
          ),
        ),
      )
      const seen: StoreTask<Seen> = wanted.size > 1 ? sweep(wanted, 1, new Map())(call) : TE.right(new Map())
      return pipe(
        seen,
        TE.flatMapTask((images) => pipe(refs, T.traverseSeqArray(one(images, call)))),
        // A list that cannot be read says nothing about any of them, and each says so in its own place.
        TE.orElse(
          (error): StoreTask<readonly OperationLookup[]> => TE.right(refs.map((ref) => ({ ref, found: false, error }))),
        ),
      )
    }

  return { read, getOperations }
}
