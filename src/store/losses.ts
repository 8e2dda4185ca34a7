import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../model/error.ts'
import { showTag, showTagLoss, type TagLoss } from '../model/tag.ts'
import { type FieldReasons, invalidFields } from './field-reasons.ts'
import type { Loss } from './operation.ts'
import type { LossPolicy } from './requests.ts'

/** The loss of a field that a provider does not keep. */
export const lossOf = (field: string, wanted: unknown, reason: string, instead?: string): Loss => ({
  field,
  wanted: typeof wanted === 'string' ? wanted : JSON.stringify(wanted),
  ...(instead === undefined ? {} : { instead }),
  reason,
})

/** Tags that do not fit, as losses of the field `tags`. */
export const tagLosses = (losses: readonly TagLoss[]): readonly Loss[] =>
  losses.map((loss) => lossOf('tags', showTag(loss.tag), showTagLoss(loss)))

const sentences = (losses: readonly Loss[]): Readonly<Record<string, string>> => {
  const byField = new Map<string, string>()
  for (const { field, reason } of losses) byField.set(field, [byField.get(field) ?? [], reason].flat().join('; '))
  return Object.fromEntries(byField)
}

/**
 * Lets losses pass where the caller accepts them. Otherwise, and where there are reasons against the request beside them, fails
 * with `invalid-argument`, whose `fields` names everything at fault at once, so that nothing is dropped silently and nobody has
 * to try again for the next fault.
 */
export const allowLosses =
  ({ onLoss = 'refuse' }: LossPolicy, reasons: FieldReasons = {}) =>
  (losses: readonly Loss[]): E.Either<ImageStoreError, readonly Loss[]> => {
    const refused = onLoss === 'accept' ? {} : sentences(losses)
    const isOnlyLossy = Object.keys(reasons).length === 0
    if (isOnlyLossy && Object.keys(refused).length === 0) return E.right(losses)
    const fields = { ...refused, ...reasons }
    const all = Object.values(fields).join('; ')
    return E.left(
      isOnlyLossy
        ? new ImageStoreError('invalid-argument', `The store cannot hold all of it: ${all}`, {
            fields,
            hint: "Leave it out, or pass onLoss: 'accept' and read the operation's losses",
          })
        : invalidFields(fields),
    )
  }
