import type { ImageFacts } from '../facts.ts'
import type { DiskFacts, FileSystem, Partition } from '../guest/disk-facts.ts'
import { linuxFileSystems } from '../guest/linux-file-systems.ts'
import { mayHoldMore } from '../guest/partition-roles.ts'
import { rootOf } from '../guest/root.ts'
import { isFileSystemUnread } from '../guest/unread-part.ts'
import type { Finding, IntendedImport } from './finding.ts'
import { toFetchAgain } from './remedy.ts'
import { rootFileSystem, type SeenFileSystem } from './root-file-system.ts'
import { inferred, isNoImage, type Rule, sourceOf, targetOf } from './rule.ts'

/** What holds file systems that cannot be seen from outside. */
const holders: ReadonlySet<FileSystem> = new Set<FileSystem>(['lvm', 'md-raid', 'luks'])

/** The disk, where it is one that a system starts from: an installation medium has no root. */
const systemDisk = (facts: ImageFacts): DiskFacts | undefined =>
  isNoImage(facts) || facts.format === 'iso' ? undefined : facts.disk

/** Why the root's file system does not tell whether the image is taken, as the rest of a sentence. */
const doubtOf = (
  { fileSystem, others }: SeenFileSystem,
  fitting: readonly string[],
  { conclusions }: ImageFacts,
): string | undefined => {
  if (holders.has(fileSystem)) return 'which one this is cannot be seen'
  if (fitting.includes(fileSystem) || others.some((other) => fitting.includes(other)))
    return 'which partition is the root cannot be seen'
  return conclusions.osFamily?.value === 'bsd' ? 'what it takes of a BSD, which has others, no source says' : undefined
}

/** Beside a root that fits, ext2 is what installers choose for what it starts by. */
const isAnotherRoot =
  (fitting: readonly string[]) =>
  (other: FileSystem): boolean =>
    linuxFileSystems.has(other) && other !== 'ext2' && !fitting.includes(other)

const isFitting = ({ fileSystem, others }: SeenFileSystem, fitting: readonly string[]): boolean =>
  fitting.includes(fileSystem) && !others.some(isAnotherRoot(fitting))

const fileSystem: Rule = (facts, capabilities, intended) => {
  const fitting = capabilities.import.guest?.rootFileSystems
  const disk = systemDisk(facts)
  if (fitting === undefined || disk === undefined || facts.conclusions.osFamily?.value === 'windows') return []
  const root = rootFileSystem(disk)
  if (root === undefined || isFitting(root, fitting)) return []
  const doubt = doubtOf(root, fitting, facts)
  const needed = fitting.join(' or ')
  const wanted = `${targetOf(intended)} wants a root file system of ${needed}`
  return [
    {
      code: 'file-system',
      severity: doubt === undefined ? 'likely-fails' : 'unknown',
      message: doubt === undefined ? wanted : `${wanted}, and ${doubt}`,
      evidence: root.evidence,
      remedy: `Make the image with a root file system of ${needed}`,
      source: sourceOf(capabilities, 'rootFileSystems'),
    },
  ]
}

const areBlank = (partitions: readonly Partition[]): boolean =>
  partitions.length > 0 && partitions.every(({ blank }) => blank === true)

const blankFinding = (
  facts: ImageFacts,
  blank: readonly Partition[],
  found: Pick<Finding, 'severity' | 'message'>,
): Finding => {
  const which = `${blank.length === 1 ? 'partition' : 'each of partitions'} ${blank.map(({ number }) => number).join(', ')}`
  return {
    ...found,
    code: 'file-system',
    evidence: `${which} begins with nothing but zeros, which may come of a download that broke off`,
    remedy: toFetchAgain(facts),
    source: inferred,
  }
}

/** What a file that was cut short lacks is told there. */
const blankRoot: Rule = (facts) => {
  const disk = systemDisk(facts)
  if (disk === undefined || facts.truncated === true) return []
  const { root, candidates } = rootOf(disk)
  if (areBlank(candidates)) {
    const message = 'Where the system should be, the disk holds nothing'
    return [blankFinding(facts, candidates, { severity: 'likely-fails', message })]
  }
  const others = disk.partitions.filter(mayHoldMore)
  if (areBlank(others)) {
    const message = 'The disk holds nothing but what starts a system'
    return [blankFinding(facts, others, { severity: 'likely-fails', message })]
  }
  if (root?.blank !== true) return []
  return [
    blankFinding(facts, [root], {
      severity: 'unknown',
      message: 'The largest partition holds nothing, and which one is the root cannot be seen',
    }),
  ]
}

/** A disk that only starts something is one as well, such as a loader for the network or a kernel in one file. */
const noRoot: Rule = (facts) => {
  const disk = systemDisk(facts)
  if (disk === undefined || facts.truncated === true || facts.conclusions.osFamily?.value === 'windows') return []
  const others = disk.partitions.filter(mayHoldMore)
  const isSeen = disk.partitions.length > 0 && disk.unread.length === 0 && disk.damage.length === 0
  if (!isSeen || areBlank(others) || rootOf(disk).root !== undefined) return []
  return [
    {
      code: 'file-system',
      severity: 'unknown',
      message: 'The disk has no partition that a system could be in',
      evidence: `partitions ${disk.partitions.map(({ number }) => number).join(', ')}, none of which can be the root`,
      source: inferred,
    },
  ]
}

const isStrange = (disk: DiskFacts, root: Partition): boolean =>
  root.fileSystem === undefined && root.blank !== true && !isFileSystemUnread(disk, root)

const wantedOf = (fitting: readonly string[] | undefined, intended: IntendedImport): string =>
  fitting === undefined ? '' : `, and ${targetOf(intended)} wants ${fitting.join(' or ')}`

/** Where something contradicts itself, it is not looked at what else may be there. */
const strangeRoot: Rule = (facts, capabilities, intended) => {
  const disk = systemDisk(facts)
  const root = disk === undefined ? undefined : rootOf(disk).root
  if (disk === undefined || root === undefined || disk.damage.length > 0 || facts.truncated === true) return []
  if (!isStrange(disk, root)) return []
  const fitting = capabilities.import.guest?.rootFileSystems
  return [
    {
      code: 'file-system',
      severity: 'unknown',
      message: `Which file system the root has is not known here${wantedOf(fitting, intended)}`,
      evidence: `partition ${root.number} holds something, and no file system that is known here`,
      source: fitting === undefined ? inferred : sourceOf(capabilities, 'rootFileSystems'),
    },
  ]
}

/** What there is to say of the partition that should hold the system. */
export const rootRules: readonly Rule[] = [fileSystem, blankRoot, noRoot, strangeRoot]
