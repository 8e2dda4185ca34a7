import type { HeldKey } from './key-tag.ts'
import type { KeyedWork } from './keyed-image.ts'

/** The order in which works of a key were begun, the same in every process: by the provider's times, then by their refs. */
export const oldestFirst = (a: KeyedWork, b: KeyedWork): number => {
  const [earlier, later] = [a, b].map(({ operation: { startedAt = '', ref } }) => `${startedAt} ${ref}`)
  return (earlier ?? '') < (later ?? '') ? -1 : 1
}

/** Whether a work was begun with the spec that is asked for now. */
export const isAskedFor = ({ kind, digest }: HeldKey, { held }: KeyedWork): boolean =>
  held.kind === kind && held.digest === digest

/** The order in which works have made their images; those that have made none yet come last, as they were begun. */
const firstMade = (a: KeyedWork, b: KeyedWork): number => {
  const [earlier, later] = [a, b].map(({ madeAt, operation: { image } }) =>
    madeAt === undefined ? undefined : `${madeAt} ${image ?? ''}`,
  )
  if (earlier === undefined && later === undefined) return oldestFirst(a, b)
  if (earlier === undefined || later === undefined) return earlier === undefined ? 1 : -1
  return earlier < later ? -1 : 1
}

/** What a key has begun that has not failed: the one that is kept, and the rest. */
export interface LiveWorks {
  readonly kept: KeyedWork
  readonly others: readonly KeyedWork[]
}

/**
 * The works of a key that have not failed; nothing where there are none. The spec of the first that was begun counts, and of what was
 * begun with it the oldest image is kept: whoever has been told of an image, be it by a list that did not show the others yet, is right.
 */
export const liveWorks = (works: readonly KeyedWork[]): LiveWorks | undefined => {
  const live = works.filter(({ operation }) => operation.state !== 'failed')
  const [first] = [...live].sort(oldestFirst)
  if (first === undefined) return undefined
  const [kept = first] = live.filter((work) => isAskedFor(first.held, work)).sort(firstMade)
  return { kept, others: live.filter((work) => work !== kept) }
}
