import { ImageStoreError } from '../model/error.ts'
import type { Capabilities } from './capabilities.ts'
import type { ImagePatch } from './requests.ts'

/** Why fields of a request cannot be taken, by their names. Empty where all can. */
export type FieldReasons = Readonly<Record<string, string>>

/** An `invalid-argument` error that names every field at fault. */
export const invalidFields = (reasons: FieldReasons): ImageStoreError =>
  new ImageStoreError('invalid-argument', Object.values(reasons).join('; '), { fields: reasons })

/** Whether a field of a patch says anything: tags of which none is put and none dropped do not. */
const isChange = (value: ImagePatch[keyof ImagePatch]): boolean =>
  typeof value === 'object' ? [...(value.put ?? []), ...(value.drop ?? [])].length > 0 : value !== undefined

/** Why a patch cannot be carried out by a store at all: fields that it cannot change, or nothing to change. */
export const reasonsAgainstPatch = (patch: ImagePatch, { update }: Capabilities, provider: string): FieldReasons => {
  const given = Object.entries(patch).flatMap(([field, value]) => (isChange(value) ? [field] : []))
  const changeable: readonly string[] = update.fields
  return given.length === 0
    ? { patch: 'There is nothing to change' }
    : Object.fromEntries(
        given.flatMap((field) =>
          changeable.includes(field) ? [] : [[field, `${provider} cannot change ${field} of an image`]],
        ),
      )
}
