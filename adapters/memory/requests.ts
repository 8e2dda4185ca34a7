import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Tag, TagLoss } from '../../src/model/tag.ts'
import { isUnicode } from '../../src/model/tag-escape.ts'
import type { Capabilities } from '../../src/store/capabilities.ts'
import { asksForSomething, captureFields, importFields } from '../../src/store/describing-fields.ts'
import { type FieldReasons, invalidFields } from '../../src/store/field-reasons.ts'
import { reasonsAgainstImport } from '../../src/store/import-reasons.ts'
import { allowLosses, lossOf, tagLosses } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { reasonAgainstKey } from '../../src/store/operation-key.ts'
import { checkCaptureShape, checkImportShape, unknownCaptureFields } from '../../src/store/request-shapes.ts'
import type { CaptureSpec, ImportSpec } from '../../src/store/requests.ts'
import type { MemoryMachine } from './options.ts'

/** A request as it can be had, and what is lost on the way. */
export interface Granted<Spec> {
  readonly spec: Spec
  readonly losses: readonly Loss[]
}

/** The tags that no store could hold. */
export const lossesOfTags = (tags: readonly Tag[] = []): readonly TagLoss[] =>
  tags.flatMap((tag): readonly TagLoss[] => {
    if (tag.key === '') return [{ tag, reason: 'empty-key' }]
    return isUnicode(tag.key) && isUnicode(tag.value ?? '') ? [] : [{ tag, reason: 'not-unicode' }]
  })

// Memory would hold anything: what no other store could hold has to be refused here, where other code learns the port.
const reasonsAgainst = ({ name, key }: ImportSpec | CaptureSpec, capabilities: Capabilities): FieldReasons => ({
  ...(name.trim() === '' ? { name: 'The name is empty' } : {}),
  ...reasonAgainstKey(capabilities, key),
})

const againstRegion = (region: string | undefined, regions: readonly string[]): FieldReasons =>
  region === undefined || regions.includes(region) ? {} : { region: `There is no region "${region}"` }

/** What of a request is kept, and what is lost; fails where losses are not accepted. */
const grant = <Spec extends ImportSpec | CaptureSpec>(
  spec: Spec,
  fields: readonly (keyof Spec & string)[],
  kept: readonly string[],
  reasons: FieldReasons,
): E.Either<ImageStoreError, Granted<Spec>> => {
  const lost = fields.filter((field) => !kept.includes(field) && asksForSomething(spec[field]))
  const badTags = lost.includes('tags') ? [] : lossesOfTags(spec.tags)
  return pipe(
    allowLosses(
      spec,
      reasons,
    )([...lost.map((field) => lossOf(field, spec[field], `The store keeps no ${field}`)), ...tagLosses(badTags)]),
    E.map((losses) => ({
      losses,
      spec: {
        ...spec,
        tags: (spec.tags ?? []).filter((tag) => !badTags.some((loss) => loss.tag === tag)),
        ...Object.fromEntries(lost.map((field) => [field, undefined])),
      },
    })),
  )
}

/** The import as it can be had, and what is lost on the way. Fails with `invalid-argument` for what can never be. */
export const toImport =
  (capabilities: Capabilities, regions: readonly string[]) =>
  (spec: ImportSpec): E.Either<ImageStoreError, Granted<ImportSpec>> =>
    pipe(
      checkImportShape(spec),
      E.flatMap(() =>
        grant(spec, importFields, capabilities.import.fields, {
          ...reasonsAgainst(spec, capabilities),
          ...againstRegion(spec.region, regions),
          ...reasonsAgainstImport(spec, capabilities, 'The store'),
        }),
      ),
    )

/**
 * The capture as it can be had, and the server or the volume it is made of. Fails with `invalid-argument` for what can never
 * be, and with `not-found` where there is no such source.
 */
export const toCapture =
  (capabilities: Capabilities, regions: readonly string[], machines: readonly MemoryMachine[]) =>
  (spec: CaptureSpec): E.Either<ImageStoreError, Granted<CaptureSpec> & { readonly machine: MemoryMachine }> =>
    pipe(
      checkCaptureShape(spec),
      E.flatMap(() =>
        grant(spec, captureFields, capabilities.capture.fields, {
          ...reasonsAgainst(spec, capabilities),
          ...againstRegion(spec.region, regions),
          ...unknownCaptureFields(spec),
          ...(spec.source.trim() === '' ? { source: 'The source is empty' } : {}),
        }),
      ),
      E.flatMap((granted) =>
        pipe(
          machines.find(({ id }) => id === spec.source),
          E.fromNullable(new ImageStoreError('not-found', `There is nothing called "${spec.source}" to capture`)),
          E.filterOrElse(
            ({ region = regions[0] }) => spec.region === undefined || region === spec.region,
            ({ region = regions[0] }) => invalidFields({ region: `"${spec.source}" is in the region "${region}"` }),
          ),
          E.map((machine) => ({ ...granted, machine })),
        ),
      ),
    )
