import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import type { Image } from '../../src/model/image.ts'
import { clockSkewMs, findAccepted } from '../../src/store/accepted.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { toImage } from './image.ts'
import { type ImportBody, toImport } from './import-body.ts'
import type { keyedImports } from './keys.ts'
import type { listings } from './listing.ts'
import { importOf } from './operations.ts'
import * as Wire from './wire.ts'

/** The start of the second that a moment lies in, in milliseconds: `created_at` is given in whole seconds. */
const secondOf = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000

/** Imports by URL. One with a key is begun only where the key has begun none yet that has not failed. */
export const importing = (
  store: string,
  http: HttpClient,
  lists: ReturnType<typeof listings>,
  keys: ReturnType<typeof keyedImports>,
  runtime: Runtime,
) => {
  const ownImages = (call: Call, page = 1): StoreTask<readonly Image[]> =>
    pipe(
      lists.ownRows(page)(call),
      TE.flatMap(({ rows, pagesAhead: [next] }) => {
        const images = rows.map((row) => toImage(store, row))
        return next === undefined
          ? TE.right(images)
          : pipe(
              ownImages(call, next),
              TE.map((rest) => [...images, ...rest]),
            )
      }),
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
            keys.begunBefore(spec)(call),
            TE.flatMap((begun) =>
              begun !== undefined
                ? TE.right({ ...begun, losses })
                : pipe(
                    begin(spec, body, call),
                    TE.map((image) => importOf(store, image, losses)),
                  ),
            ),
          ),
        ),
      )
}
