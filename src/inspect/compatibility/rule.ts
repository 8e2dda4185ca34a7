import type { Capabilities } from '../../store/capabilities.ts'
import type { ImportRule } from '../../store/import-needs.ts'
import type { ImageFacts } from '../facts.ts'
import type { Finding, IntendedImport } from './finding.ts'

/** What one rule finds; nothing where all is well, or where the rule has nothing to go by. Pure and total. */
export type Rule = (facts: ImageFacts, capabilities: Capabilities, intended: IntendedImport) => readonly Finding[]

/** The source of a finding that no provider's source states: it follows from what the file is. */
export const inferred = '(inferred)'

/** Where a provider's rule comes from. */
export const sourceOf = (capabilities: Capabilities, rule: ImportRule): string =>
  capabilities.import.sources?.[rule] ?? inferred

/** What the target is called at the beginning of a sentence. */
export const targetOf = ({ target }: IntendedImport): string => target ?? 'The target'

/** What the target is called within a sentence. */
export const targetWithin = ({ target }: IntendedImport): string => target ?? 'the target'

/** Whether the file is something else than the image of a disk, so that nothing can be said of a disk in it. */
export const isNoImage = ({ text, archive }: ImageFacts): boolean => text !== undefined || archive !== undefined

/** Whether there is something that a system could stand on: an image, or a file system without one. */
export const mayHoldSystem = (facts: ImageFacts): boolean =>
  !isNoImage(facts) && (facts.format !== undefined || facts.disk?.fileSystem !== undefined)

/** How the disk is called in evidence, such as `qcow2` or `raw in gzip`. */
export const kindOf = ({ format, compressions }: ImageFacts): string =>
  [format ?? 'no known format', ...[...compressions].reverse()].join(' in ')
