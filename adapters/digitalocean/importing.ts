import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { toImage } from './image.ts'
import type { listings } from './listing.ts'
import { importOf } from './operations.ts'
import { toImport } from './requests.ts'
import * as Wire from './wire.ts'

/** How long an accepted import is looked for when its answer does not name it: a few looks, for lists that lag. */
const looks = 6
const betweenLooksMs = 5_000
/** The provider's clock and ours may differ by this much, in milliseconds. */
const clockSkewMs = 120_000

const lost = (name: string): ImageStoreError =>
  new ImageStoreError(
    'unexpected-response',
    `The import of "${name}" was accepted, but the answer does not say which image it makes, and none has shown up`,
    { hint: 'Do not repeat it: look for the image by its name first' },
  )

const ambiguous = (candidates: readonly Image[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `The import was accepted without naming its image, and it could be any of ${candidates.map(({ ref }) => ref).join(', ')}`,
    { hint: 'Do not repeat it: find out which of them is the one' },
  )

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

  /** An answer without an image means "accepted" and no more: the image is looked up, and nothing is sent again. */
  const lookUp = (spec: ImportSpec, since: number, call: Call, looksLeft = looks): StoreTask<Image> =>
    pipe(
      ownImages(call),
      TE.map((images) => candidates(spec, since, images)),
      TE.flatMap(([first, ...others]) => {
        if (first !== undefined) return others.length === 0 ? TE.right(first) : TE.left(ambiguous([first, ...others]))
        if (looksLeft <= 1) return TE.left(lost(spec.name))
        return pipe(
          TE.tryCatch(
            () => runtime.sleep(betweenLooksMs, call.signal),
            () => new ImageStoreError('canceled', 'The call was canceled'),
          ),
          TE.flatMap(() => lookUp(spec, since, call, looksLeft - 1)),
        )
      }),
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
              Wire.ImageAnswer.is(answer) ? TE.right(toImage(store, answer.image)) : lookUp(spec, since, call),
            ),
            TE.map((image) => importOf(store, image, losses)),
          )
        }),
      )
}
