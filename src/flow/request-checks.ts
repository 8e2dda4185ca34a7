import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../model/error.ts'
import { showTagLoss, type Tag, type TagLoss, type TagLossReason, tagEquals } from '../model/tag.ts'
import { isUnicode } from '../model/tag-escape.ts'
import type { Capabilities, NameCapabilities, TagCapabilities } from '../store/capabilities.ts'
import { asksForSomething, captureFields, importFields } from '../store/describing-fields.ts'
import { type FieldReasons, invalidFields, reasonsAgainstPatch } from '../store/field-reasons.ts'
import { reasonsAgainstImport } from '../store/import-reasons.ts'
import { allowLosses, lossOf, tagLosses } from '../store/losses.ts'
import type { Loss } from '../store/operation.ts'
import { reasonAgainstKey } from '../store/operation-key.ts'
import { checkCaptureShape, checkImportShape, checkPatchShape, unknownCaptureFields } from '../store/request-shapes.ts'
import type { CaptureField, CaptureSpec, ImagePatch, ImportField, ImportSpec } from '../store/requests.ts'

/** What of a request would be lost, or why it would be refused, as far as a store's capabilities tell. */
type Checked = E.Either<ImageStoreError, readonly Loss[]>

/** The length that a tag has at the least, in characters: an adapter's escapes can only add to it. */
const isTooLong = (
  { key, value }: Tag,
  { style, maximumLength = Number.POSITIVE_INFINITY }: TagCapabilities,
): boolean => {
  const [keyLength, valueLength] = [[...key].length, [...(value ?? '')].length]
  return style === 'pairs'
    ? Math.max(keyLength, valueLength) > maximumLength
    : keyLength + (value === undefined ? 0 : 1 + valueLength) > maximumLength
}

const lossReason = (tag: Tag, kept: readonly Tag[], capabilities: TagCapabilities): TagLossReason | undefined => {
  if (tag.key === '') return 'empty-key'
  if (!isUnicode(tag.key) || !isUnicode(tag.value ?? '')) return 'not-unicode'
  if (isTooLong(tag, capabilities)) return 'too-long'
  return !capabilities.repeatedKeys && kept.some((other) => other.key === tag.key && !tagEquals(other, tag))
    ? 'second-value'
    : undefined
}

const lossesOfTags = (tags: readonly Tag[] = [], capabilities: TagCapabilities): readonly TagLoss[] => {
  const kept: Tag[] = []
  return tags.flatMap((tag) => {
    const reason = lossReason(tag, kept, capabilities)
    if (reason !== undefined) return [{ tag, reason }]
    kept.push(tag)
    return []
  })
}

const fitsNames = (name: string, { pattern }: NameCapabilities): boolean =>
  pattern === undefined || new RegExp(pattern).test(name)

const nameRule = (name: string, { rule, pattern }: NameCapabilities): string =>
  `"${name}" is not a name the store takes: ${rule ?? `it has to match ${pattern}`}`

const emptyName = (name: string | undefined): FieldReasons => (name?.trim() === '' ? { name: 'The name is empty' } : {})

const emptyRegion = (region: string | undefined): FieldReasons =>
  region?.trim() === '' ? { region: 'The region is empty' } : {}

const refuseIfAny = (reasons: FieldReasons): E.Either<ImageStoreError, void> =>
  Object.keys(reasons).length > 0 ? E.left(invalidFields(reasons)) : E.right(undefined)

const nameLosses = (name: string, { names }: Capabilities): readonly Loss[] =>
  fitsNames(name, names) ? [] : [lossOf('name', name, nameRule(name, names))]

const notKept = (field: ImportField | CaptureField, wanted: unknown): Loss =>
  lossOf(field, wanted, `The store keeps no ${field}`)

/** Checks an import against what a store says it can do. Fails with `invalid-argument`, or gives what would be lost. */
export const checkImport = (capabilities: Capabilities, spec: ImportSpec): Checked =>
  pipe(
    checkImportShape(spec),
    E.flatMap(() => {
      const kept = capabilities.import.fields
      const undeclared = importFields.filter((field) => asksForSomething(spec[field]) && !kept.includes(field))
      const reasons = {
        ...emptyName(spec.name),
        ...emptyRegion(spec.region),
        ...reasonAgainstKey(capabilities, spec.key),
        ...reasonsAgainstImport(spec, capabilities, 'The store'),
      }
      return allowLosses(
        spec,
        reasons,
      )([
        ...nameLosses(spec.name, capabilities),
        ...undeclared.map((field) => notKept(field, spec[field])),
        ...(kept.includes('tags') ? tagLosses(lossesOfTags(spec.tags, capabilities.tags)) : []),
      ])
    }),
  )

/** Checks the making of an image from a server or a volume, like {@link checkImport}. */
export const checkCapture = (capabilities: Capabilities, spec: CaptureSpec): Checked =>
  pipe(
    checkCaptureShape(spec),
    E.flatMap(() => {
      const kept = capabilities.capture.fields
      const undeclared = captureFields.filter((field) => asksForSomething(spec[field]) && !kept.includes(field))
      const reasons = {
        ...emptyName(spec.name),
        ...emptyRegion(spec.region),
        ...unknownCaptureFields(spec),
        ...(spec.source.trim() === '' ? { source: 'The source is empty' } : {}),
        ...reasonAgainstKey(capabilities, spec.key),
      }
      return allowLosses(
        spec,
        reasons,
      )([
        ...nameLosses(spec.name, capabilities),
        ...undeclared.map((field) => notKept(field, spec[field])),
        ...(kept.includes('tags') ? tagLosses(lossesOfTags(spec.tags, capabilities.tags)) : []),
      ])
    }),
  )

/** Checks a patch against what a store says it can change. Fails with `invalid-argument` naming every field at fault. */
export const checkPatch = (capabilities: Capabilities, patch: ImagePatch): E.Either<ImageStoreError, void> =>
  pipe(
    checkPatchShape(patch),
    E.flatMap(() => {
      const { put = [], drop = [] } = patch.tags ?? {}
      const losses = lossesOfTags(put, capabilities.tags)
      const isContradiction = put.some((tag) => drop.some((other) => tagEquals(tag, other)))
      return refuseIfAny({
        ...reasonsAgainstPatch(patch, capabilities, 'The store'),
        ...(patch.name === undefined || fitsNames(patch.name, capabilities.names)
          ? {}
          : { name: nameRule(patch.name, capabilities.names) }),
        ...emptyName(patch.name),
        ...(isContradiction ? { tags: 'The same tag is to be put and to be dropped' } : {}),
        ...(losses.length > 0 ? { tags: losses.map(showTagLoss).join('; ') } : {}),
      })
    }),
  )
