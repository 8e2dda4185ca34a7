import { type ConformanceSubject, conformanceGroups } from 'imageferry/conformance'

/** A case of the suite that did not hold, and what it said. */
export interface CaseFailure {
  readonly group: string
  readonly sentence: string
  readonly message: string
}

/** The first case of the conformance suite that a subject fails; nothing where it passes all that apply to it. */
export const firstFailure = async (start: () => Promise<ConformanceSubject>): Promise<CaseFailure | undefined> => {
  for (const { name: group, needs, cases } of conformanceGroups)
    for (const { sentence, check } of cases) {
      const subject = await start()
      try {
        if (!needs.every((operation) => subject.store.capabilities.operations[operation].supported)) continue
        await check(subject)
      } catch (error) {
        return { group, sentence, message: error instanceof Error ? error.message : String(error) }
      } finally {
        await subject.stop()
      }
    }
  return undefined
}
