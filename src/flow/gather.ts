import * as E from 'fp-ts/lib/Either.js'
import { isImageStoreError } from '../model/error.ts'
import type { StoreTask } from '../store/store-task.ts'

/** All that an iterator gives, as an array. Fails with the `ImageStoreError` that the iterator throws; starts when run. */
export const gather =
  <A>(items: () => AsyncIterable<A>): StoreTask<readonly A[]> =>
  async () => {
    const gathered: A[] = []
    try {
      for await (const item of items()) gathered.push(item)
      return E.right(gathered)
    } catch (error) {
      if (isImageStoreError(error)) return E.left(error)
      throw error
    }
  }
