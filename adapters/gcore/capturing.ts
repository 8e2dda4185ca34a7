import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { CaptureSpec } from '../../src/store/requests.ts'
import { captureDigest } from '../../src/store/spec-digest.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { toCapture } from './capture-body.ts'
import { type Making, makeOnce } from './making.ts'
import { imagesPath } from './paths.ts'

/** Images of volumes, in the region of this id. The task ends when the image can be used. Source: fact sheet §2, §4.2. */
export const capturing =
  (making: Making) =>
  (spec: CaptureSpec, region: string) =>
  (call: Call): StoreTask<Operation> =>
    pipe(
      TE.fromEither(toCapture({ ...spec, region })),
      TE.flatMap(({ body, losses }) => {
        const digest = captureDigest({ ...spec, region })
        return makeOnce(
          making,
          {
            kind: 'capture',
            place: { region },
            path: imagesPath(making.account, { region }),
            body,
            source: spec.source,
            losses,
            held: spec.key === undefined ? undefined : { kind: 'capture', key: spec.key, digest },
          },
          { isBareMetal: spec.bareMetal === true },
          call,
        )
      }),
    )
