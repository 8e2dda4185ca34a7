import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { OperationRef } from '../../src/model/ref.ts'
import { type Account, operationRefOf } from './ids.ts'
import type { HeldKey } from './key-tag.ts'
import type { KeyedRequest } from './keyed-request.ts'
import type { KeyedTask } from './keyed-tasks.ts'

const untold = ({ key }: HeldKey, refs: readonly OperationRef[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `What is under way does not tell its key, so that any of it may have been begun with "${key}": ${refs.join(', ')}`,
    { hint: 'Wait for these operations and repeat the call: when they have ended, their images tell their keys' },
  )

/**
 * The task that is taken for what a key has begun, among those that do not tell their keys: the only one that may be it, and all
 * that it tells is what is asked for. Nothing where none may be it. Otherwise a `conflict` that names them: to take another's task
 * for the key's would be found out only when its image shows no such key, and to begin would make a second image in silence.
 */
export const taskAmongUntold = (
  account: Account,
  request: KeyedRequest,
  tasks: readonly KeyedTask[],
): E.Either<ImageStoreError, OperationRef | undefined> => {
  const possible = tasks.filter((task) => task.mayBe(request))
  const refs = possible.map(({ id, place }) =>
    operationRefOf(account, { ...request.place, region: place?.region ?? request.place.region, kind: 'task', id }),
  )
  const [only] = possible
  if (only === undefined) return E.right(undefined)
  return possible.length === 1 && only.isSame(request) ? E.right(refs[0]) : E.left(untold(request.held, refs))
}
