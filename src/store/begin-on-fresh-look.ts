import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { freshLook, isStaleLook } from './fresh-look.ts'
import type { Call } from './member.ts'
import type { Runtime } from './runtime.ts'
import type { StoreTask } from './store-task.ts'

/** How often is looked at the most: where turns come more slowly than looks grow old, the request leaves all the same. */
const mostLooks = 5

/** What is begun where a look has shown that it may be. */
export interface Beginning<A, B> {
  readonly runtime: Runtime
  readonly call: Call
  readonly look: StoreTask<A>
  /** By the call that it is given: its request does not leave when the look has grown old. */
  readonly begin: (seen: A, call: Call) => StoreTask<B>
}

/**
 * Looks, and begins what may be begun. The provider's limit can hold the request back for an hour after the look, in which others may
 * have begun the same under its key: then it does not leave, and is looked once more.
 */
export const beginOnFreshLook = <A, B>(beginning: Beginning<A, B>, looksLeft = mostLooks): StoreTask<B> => {
  const { runtime, call, look, begin } = beginning
  return pipe(
    look,
    // Also where the call is part of another beginning, whose look has grown old meanwhile.
    TE.flatMap((seen) => begin(seen, { ...call, fresh: looksLeft > 1 ? freshLook(runtime) : undefined })),
    TE.orElse((error) => (isStaleLook(error) ? beginOnFreshLook(beginning, looksLeft - 1) : TE.left(error))),
  )
}
