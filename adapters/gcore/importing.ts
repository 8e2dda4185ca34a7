import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import { withoutSecrets } from '../../src/store/source-url.ts'
import { specDigest } from '../../src/store/spec-digest.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { toImport } from './import-body.ts'
import { type Making, makeOnce } from './making.ts'
import { importPath } from './paths.ts'

/** Imports by URL, into the region of this id. One with a key is begun only where the key has begun none that has not failed. */
export const importing =
  (making: Making) =>
  (spec: ImportSpec, region: string) =>
  (call: Call): StoreTask<Operation> =>
    pipe(
      TE.fromEither(toImport({ ...spec, region })),
      TE.flatMap(({ body, losses, place }) => {
        const digest = specDigest({ ...spec, region })
        return makeOnce(
          making,
          {
            kind: 'import',
            place,
            path: importPath(making.account, place),
            body,
            source: withoutSecrets(spec.url),
            losses,
            held: spec.key === undefined ? undefined : { kind: 'import', key: spec.key, digest },
          },
          { isBareMetal: spec.bareMetal === true },
          call,
        )
      }),
    )
