import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Image } from '../../src/model/image.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import { remember } from '../../src/store/remember.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type Account, type ImageId, imageId } from './ids.ts'
import { heldKeyOf } from './key-tag.ts'
import { failed } from './task.ts'
import * as Wire from './wire.ts'

/** A task that was taken, by its name and source, for what a request without a key has begun. */
export interface GuessedTask {
  /** The name that its image has, if it is the one. */
  readonly name: string
  /** Present once its image was looked at: whether it is another's. */
  readonly isAnothers?: boolean | undefined
}

/** The operations of a store that were guessed. */
export interface GuessedTasks {
  readonly get: (ref: OperationRef) => GuessedTask | undefined
  readonly note: (ref: OperationRef, guessed: GuessedTask) => void
}

/** How many are remembered: as many as one list of tasks holds. */
const most = 1000

/** None at first. */
export const guessedTasks = (): GuessedTasks => {
  const tasks = new Map<OperationRef, GuessedTask>()
  return {
    get: (ref) => tasks.get(ref),
    note: (ref, guessed) => {
      tasks.delete(ref)
      remember(tasks, ref, guessed, most)
    },
  }
}

/** What looks at the images of guessed tasks. */
export interface GuessSources {
  readonly account: Account
  readonly guessed: GuessedTasks
  readonly read: (id: ImageId, call: Call) => StoreTask<Image>
}

/** Another name, or a key: the request had none. */
const isOfAnother = ({ name }: GuessedTask, image: Image): boolean =>
  image.name !== name || (Wire.Image.is(image.raw) && heldKeyOf(image.raw) !== undefined)

/** The image is left out: it is not the caller's, who may delete what a failed import has left. */
const anothers = (operation: Operation, { name }: GuessedTask): Operation => ({
  ...failed(operation, `The task that was taken for that of "${name}", whose answer was lost, was another's`),
  image: undefined,
  hint: 'Look for the image by its name, and repeat the call with a key where it is not there',
})

/**
 * Look-ups of operations that look at the image of a guessed one when it is there, once: one that bears another name, or a key, is
 * somebody else's, and the operation fails rather than hand it out.
 */
export const checkingGuesses =
  (
    { account, guessed, read }: GuessSources,
    lookUp: (refs: readonly OperationRef[]) => (call: Call) => StoreTask<readonly OperationLookup[]>,
  ) =>
  (refs: readonly OperationRef[]) =>
  (call: Call): StoreTask<readonly OperationLookup[]> => {
    const judge = (image: ImageRef, ref: OperationRef, guess: GuessedTask): StoreTask<boolean> =>
      guess.isAnothers !== undefined
        ? TE.right(guess.isAnothers)
        : pipe(
            TE.fromEither(imageId(account)(image)),
            TE.flatMap((id) => read(id, call)),
            TE.map((found) => {
              const isAnothers = isOfAnother(guess, found)
              guessed.note(ref, { ...guess, isAnothers })
              return isAnothers
            }),
          )
    const checked = (lookup: OperationLookup): T.Task<OperationLookup> => {
      const { ref } = lookup
      const guess = guessed.get(ref)
      if (!lookup.found || guess === undefined) return T.of(lookup)
      const { operation } = lookup
      if (operation.image === undefined || operation.state !== 'succeeded') return T.of(lookup)
      return pipe(
        judge(operation.image, ref, guess),
        TE.match(
          (error): OperationLookup => ({ ref, found: false, error }),
          (isAnothers) => (isAnothers ? { ref, found: true, operation: anothers(operation, guess) } : lookup),
        ),
      )
    }
    return pipe(lookUp(refs)(call), TE.flatMapTask(sideBySide(checked)))
  }
