import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Image } from '../../src/model/image.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import { checkLookUpKey } from '../../src/store/operation-key.ts'
import { sharedLook } from '../../src/store/shared-look.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { begunCaptures } from './begun-captures.ts'
import { capabilities } from './capabilities.ts'
import type { captureLookups } from './capture-lookup.ts'
import { type converging, type Kept, keyConflict } from './converging.ts'
import type { freshImages } from './fresh-images.ts'
import { operationId } from './ids.ts'
import { toImage } from './image.ts'
import { type KeyedImage, keyedUnder, oldestFirst } from './keyed-images.ts'
import type { listings } from './listing.ts'
import { importOf } from './operations.ts'
import { allRows } from './pages.ts'
import type * as Wire from './wire.ts'

/** What a key has begun, and the image that it makes where it is there already. */
export interface Begun {
  readonly operation: Operation
  /** There where a duplicate could not be removed yet. */
  readonly isOpen?: boolean | undefined
  readonly image?: Image | undefined
}

/** An image that this call has made under a key. */
export interface Own {
  readonly row: Wire.Image
  readonly digest: string
}

/** What has become of an image that this call has made, beside whatever else its key has begun. */
export interface Settled extends Begun {
  /** Whether it is this call's own image that is kept. */
  readonly isOwn: boolean
  /** Whether the account's list has the image already. Where it has not, it may lack others of the key as well. */
  readonly isListed: boolean
}

/**
 * Look-ups of imports and captures by the caller's keys, which are read from the account's list: a page of 200 images is a
 * request. An import has its key behind the description, a capture behind the name.
 */
export const keyedOperations = (
  store: string,
  lists: ReturnType<typeof listings>,
  captures: ReturnType<typeof captureLookups>,
  fresh: ReturnType<typeof freshImages>,
  unlisted: ReturnType<typeof begunCaptures>,
  converge: ReturnType<typeof converging>,
) => {
  /** Calls that look at one moment share the list. */
  const ownRows = sharedLook((call: Call) => allRows(lists.ownRows(call)))

  const rowsUnder = (key: string, call: Call): StoreTask<readonly Wire.Image[]> => {
    const isKeyed = (row: Wire.Image): boolean => keyedUnder(store, key)(row).length > 0
    return pipe(
      ownRows(call),
      TE.flatMap((rows) => fresh.addedTo(rows, isKeyed)(call)),
    )
  }

  const begunWith = (key: string, call: Call): StoreTask<readonly KeyedImage[]> =>
    pipe(
      rowsUnder(key, call),
      TE.map((rows) => rows.flatMap(keyedUnder(store, key)).sort(oldestFirst)),
    )

  const operationOf =
    (call: Call) =>
    ({ image, trailer, isCapture }: KeyedImage): StoreTask<Begun> =>
      pipe(
        isCapture ? captures.ofImage(image, trailer)(call) : TE.right(importOf(store, image)),
        TE.map((operation) => ({ operation, image })),
      )

  const withDuplicates =
    (call: Call) =>
    ({ kept, duplicates, isOpen }: Kept): StoreTask<Begun> =>
      pipe(
        operationOf(call)(kept),
        TE.map(({ operation, image }) => ({
          operation: duplicates.length === 0 ? operation : { ...operation, duplicates },
          image,
          isOpen,
        })),
      )

  const firstOf =
    (key: string, digest: string, call: Call) =>
    (begun: readonly KeyedImage[]): StoreTask<Begun | undefined> =>
      pipe(
        converge(key, digest, begun)(call),
        TE.flatMap((converged) => (converged === undefined ? TE.right(undefined) : withDuplicates(call)(converged))),
      )

  /** What this store has begun as a capture and no list shows yet. */
  const unlistedOf = (key: string, digest: string, call: Call): StoreTask<Begun | undefined> =>
    pipe(
      unlisted.under(key, captures.lookUp)(call),
      TE.flatMap((running) => {
        if (running === undefined) return TE.right(undefined)
        const { operation } = running
        return running.digest === digest ? TE.right({ operation }) : TE.left(keyConflict(key, operation.ref))
      }),
    )

  return {
    /**
     * What a key has begun, oldest first. An import that failed leaves the account's list at once (fact sheet §3), so it is
     * not found by its key any more: by its ref it is. A capture is in no list before it is done (§8); until then who has begun it
     * knows it.
     */
    findOperations:
      (key: string) =>
      (call: Call): StoreTask<readonly Operation[]> =>
        pipe(
          TE.fromEither(checkLookUpKey(capabilities, key)),
          TE.flatMap(() => begunWith(key, call)),
          TE.flatMapTask(sideBySide(operationOf(call))),
          TE.flatMapEither(E.sequenceArray),
          TE.bindTo('begun'),
          TE.bind('running', () => unlisted.under(key, captures.lookUp)(call)),
          TE.map(({ begun, running }) => [...begun, ...(running === undefined ? [] : [running])]),
          TE.map((begun) => begun.map(({ operation }) => operation)),
        ),

    /**
     * The oldest that a key has begun and that has not failed; later ones that were begun with it are removed. `conflict` where it
     * asked for another, by its digest.
     */
    begunBefore:
      (key: string | undefined, digest: string) =>
      (call: Call): StoreTask<Begun | undefined> => {
        if (key === undefined) return TE.right(undefined)
        return pipe(
          begunWith(key, call),
          TE.flatMap(firstOf(key, digest, call)),
          TE.flatMap((listed) => (listed === undefined ? unlistedOf(key, digest, call) : TE.right(listed))),
        )
      },

    /** The same, looked for in rows that have been read. */
    begunAmong:
      (key: string | undefined, digest: string, rows: readonly Wire.Image[]) =>
      (call: Call): StoreTask<Begun | undefined> =>
        key === undefined
          ? TE.right(undefined)
          : firstOf(key, digest, call)(rows.flatMap(keyedUnder(store, key)).sort(oldestFirst)),

    /** What is kept of what a key has begun, as far as the account's list shows it; nothing where that is nothing. */
    keptUnder:
      (key: string, digest: string, own: readonly ImageRef[]) =>
      (call: Call): StoreTask<Kept | undefined> =>
        pipe(
          begunWith(key, call),
          TE.flatMap((begun) => converge(key, digest, begun, own)(call)),
        ),

    /** Whether what was begun under a key until a moment may be under way where no list shows it: a capture is in none before it is done. */
    isFollowed:
      (ref: OperationRef, until: number) =>
      (call: Call): StoreTask<boolean> => {
        const id = operationId(store)(ref)
        return E.isRight(id) && id.right.kind === 'capture'
          ? captures.isFollowed(id.right, until)(call)
          : TE.right(false)
      },

    /** The operation that makes an image, and the image. */
    operationOf,

    /**
     * Looks once more when an image has been made: another process may have begun one at the same moment. Of the two the oldest is
     * kept, which need not be this call's own.
     */
    settledBeside:
      (key: string, { row, digest }: Own) =>
      (call: Call): StoreTask<Settled> =>
        pipe(
          rowsUnder(key, call),
          TE.flatMap((rows) => {
            const image = toImage(store, rows.find(({ id }) => id === row.id) ?? row)
            const own: KeyedImage = { image, trailer: { text: '', key, digest }, isCapture: false, id: Number(row.id) }
            const asOwn = { operation: importOf(store, image), image, isOwn: true, isOpen: false }
            const isListed = rows.some(({ id }) => id === row.id)
            const others = rows.flatMap(keyedUnder(store, key)).filter(({ id }) => id !== own.id)
            return pipe(
              converge(key, digest, [...others, own], [image.ref])(call),
              TE.flatMap((converged) =>
                converged === undefined ? TE.right(undefined) : withDuplicates(call)(converged),
              ),
              TE.map((begun) =>
                begun === undefined
                  ? { ...asOwn, isListed }
                  : { ...begun, isOwn: begun.image?.ref === image.ref, isListed },
              ),
            )
          }),
        ),
  }
}
