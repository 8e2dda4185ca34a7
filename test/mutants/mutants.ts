import type { Mutant } from './mutant.ts'
import { callMutants } from './on-calls.ts'
import { changeMutants } from './on-changes.ts'
import { importMutants } from './on-imports.ts'
import { readingMutants } from './on-reading.ts'

/** Every one of them has to be caught, on each of its stores, by the case that it names. */
export const mutants: readonly Mutant[] = [...callMutants, ...readingMutants, ...importMutants, ...changeMutants]
