import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import { distributionFamily, distributionName } from '../../src/model/operating-system.ts'
import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { reasonsAgainstImport } from '../../src/store/import-reasons.ts'
import { allowLosses, lossOf, tagLosses } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { checkImportShape } from '../../src/store/request-shapes.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import { specDigest } from '../../src/store/spec-digest.ts'
import { capabilities } from './capabilities.ts'
import { reasonsAgainstKey, writeDescription } from './description.ts'
import { distributionWord } from './distribution.ts'
import { isRegionSlug } from './regions.ts'
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

const reasonsAgainst = (spec: ImportSpec): FieldReasons => ({
  ...(spec.name.trim() === '' ? { name: 'The name is empty' } : {}),
  ...(isRegionSlug(spec.region) ? {} : { region: `"${spec.region}" is not a region's slug, such as nyc3` }),
  ...(spec.architecture === undefined || spec.architecture === 'x86_64'
    ? {}
    : { architecture: `DigitalOcean runs x86_64 images only, not ${spec.architecture}` }),
  ...(spec.bareMetal === true ? { bareMetal: 'DigitalOcean has no bare-metal servers to run it on' } : {}),
  ...(familyOf(spec) === 'windows' ? { os: 'DigitalOcean does not take Windows images' } : {}),
  ...reasonsAgainstKey(spec.key),
  ...reasonsAgainstImport(spec, capabilities, 'DigitalOcean'),
})

/** The family as it is said, or as it follows from the distribution. */
const familyOf = ({ os }: ImportSpec): string | undefined =>
  os?.family ?? distributionFamily(distributionName(os?.distribution))

const osLosses = ({ os }: ImportSpec): readonly Loss[] => [
  ...(os?.distribution !== undefined && distributionWord(os.distribution) === undefined
    ? [lossOf('os', os.distribution, `DigitalOcean keeps "${os.distribution}" as Unknown`, 'Unknown')]
    : []),
  // Linux is what an image is taken for, and a distribution that is kept says its family.
  ...(os?.family === undefined ||
  os.family === 'linux' ||
  distributionFamily(distributionName(os.distribution)) === os.family
    ? []
    : [lossOf('os', os.family, `DigitalOcean keeps no family of operating systems, and "${os.family}" would be lost`)]),
  ...(os?.version === undefined
    ? []
    : [lossOf('os', os.version, 'DigitalOcean keeps no version of the operating system')]),
]

const unknownFields = ['gpu', 'firmware', 'machineType', 'sshKeyPolicy', 'copyOnWrite'] as const

const fieldLosses = (spec: ImportSpec): readonly Loss[] =>
  unknownFields.flatMap((field) =>
    spec[field] === undefined || spec[field] === false
      ? []
      : [lossOf(field, spec[field], `DigitalOcean keeps no ${field}`)],
  )

const descriptionOf = (spec: ImportSpec): string =>
  writeDescription({ text: spec.description ?? '', key: spec.key, digest: specDigest(spec) })

/** What an import comes to. */
export interface ImportPlan {
  readonly body: ImportBody
  readonly losses: readonly Loss[]
}

const planOf = (spec: ImportSpec): E.Either<ImageStoreError, ImportPlan> => {
  const reasons = reasonsAgainst(spec)
  const encoded = (spec.tags ?? []).map(encodeTag)
  const tags = [...new Set(encoded.flatMap((name) => (E.isRight(name) ? [name.right] : [])))]
  const distribution = spec.os?.distribution === undefined ? undefined : distributionWord(spec.os.distribution)
  return pipe(
    allowLosses(
      spec,
      reasons,
    )([
      ...tagLosses(encoded.flatMap((name) => (E.isLeft(name) ? [name.left] : []))),
      ...osLosses(spec),
      ...fieldLosses(spec),
    ]),
    E.map((losses) => ({
      losses,
      body: {
        name: spec.name,
        url: spec.url,
        region: spec.region,
        ...(distribution === undefined ? {} : { distribution }),
        ...(spec.description === undefined && spec.key === undefined ? {} : { description: descriptionOf(spec) }),
        ...(tags.length === 0 ? {} : { tags }),
      },
    })),
  )
}

/** The body of an import and what is lost on the way. Fails with `invalid-argument` for what can never be. */
export const toImport = (spec: ImportSpec): E.Either<ImageStoreError, ImportPlan> =>
  pipe(checkImportShape(spec), E.flatMap(planOf))
