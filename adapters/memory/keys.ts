import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { tagsEqual } from '../../src/model/tag.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import { withoutSecrets } from '../../src/store/source-url.ts'
import type { State } from './state.ts'

/** The ids of the images that a key has made or is about to make, oldest first. */
export const idsOfKey = (state: State, key: string): readonly string[] =>
  [...state.images].flatMap(([id, { provenance }]) => (provenance?.key === key ? [id] : []))

/** What an import asked for, as one text that is the same for requests that mean the same, tags aside. */
const identity = ({ tags: _tags, onLoss: _onLoss, key: _key, url, os, ...rest }: ImportSpec): string =>
  JSON.stringify(
    [
      ...Object.entries(rest),
      // A signed query is another one at every run, though the file is the same.
      ['url', withoutSecrets(url)],
      ...Object.entries(os ?? {}).map(([part, value]) => [`os.${part}`, value]),
    ]
      .filter(([, value]) => value !== undefined && value !== false)
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  )

const isSameImport = (a: ImportSpec, b: ImportSpec): boolean =>
  identity(a) === identity(b) && tagsEqual(a.tags ?? [], b.tags ?? [])

/**
 * Whether what a key has begun is what is asked for now: what was asked for then counts, not what the image has been
 * changed into since. Of an image that was there from the start only the name tells. Otherwise fails with `conflict`.
 */
export const checkKeyed = (
  state: State,
  { id, image }: { readonly id: string; readonly image: Image },
  spec: ImportSpec,
): E.Either<ImageStoreError, void> => {
  const begun = state.imports.get(id)
  return (begun === undefined ? image.name === spec.name : isSameImport(begun.spec, spec))
    ? E.right(undefined)
    : E.left(
        new ImageStoreError('conflict', `The key "${spec.key}" has begun ${image.ref} with another spec`, {
          hint: 'Use a key of its own for every import, or delete what this one has made first',
        }),
      )
}
