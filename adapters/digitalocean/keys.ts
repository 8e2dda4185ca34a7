import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import { checkLookUpKey } from '../../src/store/operation-key.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { begunCaptures } from './begun-captures.ts'
import { capabilities } from './capabilities.ts'
import type { captureLookups } from './capture-lookup.ts'
import { type Description, readTrailer } from './description.ts'
import type { freshImages } from './fresh-images.ts'
import { holdsNameTrailer, toImage } from './image.ts'
import type { listings } from './listing.ts'
import { importOf } from './operations.ts'
import { allRows } from './pages.ts'
import type * as Wire from './wire.ts'

/** An image that was begun under a key. */
interface KeyedImage {
  readonly image: Image
  readonly trailer: Description
  readonly isCapture: boolean
  readonly id: number
}

/** What a key has begun, and the image that it makes where it is there already. */
export interface Begun {
  readonly operation: Operation
  readonly image?: Image | undefined
}

/** By the time of creation, which is given in whole seconds, and by the id within one: ids ascend. */
const oldestFirst = (a: KeyedImage, b: KeyedImage): number => {
  const [earlier = '', later = ''] = [a.image.createdAt, b.image.createdAt]
  return earlier === later ? a.id - b.id : earlier < later ? -1 : 1
}

const conflict = (key: string, ref: ImageRef | OperationRef): ImageStoreError =>
  new ImageStoreError('conflict', `The key "${key}" has begun ${ref} with another spec`, {
    hint: 'All that was asked for counts, tags and description too. Use a key of its own for every image, or delete that one first',
  })

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
) => {
  const keyed =
    (key: string) =>
    (row: Wire.Image): readonly KeyedImage[] => {
      const described = readTrailer(row.description ?? '')
      const named = holdsNameTrailer(row) ? readTrailer(row.name ?? '') : undefined
      const isCapture = described?.key !== key
      const trailer = isCapture ? named : described
      return trailer?.key === key ? [{ image: toImage(store, row), trailer, isCapture, id: Number(row.id) }] : []
    }

  const begunWith = (key: string, call: Call): StoreTask<readonly KeyedImage[]> =>
    pipe(
      allRows(lists.ownRows(call)),
      TE.flatMap((rows) => fresh.addedTo(rows, (row) => keyed(key)(row).length > 0)(call)),
      TE.map((rows) => rows.flatMap(keyed(key)).sort(oldestFirst)),
    )

  const operationOf =
    (call: Call) =>
    ({ image, trailer, isCapture }: KeyedImage): StoreTask<Begun> =>
      pipe(
        isCapture ? captures.ofImage(image, trailer)(call) : TE.right(importOf(store, image)),
        TE.map((operation) => ({ operation, image })),
      )

  const firstOf =
    (key: string, digest: string, call: Call) =>
    (begun: readonly KeyedImage[]): StoreTask<Begun | undefined> => {
      const found = begun.find(({ image }) => importOf(store, image).state !== 'failed')
      if (found === undefined) return TE.right(undefined)
      return found.trailer.digest === digest ? operationOf(call)(found) : TE.left(conflict(key, found.image.ref))
    }

  /** What this store has begun as a capture and no list shows yet. */
  const unlistedOf = (key: string, digest: string, call: Call): StoreTask<Begun | undefined> =>
    pipe(
      unlisted.under(key, captures.lookUp)(call),
      TE.flatMap((running) => {
        if (running === undefined) return TE.right(undefined)
        const { operation } = running
        return running.digest === digest ? TE.right({ operation }) : TE.left(conflict(key, operation.ref))
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

    /** The oldest that a key has begun and that has not failed. `conflict` where it asked for another, by its digest. */
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
          : firstOf(key, digest, call)(rows.flatMap(keyed(key)).sort(oldestFirst)),
  }
}
