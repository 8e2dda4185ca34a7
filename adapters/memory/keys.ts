import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { tagsEqual } from '../../src/model/tag.ts'
import type { CaptureSpec, ImportSpec } from '../../src/store/requests.ts'
import { withoutSecrets } from '../../src/store/source-url.ts'
import type { Making, State } from './state.ts'

/** The ids of the images that a key has made or is about to make, oldest first. */
export const idsOfKey = (state: State, key: string): readonly string[] =>
  [...state.images].flatMap(([id, { provenance }]) => (provenance?.key === key ? [id] : []))

/** What was asked for, as one text that is the same for requests that mean the same, tags aside. */
const identity = ({ tags: _tags, onLoss: _onLoss, key: _key, ...rest }: ImportSpec | CaptureSpec): string =>
  JSON.stringify(
    Object.entries(rest)
      .flatMap(([field, value]): readonly (readonly [string, unknown])[] => {
        // A signed query is another one at every run, though the file is the same.
        if (field === 'url') return [[field, withoutSecrets(String(value))]]
        return typeof value === 'object'
          ? Object.entries(value).map(([part, word]) => [`${field}.${part}`, word])
          : [[field, value]]
      })
      .filter(([, value]) => value !== undefined && value !== false)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

type Asked = Pick<Making, 'by' | 'spec'>

const isSame = (a: Asked, b: Asked): boolean =>
  a.by === b.by && identity(a.spec) === identity(b.spec) && tagsEqual(a.spec.tags ?? [], b.spec.tags ?? [])

/**
 * Whether what a key has begun is what is asked for now: what was asked for then counts, not what the image has been
 * changed into since. Of an image that was there from the start only the name tells. Otherwise fails with `conflict`.
 */
export const checkKeyed = (
  state: State,
  { id, image }: { readonly id: string; readonly image: Image },
  asked: Asked,
): E.Either<ImageStoreError, void> => {
  const begun = state.makings.get(id)
  return (begun === undefined ? image.name === asked.spec.name : isSame(begun, asked))
    ? E.right(undefined)
    : E.left(
        new ImageStoreError('conflict', `The key "${asked.spec.key}" has begun ${image.ref} with another spec`, {
          hint: 'Use a key of its own for every image, or delete what this one has made first',
        }),
      )
}
