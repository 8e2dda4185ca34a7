import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { formatImageRef, type OperationRef } from '../../src/model/ref.ts'
import type { ImageStatus } from '../../src/model/status.ts'
import type { Call } from '../../src/store/member.ts'
import type { Loss, Operation, OperationLookup, OperationState } from '../../src/store/operation.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { actionLookups, SeenActions } from './action-lookup.ts'
import { presentIn } from './actions.ts'
import { capturedAs, type captureLookups, type SeenCaptures } from './capture-lookup.ts'
import { type ActionId, type CaptureId, type OperationId, operationId, operationRefOf } from './ids.ts'
import { toImage } from './image.ts'
import type { listings } from './listing.ts'
import { wantedImages } from './wanted-images.ts'
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

const deletedMeanwhile = 'The image was deleted while it was imported'

/**
 * What to do about a failed import, by the provider's words: the two that are known, and our own where it says none.
 * [EX:real.import-error-messages; I:digitalocean/terraform-provider-digitalocean#613; I:digitalocean/doctl#671; fact sheet §6]
 */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /decompress/i,
    'Give one file, compressed by gzip or bzip2 or not at all; a .tar.gz holds an archive and cannot be imported',
  ],
  [/don't support/i, 'Give a raw, qcow2, vhdx, vdi or vmdk file, and a URL whose path ends in its extension'],
  [
    new RegExp(`^${deletedMeanwhile}$`),
    'Find out who has deleted it, and import it again: nothing was said against its file',
  ],
]

const hintFor = (failure: string | undefined): string | undefined =>
  failure === undefined ? undefined : hints.find(([text]) => text.test(failure))?.[1]

/** Whether a look-up says that the image was deleted, and not that making it has failed. */
export const wasDeleted = (lookup: OperationLookup): boolean =>
  lookup.found ? lookup.operation.failure === deletedMeanwhile : lookup.error.kind === 'not-found'

/** The import that makes an image, as the image itself tells: there is no other record of it. */
export const importOf = (store: string, image: Image, losses: readonly Loss[] = []): Operation => {
  const id = image.ref.slice(store.length + 1)
  const failure = image.failure ?? (image.status === 'deleted' ? deletedMeanwhile : undefined)
  const state = importStates[image.status]
  return {
    ref: operationRefOf(store, { kind: 'import', image: id }),
    kind: 'import',
    state,
    image: image.ref,
    failure: state === 'failed' ? failure : undefined,
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

/** What a look has found, by the way in which operations are known. */
interface AllSeen {
  readonly seen: E.Either<ImageStoreError, Seen>
  readonly seenActions: SeenActions
  readonly seenCaptures: SeenCaptures
}

/** The operations that are known by their image alone. */
type ImageOperationId = Exclude<OperationId, ActionId | CaptureId>

/**
 * Look-ups of operations. Those that are known by their image: of one image by itself, of more than one by the list of the
 * account's images. Those that are actions: by the list of their image's; captures, by their server.
 */
export const operationLookups = (
  store: string,
  http: HttpClient,
  lists: ReturnType<typeof listings>,
  actions: ReturnType<typeof actionLookups>,
  captures: ReturnType<typeof captureLookups>,
) => {
  const read = (id: string, call: Call): StoreTask<Image> =>
    pipe(
      http.get(path`/v2/images/${id}`, Wire.ImageAnswer, call),
      TE.map(({ image }) => toImage(store, image)),
    )

  const wantedRows = wantedImages(lists.ownRows)

  const sweep =
    (wanted: ReadonlySet<string>) =>
    (call: Call): StoreTask<Seen> =>
      pipe(
        wantedRows(wanted)(call),
        TE.map((rows) => new Map([...rows].map(([id, row]) => [id, toImage(store, row)]))),
      )

  const found = (ref: OperationRef, operation: Operation): OperationLookup => ({ ref, found: true, operation })

  const fromImage = (ref: OperationRef, id: ImageOperationId, image: Image): OperationLookup => {
    if (id.kind === 'present')
      return image.regions.some((region) => region === id.region)
        ? found(ref, presentIn(store, id.image, id.region))
        : {
            ref,
            found: false,
            error: new ImageStoreError('not-found', `${image.ref} is not in the region ${id.region}`),
          }
    if (id.kind === 'captured')
      return image.status === 'deleted'
        ? { ref, found: false, error: new ImageStoreError('not-found', `${image.ref} has been deleted`) }
        : found(ref, capturedAs(store, id.image, image))
    return found(ref, id.kind === 'import' ? importOf(store, image) : deletionSeen(store, id.image, image))
  }

  const failed = (ref: OperationRef, id: ImageOperationId, error: ImageStoreError): OperationLookup =>
    id.kind === 'delete' && error.kind === 'not-found'
      ? found(ref, deletionSeen(store, id.image, undefined))
      : { ref, found: false, error }

  const fromAnswer = (ref: OperationRef, answer: E.Either<ImageStoreError, Operation>): OperationLookup =>
    pipe(
      answer,
      E.match(
        (error): OperationLookup => ({ ref, found: false, error }),
        (operation) => found(ref, operation),
      ),
    )

  const byImage = (
    ref: OperationRef,
    id: ImageOperationId,
    seen: E.Either<ImageStoreError, Seen>,
    call: Call,
  ): T.Task<OperationLookup> => {
    // A list that cannot be read says nothing about any of them, and each says so in its own place.
    if (E.isLeft(seen)) return T.of({ ref, found: false, error: seen.left })
    const image = seen.right.get(id.image)
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
  }

  const one =
    ({ seen, seenActions, seenCaptures }: AllSeen, call: Call) =>
    (ref: OperationRef): T.Task<OperationLookup> =>
      pipe(
        operationId(store)(ref),
        E.match(
          (error) => T.of<OperationLookup>({ ref, found: false, error }),
          (id) => {
            if (id.kind === 'action') return T.of(fromAnswer(ref, seenActions(id)))
            return id.kind === 'capture' ? T.of(fromAnswer(ref, seenCaptures(id))) : byImage(ref, id, seen, call)
          },
        ),
      )

  const getOperations =
    (refs: readonly OperationRef[]) =>
    (call: Call): StoreTask<readonly OperationLookup[]> => {
      const ids = refs.map(operationId(store)).flatMap((id) => (E.isRight(id) ? [id.right] : []))
      const wanted = new Set(ids.flatMap((id) => (id.kind === 'action' || id.kind === 'capture' ? [] : [id.image])))
      const seen: StoreTask<Seen> = wanted.size > 1 ? sweep(wanted)(call) : TE.right(new Map())
      return pipe(
        T.Do,
        T.bind('seen', () => seen),
        T.bind('seenActions', () => actions.lookUp(ids.flatMap((id) => (id.kind === 'action' ? [id] : [])))(call)),
        T.bind('seenCaptures', () => captures.lookUp(ids.flatMap((id) => (id.kind === 'capture' ? [id] : [])))(call)),
        T.flatMap((all) => sideBySide(one(all, call))(refs)),
        TE.rightTask,
      )
    }

  return { read, getOperations }
}
