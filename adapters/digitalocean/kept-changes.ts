import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { presentText } from '../../src/model/text.ts'
import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { unkeptDistribution } from './distribution.ts'
import { foldTagName } from './tags.ts'
import type { UpdatePlan } from './update-body.ts'
import * as Wire from './wire.ts'

const nameReasons = (sent: string | undefined, { name }: Wire.Image): FieldReasons => {
  const told = presentText(name)
  return sent === undefined || told === undefined || told.trim() === sent.trim()
    ? {}
    : { name: `DigitalOcean took the name "${sent}" and made it "${told}"` }
}

/** A blank is what an empty description is written as, and null is one too. The operation key stands behind it and counts. */
const descriptionReasons = (sent: string | undefined, { description }: Wire.Image): FieldReasons =>
  sent === undefined || description === undefined || (description ?? '').trim() === sent.trim()
    ? {}
    : { description: 'DigitalOcean took the description and did not keep it as it was sent' }

const tagReasons = ({ put, drop }: UpdatePlan, { tags }: Wire.Image): FieldReasons => {
  if (tags === undefined) return {}
  const held = new Set((tags ?? []).map(foldTagName))
  const wrong = [
    ...put.filter((name) => !held.has(foldTagName(name))).map((name) => `did not put the tag ${name} on the image`),
    ...drop.filter((name) => held.has(foldTagName(name))).map((name) => `did not take the tag ${name} off the image`),
  ]
  return wrong.length === 0 ? {} : { tags: `DigitalOcean ${wrong.join(', and ')}` }
}

/** Whether the tags of an image that is read back are as an update wants them. An image that tells none says nothing. */
export const keepsTags = (plan: UpdatePlan, { raw }: Image): boolean =>
  !Wire.Image.is(raw) || Object.keys(tagReasons(plan, raw)).length === 0

/**
 * The image that an update has left, where all of it came about, as far as the image tells. What was accepted and replaced is an
 * error and not a result: the caller asked for a change that did not come about. What was changed beside it is in the error's
 * `completed`. The plan's fields are those that were sent, with the trailers. Fails with `unexpected-response` naming the fields.
 */
export const keptAsSent = (plan: UpdatePlan, image: Image): E.Either<ImageStoreError, Image> => {
  const { body } = plan
  const { raw } = image
  const [loss] = unkeptDistribution(body.distribution, image)
  const fields = {
    ...(loss === undefined ? {} : { distribution: loss.reason }),
    ...(Wire.Image.is(raw)
      ? { ...nameReasons(body.name, raw), ...descriptionReasons(body.description, raw), ...tagReasons(plan, raw) }
      : {}),
  }
  return Object.keys(fields).length === 0
    ? E.right(image)
    : E.left(
        new ImageStoreError('unexpected-response', Object.values(fields).join('; '), {
          fields,
          hint: 'Nothing in the documentation says so: set another value, or do without it',
        }),
      )
}
