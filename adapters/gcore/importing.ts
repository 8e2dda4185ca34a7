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
import { type Place, placeText } from './namespaces.ts'
import { importPath } from './paths.ts'

/** The region and what servers the image is for: the same file for other servers makes another image. */
const kindOfPlace = ({ bareMetal }: ImportSpec, place: Place): string =>
  place.namespace === undefined && bareMetal === true ? `${placeText(place)}/bare-metal` : placeText(place)

/** Imports by URL, into the region of this id. One with a key is begun only where the key has begun none that has not failed. */
export const importing =
  (making: Making) =>
  (spec: ImportSpec, region: string) =>
  (call: Call): StoreTask<Operation> =>
    pipe(
      TE.fromEither(toImport({ ...spec, region })),
      TE.flatMap(({ body, losses, place }) => {
        const digest = specDigest({ name: spec.name, url: spec.url, region: kindOfPlace(spec, place) })
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
