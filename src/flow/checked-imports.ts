import * as E from 'fp-ts/lib/Either.js'
import { type ImageStoreError, withDetails } from '../model/error.ts'
import { supports } from '../store/capabilities.ts'
import { defaultHints } from '../store/default-hints.ts'
import { invalidFields } from '../store/field-reasons.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { ImportSpec } from '../store/requests.ts'
import type { ImportOutcome } from './import-outcome.ts'
import type { QueuedImport } from './import-queue.ts'
import { checkImport } from './request-checks.ts'

/** An error of an import before anything is sent, with what an error of the call itself would tell. */
export const importRefusal = ({ name }: ImageStore, error: ImageStoreError): ImageStoreError =>
  withDetails(error, { store: name, operation: 'importFromUrl', hint: defaultHints[error.kind] })

/** Why an import can never work, as far as the store's capabilities tell. A store that imports nothing says so itself. */
const reasonAgainst = (store: ImageStore, spec: ImportSpec): E.Either<ImageStoreError, unknown> => {
  if (typeof spec !== 'object' || spec === null) return E.left(invalidFields({ spec: 'It is no import' }))
  return supports(store.capabilities, 'importFromUrl') ? checkImport(store.capabilities, spec) : E.right(undefined)
}

const nameOf = (spec: unknown): string =>
  typeof spec === 'object' && spec !== null && 'name' in spec && typeof spec.name === 'string' ? spec.name : ''

/** What of several imports can be begun, and the outcomes of what never can, each in the order of the specs. */
export const checkedImports = (
  store: ImageStore,
  specs: readonly ImportSpec[],
): { readonly imports: readonly QueuedImport[]; readonly refused: readonly ImportOutcome[] } => {
  const checked = [...specs].map((spec, index) => ({
    one: { index, name: nameOf(spec), attempts: 0 },
    spec,
    reason: reasonAgainst(store, spec),
  }))
  return {
    imports: checked.flatMap(({ one, spec, reason }) => (E.isRight(reason) ? [{ ...one, spec }] : [])),
    refused: checked.flatMap(({ one, reason }) =>
      E.isLeft(reason) ? [{ ...one, succeeded: false, error: importRefusal(store, reason.left) }] : [],
    ),
  }
}
