import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import { showTagLoss, type Tag } from '../../src/model/tag.ts'
import { type FieldReasons, invalidFields, reasonsAgainstPatch } from '../../src/store/field-reasons.ts'
import { checkPatchShape } from '../../src/store/request-shapes.ts'
import type { ImagePatch } from '../../src/store/requests.ts'
import { capabilities } from './capabilities.ts'
import { firmwareReasons, machineTypeWord, nameReasons, wordReasons } from './field-rules.ts'
import { reasonsAgainstKeyTag } from './key-tag.ts'
import type { Place } from './namespaces.ts'
import { optional } from './optional-field.ts'
import { encodeTag, encodeTags, type TagPair } from './tags.ts'

/** The body of an update, all but its tags. Source: UpdateImageSerializer. */
export interface UpdateBody {
  readonly name?: string
  readonly os_type?: string
  readonly ssh_key?: string
  readonly hw_firmware_type?: string
  readonly hw_machine_type?: string
  readonly is_baremetal?: boolean
}

/** What an update comes to: fields to set, and tags to put and to drop as Gcore holds them. */
export interface UpdatePlan {
  readonly body: UpdateBody
  readonly put: Readonly<Record<string, string>>
  readonly drop: readonly TagPair[]
}

/** What can be changed of a GPU image, of all that a patch can hold. Source: UpdateGpuImageSerializer. */
const gpuFields: ReadonlySet<string> = new Set(['name', 'tags'] satisfies (keyof ImagePatch)[])

const gpuReasons = (patch: ImagePatch): FieldReasons =>
  Object.fromEntries(
    Object.entries(patch)
      .filter(([field, value]) => value !== undefined && !gpuFields.has(field))
      .map(([field]) => [field, `Gcore cannot change ${field} of a GPU image, only its name and its tags`]),
  )

const reasonsAgainst = (patch: ImagePatch, { namespace }: Place): FieldReasons => ({
  ...nameReasons(patch.name),
  ...wordReasons({ ...patch, machineType: machineTypeWord(patch.machineType) }),
  ...firmwareReasons(patch),
  ...(namespace === undefined ? {} : gpuReasons(patch)),
  ...reasonsAgainstPatch(patch, capabilities, 'Gcore'),
})

const tagReasons = (put: readonly Tag[], drop: readonly TagPair[]): FieldReasons => {
  const { map, losses } = encodeTags(put)
  const isContradiction = drop.some(({ key, value }) => Object.hasOwn(map, key) && map[key] === value)
  return {
    ...(isContradiction ? { tags: 'The same tag is to be put and to be dropped' } : {}),
    ...(losses.length === 0 ? {} : { tags: losses.map(showTagLoss).join('; ') }),
    ...reasonsAgainstKeyTag(put),
  }
}

const planOf = (patch: ImagePatch, place: Place): E.Either<ImageStoreError, UpdatePlan> => {
  const put = patch.tags?.put ?? []
  // A tag that Gcore cannot hold is not there, so there is nothing to drop.
  const drop = (patch.tags?.drop ?? []).flatMap((tag) => {
    const pair = encodeTag(tag)
    return E.isRight(pair) ? [pair.right] : []
  })
  const reasons = { ...tagReasons(put, drop), ...reasonsAgainst(patch, place) }
  if (Object.keys(reasons).length > 0) return E.left(invalidFields(reasons))
  return E.right({
    put: encodeTags(put).map,
    drop,
    body: {
      ...optional('name', patch.name),
      ...optional('os_type', patch.osFamily),
      ...optional('ssh_key', patch.sshKeyPolicy),
      ...optional('hw_firmware_type', patch.firmware),
      ...optional('hw_machine_type', machineTypeWord(patch.machineType)),
      ...optional('is_baremetal', patch.bareMetal),
    },
  })
}

/** What an update of an image in a place comes to. Fails with `invalid-argument` naming every field that cannot be changed or held. */
export const toUpdate = (patch: ImagePatch, place: Place): E.Either<ImageStoreError, UpdatePlan> =>
  pipe(
    checkPatchShape(patch),
    E.flatMap(() => planOf(patch, place)),
  )
