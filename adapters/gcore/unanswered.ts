import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import { clockSkewMs } from '../../src/store/accepted.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'

/** The requests of a store whose tasks are not known: sent and not answered, or answered without naming one that was found. */
export interface Unanswered<A> {
  /** All but one. */
  readonly besides: (one: A) => readonly A[]
  /** Counts a request among them for as long as the task runs that finds out what it has begun, or for a while if it does not. */
  readonly while: <B>(one: A, findOut: StoreTask<B>) => StoreTask<B>
}

/** Whether a request was refused, so that it has begun nothing. */
const isRefusal = ({ status }: ImageStoreError): boolean => status !== undefined && status >= 400 && status < 500

/** None of them at first. */
export const unanswered = <A>(runtime: Runtime): Unanswered<A> => {
  /** Each with the moment when it was given up; none for those that are still waited for. */
  const open = new Map<A, number | undefined>()
  const forget = (): void => {
    for (const [one, givenUp] of open)
      if (givenUp !== undefined && givenUp < runtime.now() - clockSkewMs) open.delete(one)
  }
  return {
    besides: (one) => {
      forget()
      return [...open.keys()].filter((other) => other !== one)
    },
    while: (one, findOut) => async () => {
      forget()
      open.set(one, undefined)
      const found = await findOut()
      if (E.isRight(found) || isRefusal(found.left)) open.delete(one)
      else open.set(one, runtime.now())
      return found
    },
  }
}
