import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { distributionName } from '../../src/model/operating-system.ts'
import { showTagLoss, type Tag, tagEquals } from '../../src/model/tag.ts'
import type { Capabilities } from '../../src/store/capabilities.ts'
import { invalidFields, reasonsAgainstPatch } from '../../src/store/field-reasons.ts'
import { checkPatchShape } from '../../src/store/request-shapes.ts'
import type { ImagePatch } from '../../src/store/requests.ts'
import { lossesOfTags } from './requests.ts'

const checkAgainst = (capabilities: Capabilities, patch: ImagePatch): E.Either<ImageStoreError, ImagePatch> => {
  const losses = lossesOfTags(patch.tags?.put)
  const isContradiction = (patch.tags?.put ?? []).some((tag) =>
    (patch.tags?.drop ?? []).some((other) => tagEquals(tag, other)),
  )
  const fields = {
    ...reasonsAgainstPatch(patch, capabilities, 'The store'),
    ...(patch.name !== undefined && patch.name.trim() === '' ? { name: 'The name is empty' } : {}),
    ...(losses.length > 0 ? { tags: losses.map(showTagLoss).join('; ') } : {}),
    ...(isContradiction ? { tags: 'The same tag is to be put and to be dropped' } : {}),
  }
  return Object.keys(fields).length === 0 ? E.right(patch) : E.left(invalidFields(fields))
}

/** Checks a patch. Fails with `invalid-argument` naming every field that cannot be changed or held. */
export const checkPatch =
  (capabilities: Capabilities) =>
  (patch: ImagePatch): E.Either<ImageStoreError, ImagePatch> =>
    pipe(
      checkPatchShape(patch),
      E.flatMap(() => checkAgainst(capabilities, patch)),
    )

const patchTags = (
  present: readonly Tag[],
  { put = [], drop = [] }: NonNullable<ImagePatch['tags']>,
): readonly Tag[] => {
  const kept = present.filter((tag) => !drop.some((other) => tagEquals(tag, other)))
  return [...kept, ...put.filter((tag) => !kept.some((other) => tagEquals(tag, other))).map((tag) => ({ ...tag }))]
}

/** The image after a change, made at a time in milliseconds since the epoch. */
export const patched = (image: Image, patch: ImagePatch, now: number): Image => ({
  ...image,
  name: patch.name ?? image.name,
  description: patch.description === undefined ? image.description : patch.description || undefined,
  os:
    patch.distribution === undefined && patch.osFamily === undefined
      ? image.os
      : {
          ...image.os,
          ...(patch.osFamily === undefined ? {} : { family: patch.osFamily }),
          ...(patch.distribution === undefined
            ? {}
            : { distribution: distributionName(patch.distribution) ?? patch.distribution }),
        },
  firmware: patch.firmware ?? image.firmware,
  machineType: patch.machineType ?? image.machineType,
  sshKeyPolicy: patch.sshKeyPolicy ?? image.sshKeyPolicy,
  kind: patch.bareMetal === undefined ? image.kind : patch.bareMetal ? 'bare-metal' : 'custom',
  tags: patch.tags === undefined ? image.tags : patchTags(image.tags, patch.tags),
  updatedAt: new Date(now).toISOString(),
})
