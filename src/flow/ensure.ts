import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageStore } from '../store/image-store.ts'
import type { Operation } from '../store/operation.ts'
import type { ImportSpec } from '../store/requests.ts'
import type { CallOptions, StoreTask } from '../store/store-task.ts'

/** What a key stands for after {@link ensureImage}. */
export interface EnsuredImage {
  /** The import that the key stands for, which may still be running: wait for its ref. */
  readonly operation: Operation
  /** `before`: the key had begun it already, and nothing was imported. `now`: nothing was found, and it was imported. */
  readonly begun: 'now' | 'before'
  /** What else the key has begun, oldest first: more than one answer got lost. To be looked at, and mostly to be deleted. */
  readonly others: readonly Operation[]
}

const notFailed = (operations: readonly Operation[]): readonly Operation[] =>
  operations.filter(({ state }) => state !== 'failed')

/**
 * Sees to it that an image is there under a key of the caller's, however often it is called: what the key has begun or
 * made already is returned, the oldest where there are several, and only where there is none is the file imported. An
 * import that failed counts as not there. What is found is not compared with the spec.
 *
 * Two callers at the same moment can both find nothing; a store whose `importFromUrl` looks again narrows that to the
 * time of a request, and `others` shows what got through. Fails with `unsupported`, and sends nothing, where the store
 * has no `findOperations`; otherwise like that and like `importFromUrl`.
 */
export const ensureImage = (
  store: ImageStore,
  spec: Omit<ImportSpec, 'key'>,
  key: string,
  options?: Pick<CallOptions, 'signal'>,
): StoreTask<EnsuredImage> =>
  pipe(
    store.findOperations(key, options),
    TE.map(notFailed),
    TE.flatMap(
      ([oldest, ...others]): StoreTask<EnsuredImage> =>
        oldest === undefined
          ? pipe(
              store.importFromUrl({ ...spec, key }, options),
              TE.map((operation) => ({ operation, begun: 'now', others: [] })),
            )
          : TE.right({ operation: oldest, begun: 'before', others }),
    ),
  )
