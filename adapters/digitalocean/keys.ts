import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { invalidFields } from '../../src/store/field-reasons.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { readTrailer, reasonsAgainstKey, specDigest } from './description.ts'
import { toImage } from './image.ts'
import type { listings } from './listing.ts'
import { importOf } from './operations.ts'

/** An import that was begun under a key. */
interface KeyedImport {
  readonly operation: Operation
  /** What it asked for, as `specDigest` gives it. */
  readonly digest: string | undefined
  readonly id: number
}

/** By the time of creation, which is given in whole seconds, and by the id within one: ids ascend. */
const oldestFirst = (a: KeyedImport, b: KeyedImport): number => {
  const [earlier = '', later = ''] = [a.operation.startedAt, b.operation.startedAt]
  return earlier === later ? a.id - b.id : earlier < later ? -1 : 1
}

/** Look-ups of imports by the caller's keys, which are read from the account's list: a page of 200 images is a request. */
export const keyedImports = (store: string, lists: ReturnType<typeof listings>) => {
  const begunWith = (key: string, call: Call, page = 1): StoreTask<readonly KeyedImport[]> =>
    pipe(
      lists.ownRows(page)(call),
      TE.flatMap(({ rows, pagesAhead: [next] }) => {
        const found = rows.flatMap((row) => {
          const trailer = readTrailer(row.description ?? '')
          return trailer?.key === key
            ? [{ operation: importOf(store, toImage(store, row)), digest: trailer.digest, id: Number(row.id) }]
            : []
        })
        return next === undefined
          ? TE.right(found)
          : pipe(
              begunWith(key, call, next),
              TE.map((rest) => [...found, ...rest]),
            )
      }),
    )

  return {
    /**
     * What a key has begun, oldest first. An import that failed leaves the account's list at once (fact sheet §3), so it is
     * not found by its key any more: by its ref it is.
     */
    findOperations:
      (key: string) =>
      (call: Call): StoreTask<readonly Operation[]> => {
        const reasons = reasonsAgainstKey(key)
        if (Object.keys(reasons).length > 0) return TE.left(invalidFields(reasons))
        return pipe(
          begunWith(key, call),
          TE.map((found) => [...found].sort(oldestFirst).map(({ operation }) => operation)),
        )
      },

    /** The oldest import that the key of a spec has begun and that has not failed. `conflict` where it asked for another. */
    begunBefore:
      (spec: ImportSpec) =>
      (call: Call): StoreTask<Operation | undefined> =>
        spec.key === undefined
          ? TE.right(undefined)
          : pipe(
              begunWith(spec.key, call),
              TE.map((found) => found.filter(({ operation }) => operation.state !== 'failed').sort(oldestFirst)[0]),
              TE.filterOrElse(
                (found) => found === undefined || found.digest === specDigest(spec),
                (found) =>
                  new ImageStoreError(
                    'conflict',
                    `The key "${spec.key}" has begun ${found?.operation.image} with another name, source or region`,
                    { hint: 'Use a key of its own for every import, or delete what this one has made first' },
                  ),
              ),
              TE.map((found) => found?.operation),
            ),
  }
}
