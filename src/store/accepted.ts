import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../model/error.ts'
import { lookThroughGrace } from './lost-answer.ts'
import type { Call } from './member.ts'
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

/** The only candidate where there is no doubt of it, nothing where there is none yet. `conflict` where several were made since. */
const onlyLater = <A>(
  { what, show, isLater }: AcceptedSearch<A>,
  candidates: readonly A[],
): StoreTask<A | undefined> => {
  const [first, ...others] = candidates
  if (candidates.filter(isLater).length > 1) return TE.left(ambiguous(what, candidates.map(show)))
  return TE.right(first !== undefined && others.length === 0 && isLater(first) ? first : undefined)
}

/**
 * One look for what a request has made whose answer was lost, as `reconciled` wants it: nothing where nothing shows up that was made
 * since and could be it, `conflict` where more than one thing could.
 */
export const lookForAccepted = <A>(search: AcceptedSearch<A>): StoreTask<A | undefined> =>
  pipe(
    search.look,
    TE.flatMap((candidates) => onlyLater(search, candidates)),
  )

/**
 * Finds what a request made whose answer says "accepted" and no more: it is looked for through the grace, and nothing is sent again.
 * Fails with `conflict` where it could be more than one thing, and with `unexpected-response` where nothing shows up.
 */
export const findAccepted = <A>(search: AcceptedSearch<A>): StoreTask<A> =>
  pipe(
    lookThroughGrace({ ...search, look: lookForAccepted(search) }),
    TE.flatMap((found) =>
      found !== undefined
        ? TE.right(found)
        : pipe(
            search.look,
            TE.bindTo('candidates'),
            TE.bind('last', ({ candidates }) => onlyLater(search, candidates)),
            TE.flatMap(({ candidates, last }) =>
              last !== undefined
                ? TE.right(last)
                : TE.left(
                    candidates.length === 0 ? lost(search.what) : ambiguous(search.what, candidates.map(search.show)),
                  ),
            ),
          ),
    ),
  )
