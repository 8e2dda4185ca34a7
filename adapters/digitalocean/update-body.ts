import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import { showTagLoss, type Tag } from '../../src/model/tag.ts'
import { type FieldReasons, invalidFields, reasonsAgainstPatch } from '../../src/store/field-reasons.ts'
import { checkPatchShape } from '../../src/store/request-shapes.ts'
import type { ImagePatch } from '../../src/store/requests.ts'
import { capabilities } from './capabilities.ts'
import { distributionWord } from './distribution.ts'
import { encodeTag } from './tags.ts'

/** The body of an update. Source: openapi image_update.yml; tags are ignored there and go through the tags API. */
export interface UpdateBody {
  readonly name?: string
  readonly distribution?: string
  readonly description?: string
}

/** What an update comes to: fields to set, and the names of tags to put and to drop. */
export interface UpdatePlan {
  /** The description in it is the user's text alone: the trailer that the image has is still to be put behind it. */
  readonly body: UpdateBody
  readonly put: readonly string[]
  readonly drop: readonly string[]
}

/** The names of the tags that DigitalOcean can hold. One that it cannot hold is not there, so there is nothing to drop. */
const heldNames = (tags: readonly Tag[] = []): readonly string[] => [
  ...new Set(tags.map(encodeTag).flatMap((name) => (E.isRight(name) ? [name.right] : []))),
]

const reasonsAgainst = (patch: ImagePatch): FieldReasons => ({
  ...reasonsAgainstPatch(patch, capabilities, 'DigitalOcean'),
  ...(patch.name !== undefined && patch.name.trim() === '' ? { name: 'The name is empty' } : {}),
  ...(patch.distribution !== undefined && distributionWord(patch.distribution) === undefined
    ? { distribution: `DigitalOcean keeps "${patch.distribution}" as Unknown` }
    : {}),
})

const tagReasons = (put: readonly string[], drop: readonly string[], { tags }: ImagePatch): FieldReasons => {
  const losses = (tags?.put ?? []).map(encodeTag).flatMap((name) => (E.isLeft(name) ? [showTagLoss(name.left)] : []))
  return {
    ...(put.some((name) => drop.includes(name)) ? { tags: 'The same tag is to be put and to be dropped' } : {}),
    ...(losses.length === 0 ? {} : { tags: losses.join('; ') }),
  }
}

const planOf = (patch: ImagePatch): E.Either<ImageStoreError, UpdatePlan> => {
  const [put, drop] = [heldNames(patch.tags?.put), heldNames(patch.tags?.drop)]
  const reasons = { ...tagReasons(put, drop, patch), ...reasonsAgainst(patch) }
  if (Object.keys(reasons).length > 0) return E.left(invalidFields(reasons))
  const distribution = patch.distribution === undefined ? undefined : distributionWord(patch.distribution)
  return E.right({
    put,
    drop,
    body: {
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(distribution === undefined ? {} : { distribution }),
      ...(patch.description === undefined ? {} : { description: patch.description }),
    },
  })
}

/** What an update comes to. Fails with `invalid-argument` naming every field that cannot be changed or held. */
export const toUpdate = (patch: ImagePatch): E.Either<ImageStoreError, UpdatePlan> =>
  pipe(checkPatchShape(patch), E.flatMap(planOf))
