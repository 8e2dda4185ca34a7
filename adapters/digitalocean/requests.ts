import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { showTagLoss, type Tag } from '../../src/model/tag.ts'
import { allowLosses, lossOf, tagLosses } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { reasonAgainstKey } from '../../src/store/operation-key.ts'
import type { ImagePatch, ImportSpec } from '../../src/store/requests.ts'
import { checkSourceUrl } from '../../src/store/source-url.ts'
import { capabilities } from './capabilities.ts'
import { distributionWord } from './distribution.ts'
import { regionSlug } from './regions.ts'
import { encodeTag } from './tags.ts'

/** The body of an import. Source: openapi image_new_custom.yml. */
export interface ImportBody {
  readonly name: string
  readonly url: string
  readonly region: string
  readonly distribution?: string
  readonly description?: string
  readonly tags?: readonly string[]
}

const invalid = (fields: Readonly<Record<string, string>>, hint?: string): ImageStoreError =>
  new ImageStoreError('invalid-argument', Object.values(fields).join('; '), { fields, hint })

const reasonsAgainst = (spec: ImportSpec): Readonly<Record<string, string>> => ({
  ...(spec.name.trim() === '' ? { name: 'The name is empty' } : {}),
  ...(regionSlug.test(spec.region) ? {} : { region: `"${spec.region}" is not a region's slug, such as nyc3` }),
  ...(spec.architecture === undefined || spec.architecture === 'x86_64'
    ? {}
    : { architecture: `DigitalOcean runs x86_64 images only, not ${spec.architecture}` }),
  ...(spec.bareMetal === true ? { bareMetal: 'DigitalOcean has no bare-metal servers to run it on' } : {}),
  ...(spec.os?.family === 'windows' ? { os: 'DigitalOcean does not take Windows images' } : {}),
  ...reasonAgainstKey(capabilities, spec.key),
})

const osLosses = ({ os }: ImportSpec): readonly Loss[] => [
  ...(os?.distribution !== undefined && distributionWord(os.distribution) === undefined
    ? [lossOf('os', os.distribution, `DigitalOcean keeps "${os.distribution}" as Unknown`, 'Unknown')]
    : []),
  ...(os?.version === undefined
    ? []
    : [lossOf('os', os.version, 'DigitalOcean keeps no version of the operating system')]),
]

const unknownFields = ['firmware', 'machineType', 'sshKeyPolicy', 'copyOnWrite'] as const

const fieldLosses = (spec: ImportSpec): readonly Loss[] =>
  unknownFields.flatMap((field) =>
    spec[field] === undefined || spec[field] === false
      ? []
      : [lossOf(field, spec[field], `DigitalOcean keeps no ${field}`)],
  )

/** The body of an import and what is lost on the way. Fails with `invalid-argument` for what can never be. */
export const toImport = (
  spec: ImportSpec,
): E.Either<ImageStoreError, { readonly body: ImportBody; readonly losses: readonly Loss[] }> => {
  const reasons = reasonsAgainst(spec)
  if (Object.keys(reasons).length > 0) return E.left(invalid(reasons))
  const encoded = (spec.tags ?? []).map(encodeTag)
  const tags = [...new Set(encoded.flatMap((name) => (E.isRight(name) ? [name.right] : [])))]
  const distribution = spec.os?.distribution === undefined ? undefined : distributionWord(spec.os.distribution)
  return pipe(
    checkSourceUrl(spec.url),
    E.flatMap(() =>
      allowLosses(spec)([
        ...tagLosses(encoded.flatMap((name) => (E.isLeft(name) ? [name.left] : []))),
        ...osLosses(spec),
        ...fieldLosses(spec),
      ]),
    ),
    E.map((losses) => ({
      losses,
      body: {
        name: spec.name,
        url: spec.url,
        region: spec.region,
        ...(distribution === undefined ? {} : { distribution }),
        ...(spec.description === undefined ? {} : { description: spec.description }),
        ...(tags.length === 0 ? {} : { tags }),
      },
    })),
  )
}

/** The body of an update. Source: openapi image_update.yml; tags are ignored there and go through the tags API. */
export interface UpdateBody {
  readonly name?: string
  readonly distribution?: string
  readonly description?: string
}

/** What an update comes to: fields to set, and the names of tags to put and to drop. */
export interface UpdatePlan {
  readonly body: UpdateBody
  readonly put: readonly string[]
  readonly drop: readonly string[]
}

/** The names of the tags that DigitalOcean can hold. One that it cannot hold is not there, so there is nothing to drop. */
const heldNames = (tags: readonly Tag[] = []): readonly string[] => [
  ...new Set(tags.map(encodeTag).flatMap((name) => (E.isRight(name) ? [name.right] : []))),
]

const encodeAll = (tags: readonly Tag[] = []): E.Either<ImageStoreError, readonly string[]> => {
  const losses = tags.map(encodeTag).flatMap((name) => (E.isLeft(name) ? [showTagLoss(name.left)] : []))
  return losses.length > 0 ? E.left(invalid({ tags: losses.join('; ') })) : E.right(heldNames(tags))
}

const reasonsAgainstPatch = (patch: ImagePatch): Readonly<Record<string, string>> => {
  const given = Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field]))
  const changeable: readonly string[] = capabilities.update.fields
  return {
    ...Object.fromEntries(
      given.flatMap((field) =>
        changeable.includes(field) ? [] : [[field, `DigitalOcean cannot change ${field} of an image`]],
      ),
    ),
    ...(patch.name !== undefined && patch.name.trim() === '' ? { name: 'The name is empty' } : {}),
    ...(patch.distribution !== undefined && distributionWord(patch.distribution) === undefined
      ? { distribution: `DigitalOcean keeps "${patch.distribution}" as Unknown` }
      : {}),
    ...(given.length === 0 ? { patch: 'There is nothing to change' } : {}),
  }
}

/** What an update comes to. Fails with `invalid-argument` naming every field that cannot be changed or held. */
export const toUpdate = (patch: ImagePatch): E.Either<ImageStoreError, UpdatePlan> => {
  const reasons = reasonsAgainstPatch(patch)
  if (Object.keys(reasons).length > 0) return E.left(invalid(reasons))
  const distribution = patch.distribution === undefined ? undefined : distributionWord(patch.distribution)
  const drop = heldNames(patch.tags?.drop)
  return pipe(
    encodeAll(patch.tags?.put),
    E.filterOrElse(
      (put) => !put.some((name) => drop.includes(name)),
      () => invalid({ tags: 'The same tag is to be put and to be dropped' }),
    ),
    E.map((put) => ({
      put,
      drop,
      body: {
        ...(patch.name === undefined ? {} : { name: patch.name }),
        ...(distribution === undefined ? {} : { distribution }),
        // A blank is what the provider's own clients send to clear it: an empty text may be taken for "not given".
        ...(patch.description === undefined ? {} : { description: patch.description === '' ? ' ' : patch.description }),
      },
    })),
  )
}
