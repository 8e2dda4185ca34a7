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
import { toImport } from './import-body.ts'
import type { listings } from './listing.ts'
import { importOf } from './operations.ts'
import * as Wire from './wire.ts'

/** Imports by URL. */
export const importing = (store: string, http: HttpClient, lists: ReturnType<typeof listings>, runtime: Runtime) => {
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
        (image.kind === undefined || image.kind === 'custom') &&
        (image.createdAt === undefined || Date.parse(image.createdAt) >= since - clockSkewMs),
    )

  return (spec: ImportSpec) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        TE.fromEither(toImport(spec)),
        TE.flatMap(({ body, losses }) => {
          const since = runtime.now()
          return pipe(
            http.send('POST', '/v2/images', Wire.AcceptedImage, { ...call, body }),
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
                  }),
            ),
            TE.map((image) => importOf(store, image, losses)),
          )
        }),
      )
}
