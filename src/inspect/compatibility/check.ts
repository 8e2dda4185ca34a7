import type { Capabilities } from '../../store/capabilities.ts'
import type { ImageFacts } from '../facts.ts'
import { architectureRules } from './architecture-rules.ts'
import { containerRules } from './container-rules.ts'
import { diskRules, wasSeen } from './disk-rules.ts'
import { fileRules } from './file-rules.ts'
import type { Compatibility, Finding, FindingCode, IntendedImport, Severity, Verdict } from './finding.ts'
import { firmwareRules } from './firmware-rules.ts'
import { guestRules } from './guest-rules.ts'
import { nameRules } from './name-rules.ts'
import { operatingSystemRules } from './operating-system-rules.ts'
import { quotaRules } from './quota-rules.ts'
import { requestRules } from './request-rules.ts'
import type { Rule } from './rule.ts'
import { sizeRules } from './size-rules.ts'
import { sourceRules } from './source-rules.ts'

const rules: readonly Rule[] = [
  ...sourceRules,
  ...nameRules,
  ...fileRules,
  ...sizeRules,
  ...quotaRules,
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

/** Where one of these is found, there is no system, or not all of it, that more could be seen of. */
const explaining: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'not-an-image',
  'truncated',
  'partition-table',
  'not-bootable',
])

const isUnseen = ({ conclusions }: ImageFacts, { code, severity }: Finding): boolean =>
  severity === 'unknown' &&
  ((code === 'architecture' && conclusions.architecture === undefined) ||
    (code === 'operating-system' && conclusions.osFamily === undefined))

const withoutExplained = (facts: ImageFacts, findings: readonly Finding[]): readonly Finding[] =>
  findings.some(({ code }) => explaining.has(code)) ? findings.filter((one) => !isUnseen(facts, one)) : findings

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
  const all = rules.flatMap((rule) => rule(facts, capabilities, intended))
  const findings = worstFirst(withoutExplained(facts, all))
  return { verdict: verdictOf(facts, findings), findings }
}
