import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import type { OperationLookup } from '../../src/store/operation.ts'
import { operationId, type RefReader } from './ids.ts'

/** What is said of each of many operations that could not be looked up: why, or that a ref is none. */
export const notLookedUp = (
  reader: RefReader,
  refs: readonly OperationRef[],
  error: ImageStoreError,
): readonly OperationLookup[] =>
  refs.map((ref) => {
    const id = operationId(reader)(ref)
    return { ref, found: false, error: E.isLeft(id) ? id.left : error }
  })
