import type { Loss, Operation } from '../store/operation.ts'

const subjectOf = ({ field, wanted }: Loss): string => JSON.stringify([field, wanted])

/** An import as it ended, with all that its beginning told: a look-up knows nothing of what was asked for. */
export const withBeginning = (begun: Operation, ended: Operation): Operation => {
  const told = new Set(begun.losses.map(subjectOf))
  return {
    ...ended,
    losses: [...begun.losses, ...ended.losses.filter((loss) => !told.has(subjectOf(loss)))],
    duplicates: ended.duplicates ?? begun.duplicates,
  }
}
