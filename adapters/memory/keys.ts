import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { captureDigest, specDigest } from '../../src/store/spec-digest.ts'
import type { Making, State } from './state.ts'

/** The ids of the images that a key has made or is about to make, oldest first. */
export const idsOfKey = (state: State, key: string): readonly string[] =>
  [...state.images].flatMap(([id, { provenance }]) => (provenance?.key === key ? [id] : []))

type Asked = Pick<Making, 'by' | 'spec'>

const digestOf = ({ spec }: Asked): string => ('url' in spec ? specDigest(spec) : captureDigest(spec))

const isSame = (a: Asked, b: Asked): boolean => a.by === b.by && digestOf(a) === digestOf(b)

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
