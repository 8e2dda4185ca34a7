import type { Quota } from '../../store/quota.ts'
import type { ImportSpec } from '../../store/requests.ts'

/**
 * How bad a finding is. `blocks`: the provider refuses it, or says it does. `likely-fails`: the import, or the first start, probably
 * fails. `loses`: it works, and something is lost or other than was meant. `unknown`: nobody can tell beforehand, or sources disagree.
 */
export type Severity = 'blocks' | 'likely-fails' | 'loses' | 'unknown'

/** What can be found. A closed set, for programs. */
export type FindingCode =
  // The source
  | 'head-refused'
  | 'head-differs'
  | 'file-name'
  | 'url'
  | 'url-query'
  | 'url-credentials'
  | 'content-encoding'
  | 'broken-off'
  // The file
  | 'not-an-image'
  | 'archive'
  | 'format'
  | 'uncertain-format'
  | 'compression'
  | 'uncertain-compression'
  | 'nested-compression'
  | 'too-large'
  | 'size-unknown'
  | 'quota'
  | 'truncated'
  | 'backing-file'
  | 'data-file'
  | 'several-files'
  | 'encrypted-format'
  | 'internal-snapshots'
  | 'dirty'
  | 'corrupt'
  | 'unknown-features'
  // The guest
  | 'partition-table'
  | 'not-bootable'
  | 'firmware'
  | 'architecture'
  | 'operating-system'
  | 'file-system'
  | 'encrypted-disk'
  | 'multiple-disks'
  | 'guest-agent'
  | 'unread'
  // The request
  | 'name'
  | 'minimum-disk'
  | 'field'

/** One thing that speaks against an import, or that should be known before. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** In one sentence, for people. */
  readonly message: string
  /** What was seen, such as `qcow2, virtual size 120 GB`. */
  readonly evidence: string
  /**
   * What to do about it: a command line that can be pasted, behind a colon where it is not all there is to do, or the field of the import to
   * set. Absent where nothing helps.
   */
  readonly remedy?: string | undefined
  /** Where the rule comes from, by the keys of docs/sources.md; `(inferred)` where no source states it. */
  readonly source: string
}

/**
 * `refused`: something blocks. `doubtful`: something probably fails. `accepted`: neither, as far as could be seen. `unknown`: neither, but
 * its format, its partition table or what decides the firmware could not be read, which of several partitions is the root or which of several
 * systems starts would be a guess, or no source says that the target takes anything of the kind.
 *
 * A root file system that alone could not be read leaves an image `accepted`, with a finding `unread`: of what is compressed that is so as a
 * rule, because it lies far inside, and an `unknown` for each of these would say nothing. So does a size that the partition table
 * alone tells (`by-table`), with a finding `size-unknown`.
 */
export type Verdict = 'accepted' | 'doubtful' | 'refused' | 'unknown'

/** How an image goes with a target. */
export interface Compatibility {
  readonly verdict: Verdict
  /** The worst first. */
  readonly findings: readonly Finding[]
}

/** What else is known of the import that is meant. What is absent is left to the provider's defaults, or not judged. */
export interface IntendedImport
  extends Partial<Pick<ImportSpec, 'name' | 'url' | 'architecture' | 'firmware' | 'os' | 'bareMetal' | 'gpu'>> {
  /** The least disk that a server made from the image is to have, in bytes. */
  readonly minimumDiskBytes?: number | undefined
  /** What the account may have in the region, as `ImageStore.quota` tells it. */
  readonly quota?: Quota | undefined
  /** What the target is called in messages; "The target" by default. */
  readonly target?: string | undefined
}
