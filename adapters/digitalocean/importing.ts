import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { formatImageRef } from '../../src/model/ref.ts'
import { clockSkewMs, findAccepted } from '../../src/store/accepted.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { specDigest } from '../../src/store/spec-digest.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { canBeOf } from './can-be-of.ts'
import { unkeptDistribution } from './distribution.ts'
import type { freshImages } from './fresh-images.ts'
import { toImage } from './image.ts'
import { type ImportBody, toImport } from './import-body.ts'
import type { keyedOperations } from './keys.ts'
import type { listings } from './listing.ts'
import { momentOf, secondOf } from './moments.ts'
import { importOf } from './operations.ts'
import { allRows } from './pages.ts'
import { toldLosses } from './told-losses.ts'
import * as Wire from './wire.ts'

/** Imports by URL. One with a key is begun only where the key has begun none yet that has not failed. */
export const importing = (
  store: string,
  http: HttpClient,
  lists: ReturnType<typeof listings>,
  keys: ReturnType<typeof keyedOperations>,
  fresh: ReturnType<typeof freshImages>,
  runtime: Runtime,
) => {
  /** What a request can have made: nothing of it says otherwise, and it is not known to be another request's. */
  const candidates = (
    spec: ImportSpec,
    body: ImportBody,
    since: number,
    rows: readonly Wire.Image[],
  ): readonly Wire.Image[] =>
    rows.filter(
      (row) =>
        !fresh.isKnown(row) &&
        canBeOf(body, row) &&
        toImage(store, row).provenance?.key === spec.key &&
        (momentOf(row.created_at) ?? since) >= since - clockSkewMs,
    )

  const begin = (spec: ImportSpec, body: ImportBody, call: Call): StoreTask<Wire.Image> => {
    const since = runtime.now()
    return pipe(
      http.submit('POST', '/v2/images', Wire.AcceptedImage, { ...call, body }),
      TE.tapIO(() => () => call.noteCompleted(`the import of "${spec.name}" was accepted`)),
      TE.flatMap((answer) =>
        Wire.ImageAnswer.is(answer)
          ? TE.right(answer.image)
          : findAccepted({
              runtime,
              call,
              what: `The import of "${spec.name}"`,
              look: pipe(
                allRows(lists.ownRows(call)),
                TE.map((rows) => candidates(spec, body, since, rows)),
              ),
              show: ({ id }) => formatImageRef(store, String(id)),
              isLater: ({ created_at }) => (momentOf(created_at) ?? since) >= secondOf(since),
            }),
      ),
      TE.tapIO((row) => () => fresh.note(row)),
    )
  }

  return (spec: ImportSpec) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        TE.fromEither(toImport(spec)),
        TE.flatMap(({ body, losses }) =>
          pipe(
            keys.begunBefore(spec.key, specDigest(spec))(call),
            TE.flatMap((begun) =>
              begun !== undefined
                ? // It may have been changed since; only what was asked for and cannot be seen is certain to be lost.
                  TE.right({
                    ...begun.operation,
                    losses: begun.image === undefined ? [] : unkeptDistribution(body.distribution, begun.image),
                  })
                : pipe(
                    begin(spec, body, call),
                    TE.map((row) => toImage(store, row)),
                    TE.map((image) => importOf(store, image, toldLosses(body, image))),
                  ),
            ),
            TE.map((operation) => ({ ...operation, losses: [...losses, ...operation.losses] })),
          ),
        ),
      )
}
