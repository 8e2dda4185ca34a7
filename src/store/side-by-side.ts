import type * as T from 'fp-ts/lib/Task.js'

/** How many requests that do not depend on each other a call sends at a time. */
const atOnce = 4

/**
 * Runs a task for each element, at most four at a time, and gives the results in the order of the elements. For requests that
 * do not depend on each other: one after the other would be slow, and all together would use a rate limit up.
 */
export const sideBySide =
  <A, B>(task: (element: A) => T.Task<B>) =>
  (elements: readonly A[]): T.Task<readonly B[]> =>
  async () => {
    const left = elements.entries()
    const results = new Map<number, B>()
    const worker = async (): Promise<void> => {
      for (const [index, element] of left) results.set(index, await task(element)())
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, elements.length) }, worker))
    return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
  }
