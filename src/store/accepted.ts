import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../model/error.ts'
import type { Call } from './member.ts'
import { pause } from './pause.ts'
import type { Runtime } from './runtime.ts'
import type { StoreTask } from './store-task.ts'

/** How what was accepted is looked for. */
export interface AcceptedSearch<A> {
  readonly runtime: Runtime
  readonly call: Call
  /** What was asked for, in words: `The import of "web"`. */
  readonly what: string
  /** One look: everything that the request could have made. */
  readonly look: StoreTask<readonly A[]>
  /** What a candidate is called. */
  readonly show: (candidate: A) => string
  /**
   * Whether a candidate was made after the request was sent, by the provider's clock. One that was not may be an older one of
   * the same name, or the clocks differ: it is never taken for the one.
   */
  readonly isLater: (candidate: A) => boolean
}

/** The provider's clock and ours may differ by this much, in milliseconds. */
export const clockSkewMs = 120_000

/** Lists lag: there are this many looks, … */
const looks = 6
/** … so many milliseconds apart. */
const betweenLooksMs = 5_000

const lost = (what: string): ImageStoreError =>
  new ImageStoreError(
    'unexpected-response',
    `${what} was accepted, but the answer does not say what it makes, and nothing has shown up`,
    { hint: 'Do not repeat it: look for the image by its name first' },
  )

const ambiguous = (what: string, candidates: readonly string[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `${what} was accepted without saying what it makes, and it could be any of ${candidates.join(', ')}`,
    { hint: 'Do not repeat it: find out which of them is the one' },
  )

/**
 * Finds what a request made whose answer says "accepted" and no more: it is looked for, and nothing is sent again. Fails with
 * `conflict` where it could be more than one thing, and with `unexpected-response` where nothing shows up.
 */
export const findAccepted = <A>(search: AcceptedSearch<A>, looksLeft = looks): StoreTask<A> =>
  pipe(
    search.look,
    TE.flatMap((candidates) => {
      const [first, ...others] = candidates
      if (first !== undefined && others.length === 0 && search.isLater(first)) return TE.right(first)
      if (candidates.filter(search.isLater).length > 1 || (first !== undefined && looksLeft <= 1))
        return TE.left(ambiguous(search.what, candidates.map(search.show)))
      if (looksLeft <= 1) return TE.left(lost(search.what))
      return pipe(
        pause(search.runtime, betweenLooksMs, search.call),
        TE.flatMap(() => findAccepted(search, looksLeft - 1)),
      )
    }),
  )
