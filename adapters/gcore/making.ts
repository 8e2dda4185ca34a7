import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { OperationRef } from '../../src/model/ref.ts'
import { beginOnFreshLook } from '../../src/store/begin-on-fresh-look.ts'
import type { KeysInDoubt } from '../../src/store/keys-in-doubt.ts'
import { graceMs } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import { isOperationSettled, type Operation, type OperationLookup } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { Accepted, KnownBefore } from './accepting.ts'
import type { FollowedOperations } from './followed.ts'
import type { Account } from './ids.ts'
import type { ImageRequest } from './image-request.ts'
import type { KeyedRequest } from './keyed-request.ts'
import type { BegunBefore } from './keys.ts'

/** What a member that makes an image needs of its account. */
export interface Making {
  readonly account: Account
  readonly checkRoom: (region: string, call: Call) => StoreTask<void>
  readonly accept: (request: ImageRequest, before?: KnownBefore) => (call: Call) => StoreTask<Accepted>
  readonly begunBefore: (request: KeyedRequest) => (call: Call) => StoreTask<BegunBefore>
  readonly begunFirst: (request: KeyedRequest, own: Operation) => (call: Call) => StoreTask<Operation | undefined>
  readonly shownSince: (request: KeyedRequest, seen: ReadonlySet<string>) => KnownBefore['byImage']
  readonly getOperations: (refs: readonly OperationRef[]) => (call: Call) => StoreTask<readonly OperationLookup[]>
  readonly followed: FollowedOperations
  readonly inDoubt: KeysInDoubt
  readonly runtime: Runtime
}

/** Begins what has not begun under its key yet; without a key, begins it. */
export const makeOnce = (
  { runtime, checkRoom, accept, begunBefore, begunFirst, shownSince, getOperations, followed, inDoubt }: Making,
  request: ImageRequest,
  lookUnder: Pick<KeyedRequest, 'isBareMetal'>,
  call: Call,
): StoreTask<Operation> => {
  const { held, place, body, source, losses } = request
  const begin = (call: Call, before?: KnownBefore): StoreTask<Accepted> =>
    pipe(
      // Whether GPU images count there is not known: the answer to their import decides.
      place.namespace === undefined ? checkRoom(place.region, call) : TE.right(undefined),
      TE.flatMap(() => accept(request, before)(call)),
    )
  if (held === undefined)
    return pipe(
      begin(call),
      TE.map(({ operation }) => operation),
    )
  const keyed: KeyedRequest = { ...lookUnder, held, place, name: body.name, source }

  const follow = ({ ref }: Operation, spanMs: number, restlessUntil: number): void =>
    followed.note(ref, { request: keyed, spanMs, restlessUntil, removals: new Map() })

  /** Follows what was begun before for as long as it runs, and where there is more of it than should be. */
  const followBefore = (before: Operation, hasSurplus: boolean): void => {
    const known = followed.get(before.ref)
    if (known === undefined && (hasSurplus || !isOperationSettled(before))) follow(before, 0, 0)
    else if (known !== undefined && hasSurplus) followed.note(before.ref, { ...known, end: undefined })
  }

  /** One more look: two processes may have looked before at the same moment. What a failing look would have shown, a wait finds. */
  const keptOf = ({ operation, since, until, isRestless }: Accepted): StoreTask<Operation> => {
    const spanMs = until - since
    // What was sent before may be carried out late, and be listed late.
    const restlessUntil = isRestless ? until + 2 * graceMs : 0
    follow(operation, spanMs, restlessUntil)
    return pipe(
      begunFirst(keyed, operation)(call),
      TE.orElse((error) => (error.kind === 'conflict' ? TE.left(error) : TE.right(undefined))),
      TE.map((older) => {
        if (older === undefined) return operation
        follow(older, spanMs, restlessUntil)
        call.noteCompleted(older.ref)
        return { ...older, losses }
      }),
    )
  }

  /** Removes at once what is too much and ready, since nobody may wait; it is at rest when that is gone, which a wait sees to. */
  const withoutSurplus = (before: Operation): StoreTask<Operation> =>
    pipe(
      getOperations([before.ref])(call),
      TE.map(([lookup]) => (lookup?.found === true ? lookup.operation : { ...before, state: 'settling' })),
    )

  let newest: BegunBefore = { hasSurplus: false, seen: new Set() }
  const look = pipe(
    begunBefore(keyed)(call),
    TE.map((begun) => {
      newest = begun
      return begun.operation
    }),
  )
  return beginOnFreshLook({
    runtime,
    call,
    look: pipe(
      inDoubt.lookBefore(held.key, { call, look }),
      TE.map(() => newest),
    ),
    begin: ({ operation: before, hasSurplus, seen }, fresh) => {
      if (before === undefined)
        return pipe(begin(fresh, { seen, byImage: shownSince(keyed, seen) }), TE.flatMap(keptOf))
      followBefore(before, hasSurplus)
      return pipe(
        hasSurplus && before.state === 'succeeded' ? withoutSurplus(before) : TE.right(before),
        TE.map((operation) => ({ ...operation, losses })),
      )
    },
  })
}
