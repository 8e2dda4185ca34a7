import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError, StoreTask } from 'imageferry'

/** The value of an either that has to be a right. */
export const rightOf = <Left, Right>(either: E.Either<Left, Right>): Right => {
  if (E.isLeft(either)) throw new Error(`a Left: ${JSON.stringify(either.left)}`)
  return either.right
}

/** The value of an either that has to be a left. */
export const leftOf = <Left, Right>(either: E.Either<Left, Right>): Left => {
  if (E.isRight(either)) throw new Error(`a Right: ${JSON.stringify(either.right)}`)
  return either.left
}

/** Runs a task that has to succeed. */
export const succeed = async <A>(task: StoreTask<A>): Promise<A> => rightOf(await task())

/** Runs a task that has to fail, and returns its error. */
export const fail = async (task: StoreTask<unknown>): Promise<ImageStoreError> => leftOf(await task())
