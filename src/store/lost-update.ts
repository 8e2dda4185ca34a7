import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageStoreError, isAnswerLost } from '../model/error.ts'
import type { Change } from './change.ts'
import { type GraceLooks, lookThroughGrace, saysNothing } from './lost-answer.ts'
import { pause } from './pause.ts'
import type { StoreTask } from './store-task.ts'

/** A change to what is there, which leaves the same however often it is carried out. */
export interface Update extends GraceLooks<true> {
  readonly change: Change
  /** Asks for the change, once. */
  readonly attempt: StoreTask<unknown>
}

/** How often a change is asked for in all, … */
const mostAttempts = 3
/** … and how long after the provider has said that it failed, in milliseconds; after a further failure twice as long. */
const firstDelayMs = 1_000

/** Whether the provider itself says that it has failed: then nothing of it is under way any more, though it may have been done. */
const saysFailed = ({ status }: ImageStoreError): boolean => status === 500 || status === 503

/**
 * Asks for a change that may be repeated. Where no answer came, or one of something in between, it may still be carried out, and
 * would then undo what came after it: it is looked for through the grace and only then sent again. Where the provider says that it
 * has failed, one look is enough.
 */
export const reconciledUpdate = (update: Update, attempt = 1): StoreTask<void> => {
  const { call, runtime, look } = update
  const about = { change: update.change.change }
  const oneLook = pipe(
    look,
    TE.orElse((error) => (saysNothing(error) ? TE.right(undefined) : TE.left(error))),
  )
  const again = (error: ImageStoreError): StoreTask<void> => {
    if (attempt >= mostAttempts) return TE.left(error)
    return pipe(
      saysFailed(error) ? pause(runtime, firstDelayMs * 2 ** (attempt - 1), call) : TE.right(undefined),
      TE.flatMap(() => reconciledUpdate(update, attempt + 1)),
    )
  }
  const afterLoss = (error: ImageStoreError): StoreTask<void> => {
    call.tell({ type: 'answer-lost', ...about })
    return pipe(
      saysFailed(error) ? oneLook : lookThroughGrace(update),
      TE.tapIO((seen) => () => call.tell({ type: 'reconciled', ...about, found: seen !== undefined })),
      TE.flatMap((seen) => {
        if (seen === undefined) return again(error)
        call.settle(update.change)
        return TE.right(undefined)
      }),
    )
  }
  return pipe(
    update.attempt,
    TE.map(() => undefined),
    TE.orElse((error) => (isAnswerLost(error) ? afterLoss(error) : TE.left(error))),
  )
}
