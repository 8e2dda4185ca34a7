import { ImageStoreError } from '../model/error.ts'
import type { Capabilities } from './capabilities.ts'
import type { CaptureSpec, ImagePatch, ImportSpec } from './requests.ts'

/** Why fields of a request cannot be taken, by their names. Empty where all can. */
export type FieldReasons = Readonly<Record<string, string>>

/** An `invalid-argument` error that names every field at fault. */
export const invalidFields = (reasons: FieldReasons): ImageStoreError =>
  new ImageStoreError('invalid-argument', Object.values(reasons).join('; '), { fields: reasons })

/** Why a patch cannot be carried out by a store at all: fields that it cannot change, or nothing to change. */
export const reasonsAgainstPatch = (patch: ImagePatch, { update }: Capabilities, provider: string): FieldReasons => {
  const given = Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field]))
  const changeable: readonly string[] = update.fields
  return given.length === 0
    ? { patch: 'There is nothing to change' }
    : Object.fromEntries(
        given.flatMap((field) =>
          changeable.includes(field) ? [] : [[field, `${provider} cannot change ${field} of an image`]],
        ),
      )
}

/** All fields of an import; one that is missing here does not compile. */
const importFields = {
  name: true,
  url: true,
  region: true,
  description: true,
  tags: true,
  os: true,
  architecture: true,
  firmware: true,
  machineType: true,
  sshKeyPolicy: true,
  bareMetal: true,
  gpu: true,
  format: true,
  compression: true,
  copyOnWrite: true,
  onLoss: true,
  key: true,
} satisfies Readonly<Record<keyof ImportSpec, true>>

/** All fields of a capture; one that is missing here does not compile. */
const captureFields = {
  name: true,
  source: true,
  region: true,
  tags: true,
  osFamily: true,
  architecture: true,
  firmware: true,
  machineType: true,
  sshKeyPolicy: true,
  bareMetal: true,
  onLoss: true,
  key: true,
} satisfies Readonly<Record<keyof CaptureSpec, true>>

const unknownFields = (spec: object, known: Readonly<Record<string, true>>): FieldReasons =>
  Object.fromEntries(
    Object.entries(spec).flatMap(([field, value]) =>
      value === undefined || Object.hasOwn(known, field)
        ? []
        : [[field, `There is no field "${field}" here: the fields are ${Object.keys(known).join(', ')}`]],
    ),
  )

/** Why fields of an import cannot be meant: the port knows none of their names (a slip, from plain JavaScript). */
export const reasonsAgainstUnknownImportFields = (spec: ImportSpec): FieldReasons => unknownFields(spec, importFields)

/** The same of a capture. */
export const reasonsAgainstUnknownCaptureFields = (spec: CaptureSpec): FieldReasons =>
  unknownFields(spec, captureFields)
