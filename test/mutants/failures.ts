import { type ConformanceCase, type ConformanceSubject, conformanceGroups } from 'imageferry/conformance'

/** A case of the suite that did not hold, and what it said. */
export interface CaseFailure {
  readonly sentence: string
  readonly message: string
}

/** The cases whose sentences tell the same, or hold the same words: those of a group that there is for several members, say. */
export const casesWith = (words: string): readonly ConformanceCase[] =>
  conformanceGroups.flatMap(({ cases }) => cases.filter(({ sentence }) => sentence.includes(words)))

/** The first of some cases that a subject fails; nothing where it passes all that apply to it. */
export const firstFailure = async (
  start: () => Promise<ConformanceSubject>,
  among: readonly ConformanceCase[] = casesWith(''),
): Promise<CaseFailure | undefined> => {
  for (const { needs, cases } of conformanceGroups)
    for (const one of cases.filter((candidate) => among.includes(candidate))) {
      const subject = await start()
      try {
        if (!needs.every((operation) => subject.store.capabilities.operations[operation].supported)) continue
        await one.check(subject)
      } catch (error) {
        return { sentence: one.sentence, message: error instanceof Error ? error.message : String(error) }
      } finally {
        await subject.stop()
      }
    }
  return undefined
}
