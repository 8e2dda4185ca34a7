import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { showTagLoss, type Tag, type TagLoss, tagEquals } from '../../src/model/tag.ts'
import { isUnicode } from '../../src/model/tag-escape.ts'
import type { Capabilities } from '../../src/store/capabilities.ts'
import { invalidFields, reasonsAgainstPatch } from '../../src/store/field-reasons.ts'
import { allowLosses, lossOf, tagLosses } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { reasonAgainstKey } from '../../src/store/operation-key.ts'
import type { ImagePatch, ImportField, ImportSpec } from '../../src/store/requests.ts'
import { checkSourceUrl } from '../../src/store/source-url.ts'

const lossesOfTags = (tags: readonly Tag[] = []): readonly TagLoss[] =>
  tags.flatMap((tag): readonly TagLoss[] => {
    if (tag.key === '') return [{ tag, reason: 'empty-key' }]
    return isUnicode(tag.key) && isUnicode(tag.value ?? '') ? [] : [{ tag, reason: 'not-unicode' }]
  })

const describing: readonly ImportField[] = [
  'description',
  'os',
  'architecture',
  'firmware',
  'machineType',
  'sshKeyPolicy',
  'bareMetal',
  'copyOnWrite',
]

/** The import as it can be had, and what is lost on the way. Fails with `invalid-argument` for what can never be. */
export const toImport =
  (capabilities: Capabilities, regions: readonly string[]) =>
  (spec: ImportSpec): E.Either<ImageStoreError, { readonly spec: ImportSpec; readonly losses: readonly Loss[] }> => {
    // Memory would hold anything: what no other store could hold has to be refused here, where other code learns the port.
    if ((spec.tags ?? []).some((tag) => typeof tag?.key !== 'string'))
      return E.left(invalidFields({ tags: 'A tag is an object with a key and perhaps a value' }))
    if (spec.name.trim() === '') return E.left(invalidFields({ name: 'The name is empty' }))
    if (!regions.includes(spec.region)) return E.left(invalidFields({ region: `There is no region "${spec.region}"` }))
    const reasonsAgainst = reasonAgainstKey(capabilities, spec.key)
    if (Object.keys(reasonsAgainst).length > 0) return E.left(invalidFields(reasonsAgainst))
    const kept = capabilities.import.fields
    const lost = describing.filter(
      (field) => !kept.includes(field) && spec[field] !== undefined && spec[field] !== false,
    )
    const badTags = lossesOfTags(spec.tags)
    return pipe(
      checkSourceUrl(spec.url),
      E.flatMap(() =>
        allowLosses(spec)([
          ...lost.map((field) => lossOf(field, spec[field], `The store keeps no ${field}`)),
          ...tagLosses(badTags),
        ]),
      ),
      E.map((losses) => ({
        losses,
        spec: {
          ...spec,
          ...Object.fromEntries(lost.map((field) => [field, undefined])),
          tags: (spec.tags ?? []).filter((tag) => !badTags.some((loss) => loss.tag === tag)),
        },
      })),
    )
  }

/** Checks a patch. Fails with `invalid-argument` naming every field that cannot be changed or held. */
export const checkPatch =
  (capabilities: Capabilities) =>
  (patch: ImagePatch): E.Either<ImageStoreError, ImagePatch> => {
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

const patchTags = (
  present: readonly Tag[],
  { put = [], drop = [] }: NonNullable<ImagePatch['tags']>,
): readonly Tag[] => {
  const kept = present.filter((tag) => !drop.some((other) => tagEquals(tag, other)))
  return [...kept, ...put.filter((tag) => !kept.some((other) => tagEquals(tag, other)))]
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
          ...(patch.distribution === undefined ? {} : { distribution: patch.distribution }),
        },
  firmware: patch.firmware ?? image.firmware,
  machineType: patch.machineType ?? image.machineType,
  sshKeyPolicy: patch.sshKeyPolicy ?? image.sshKeyPolicy,
  kind: patch.bareMetal === undefined ? image.kind : patch.bareMetal ? 'bare-metal' : 'custom',
  tags: patch.tags === undefined ? image.tags : patchTags(image.tags, patch.tags),
  updatedAt: new Date(now).toISOString(),
})
