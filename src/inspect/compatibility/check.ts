import type { Capabilities } from '../../store/capabilities.ts'
import type { ImageFacts } from '../facts.ts'
import { architectureRules } from './architecture-rules.ts'
import { containerRules } from './container-rules.ts'
import { diskRules, wasSeen } from './disk-rules.ts'
import { fileRules } from './file-rules.ts'
import type { Compatibility, Finding, IntendedImport, Severity, Verdict } from './finding.ts'
import { firmwareRules } from './firmware-rules.ts'
import { guestRules } from './guest-rules.ts'
import { nameRules } from './name-rules.ts'
import { operatingSystemRules } from './operating-system-rules.ts'
import { requestRules } from './request-rules.ts'
import type { Rule } from './rule.ts'
import { sizeRules } from './size-rules.ts'
import { sourceRules } from './source-rules.ts'

const rules: readonly Rule[] = [
  ...sourceRules,
  ...nameRules,
  ...fileRules,
  ...sizeRules,
  ...containerRules,
  ...diskRules,
  ...guestRules,
  ...firmwareRules,
  ...architectureRules,
  ...operatingSystemRules,
  ...requestRules,
]

/** The worst first. */
const severities: readonly Severity[] = ['blocks', 'likely-fails', 'loses', 'unknown']

const worstFirst = (findings: readonly Finding[]): readonly Finding[] =>
  severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity))

/** Not one source says that such a file is taken; of a format on which sources disagree at least one does. */
const isUndecided = ({ code }: Finding): boolean => code === 'uncertain-compression'

const verdictOf = (facts: ImageFacts, findings: readonly Finding[]): Verdict => {
  const [worst] = findings
  if (worst?.severity === 'blocks') return 'refused'
  if (worst?.severity === 'likely-fails') return 'doubtful'
  return wasSeen(facts) && !findings.some(isUndecided) ? 'accepted' : 'unknown'
}

/**
 * Holds what is known of an image against what a provider takes: what speaks against the import, with the evidence, what to do about it and
 * where the rule comes from. Everything that is particular to a provider comes from its capabilities; where they say nothing, nothing is
 * judged. Pure and total: it fetches nothing, and the same facts always give the same answer. What is not known is never called
 * accepted, and what no source states is never called refused.
 */
export const checkCompatibility = (
  facts: ImageFacts,
  capabilities: Capabilities,
  intended: IntendedImport = {},
): Compatibility => {
  const findings = worstFirst(rules.flatMap((rule) => rule(facts, capabilities, intended)))
  return { verdict: verdictOf(facts, findings), findings }
}
