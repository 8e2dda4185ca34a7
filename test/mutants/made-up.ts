import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageRef, type ImageStore, type Operation, type OperationRef, operationRef } from 'imageferry'

/** A deletion that never was, as one that has succeeded. */
export const deletion = (image: ImageRef): Operation => ({
  ref: operationRef(image.replace(':', ':delete/')),
  kind: 'delete',
  state: 'succeeded',
  outcome: 'deleted',
  image,
  losses: [],
})

/** A store that finds operations which never were, so that whoever believes it is told so again. */
export const withMadeUp = (store: ImageStore, madeUp: ReadonlyMap<OperationRef, Operation>): ImageStore => ({
  ...store,
  getOperations: (refs, options) =>
    pipe(
      store.getOperations(
        refs.filter((ref) => !madeUp.has(ref)),
        options,
      ),
      TE.map((lookups) =>
        refs.flatMap((ref) => {
          const operation = madeUp.get(ref)
          return operation === undefined
            ? lookups.filter((lookup) => lookup.ref === ref).slice(0, 1)
            : [{ ref, found: true as const, operation }]
        }),
      ),
    ),
})
