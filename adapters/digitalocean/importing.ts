import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import type { Image } from '../../src/model/image.ts'
import { clockSkewMs, findAccepted } from '../../src/store/accepted.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { specDigest } from '../../src/store/spec-digest.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { unkeptDistribution } from './distribution.ts'
import type { freshImages } from './fresh-images.ts'
import { toImage } from './image.ts'
import { type ImportBody, toImport } from './import-body.ts'
import type { keyedOperations } from './keys.ts'
import type { listings } from './listing.ts'
import { secondOf } from './moments.ts'
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
  const ownImages = (call: Call): StoreTask<readonly Image[]> =>
    pipe(
      allRows(lists.ownRows(call)),
      TE.map((rows) => rows.map((row) => toImage(store, row))),
    )

  const candidates = (spec: ImportSpec, since: number, images: readonly Image[]): readonly Image[] =>
    images.filter(
      (image) =>
        image.name === spec.name &&
        image.provenance?.key === spec.key &&
        (image.kind === undefined || image.kind === 'custom') &&
        (image.createdAt === undefined || Date.parse(image.createdAt) >= since - clockSkewMs),
    )

  const begin = (spec: ImportSpec, body: ImportBody, call: Call): StoreTask<Image> => {
    const since = runtime.now()
    return pipe(
      http.submit('POST', '/v2/images', Wire.AcceptedImage, { ...call, body }),
      TE.tapIO(() => () => call.noteCompleted(`the import of "${spec.name}" was accepted`)),
      TE.tapIO((answer) => () => {
        if (Wire.ImageAnswer.is(answer)) fresh.note(answer.image)
      }),
      TE.flatMap((answer) =>
        Wire.ImageAnswer.is(answer)
          ? TE.right(toImage(store, answer.image))
          : findAccepted({
              runtime,
              call,
              what: `The import of "${spec.name}"`,
              look: pipe(
                ownImages(call),
                TE.map((images) => candidates(spec, since, images)),
              ),
              show: ({ ref }) => ref,
              isLater: ({ createdAt }) => createdAt === undefined || Date.parse(createdAt) >= secondOf(since),
            }),
      ),
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
                  TE.right({ ...begun.operation, losses: unkeptDistribution(body.distribution, begun.image) })
                : pipe(
                    begin(spec, body, call),
                    TE.map((image) => importOf(store, image, toldLosses(body, image))),
                  ),
            ),
            TE.map((operation) => ({ ...operation, losses: [...losses, ...operation.losses] })),
          ),
        ),
      )
}
