import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { ImageRequest } from './accepting.ts'
import type { Account } from './ids.ts'
import type { KeyedRequest } from './keyed-request.ts'

/** What a member that makes an image needs of its account. */
export interface Making {
  readonly account: Account
  readonly checkRoom: (region: string, call: Call) => StoreTask<void>
  readonly accept: (request: ImageRequest) => (call: Call) => StoreTask<Operation>
  readonly begunBefore: (request: KeyedRequest) => (call: Call) => StoreTask<Operation | undefined>
}

/** Begins what has not begun under its key yet; without a key, begins it. */
export const makeOnce = (
  { checkRoom, accept, begunBefore }: Making,
  request: ImageRequest,
  lookUnder: Pick<KeyedRequest, 'isBareMetal'>,
  call: Call,
): StoreTask<Operation> => {
  const { held, place, body, source, losses } = request
  const begin = pipe(
    // Whether GPU images count there is not known: the answer to their import decides.
    place.namespace === undefined ? checkRoom(place.region, call) : TE.right(undefined),
    TE.flatMap(() => accept(request)(call)),
  )
  return held === undefined
    ? begin
    : pipe(
        begunBefore({ ...lookUnder, held, place, name: body.name, source })(call),
        TE.flatMap((before) => (before === undefined ? begin : TE.right({ ...before, losses }))),
      )
}
