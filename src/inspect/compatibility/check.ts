import type { Capabilities } from '../../store/capabilities.ts'
import type { ImageFacts } from '../facts.ts'
import { hintsOfSeveral } from '../guest/os-family.ts'
import { architectureRules } from './architecture-rules.ts'
import { bootLoaderRules } from './boot-loader-rules.ts'
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
import { rootRules } from './root-rules.ts'
import type { Rule } from './rule.ts'
import { sizeRules } from './size-rules.ts'
import { sourceRules } from './source-rules.ts'
import { wholenessRules } from './wholeness-rules.ts'

const rules: readonly Rule[] = [
  ...sourceRules,
  ...nameRules,
  ...fileRules,
  ...sizeRules,
  ...quotaRules,
  ...wholenessRules,
  ...containerRules,
  ...diskRules,
  ...rootRules,
  ...guestRules,
  ...firmwareRules,
  ...bootLoaderRules,
  ...architectureRules,
  ...operatingSystemRules,
  ...requestRules,
]

/** The worst first. */
const severities: readonly Severity[] = ['blocks', 'likely-fails', 'loses', 'unknown']

const worstFirst = (findings: readonly Finding[]): readonly Finding[] =>
  severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity))

/** What a guess would decide: see {@link isUndecided}. */
const guessed: ReadonlySet<FindingCode> = new Set<FindingCode>(['file-system', 'encrypted-disk', 'truncated'])

/**
 * Not one source says that a file in such a compression is taken (of a format on which sources disagree at least one does); and which of the
 * partitions is the root, or what that holds, is anybody's guess, as is whether a file of an unusual length is whole, and which of several
 * systems starts. Which system there is need not be seen where nothing speaks for another. A disk that may have any size is not called one
 * below a limit, unless its partition table says so and nothing speaks against it.
 */
const isUndecided =
  ({ disk, virtualBytesAre }: ImageFacts) =>
  ({ code, severity }: Finding): boolean =>
    code === 'uncertain-compression' ||
    (code === 'size-unknown' && virtualBytesAre !== 'by-table') ||
    (severity === 'unknown' &&
      (guessed.has(code) || (code === 'operating-system' && disk !== undefined && hintsOfSeveral(disk).length > 0)))

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

/** A partition table that can be read all the same explains nothing. */
const isExplaining = ({ disk }: ImageFacts, { code, severity }: Finding): boolean =>
  explaining.has(code) && !(code === 'partition-table' && severity === 'unknown' && disk?.partitionTable !== 'none')

/** Of what is certainly no image it goes without saying that nothing starts from it. */
const isSaidBy = (findings: readonly Finding[], { code }: Finding): boolean =>
  code === 'not-bootable' &&
  findings.some((finding) => finding.code === 'not-an-image' && finding.severity !== 'unknown')

const withoutExplained = (facts: ImageFacts, findings: readonly Finding[]): readonly Finding[] => {
  const left = findings.filter((one) => !isSaidBy(findings, one))
  return left.some((one) => isExplaining(facts, one)) ? left.filter((one) => !isUnseen(facts, one)) : left
}

/** By the worst finding; without a bad one by what was seen, of which a root file system alone may be missing (see {@link Verdict}). */
const verdictOf = (facts: ImageFacts, findings: readonly Finding[]): Verdict => {
  const [worst] = findings
  if (worst?.severity === 'blocks') return 'refused'
  if (worst?.severity === 'likely-fails') return 'doubtful'
  return wasSeen(facts) && !findings.some(isUndecided(facts)) ? 'accepted' : 'unknown'
}

/**
 * Holds what is known of an image against what a provider takes: what speaks against the import, with the evidence, what to do about it where
 * something can be done, and where the rule comes from. Everything that is particular to a provider comes from its capabilities; where they
 * say nothing, nothing is judged but the file itself: one that is cut, damaged or lacks a part is no image for anybody. Pure and total: it
 * fetches nothing, and the same facts always give the same answer. Nothing is called accepted of which less was seen than {@link Verdict} says.
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
