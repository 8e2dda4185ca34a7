import type { DiskFacts, FileSystem, Partition } from '../guest/disk-facts.ts'

const ofLinux: ReadonlySet<FileSystem | undefined> = new Set<FileSystem>([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'luks',
  'lvm',
  'md-raid',
])

/** What no Linux system lives in by itself. */
const neverRoot: ReadonlySet<FileSystem | undefined> = new Set<FileSystem>([
  'fat12',
  'fat16',
  'fat32',
  'exfat',
  'ntfs',
  'bitlocker',
  'swap',
])

const otherPurposes: ReadonlySet<Partition['purpose']> = new Set<Partition['purpose']>([
  'efi-system',
  'bios-boot',
  'freebsd-boot',
  'linux-boot',
  'linux-swap',
  'microsoft-reserved',
  'windows-recovery',
  'extended',
])

// Some tools give every partition the type of Windows' data.
const canBeRoot = ({ purpose, fileSystem }: Partition): boolean =>
  purpose === 'microsoft-data' ? ofLinux.has(fileSystem) : !otherPurposes.has(purpose) && !neverRoot.has(fileSystem)

const largest = (partitions: readonly Partition[]): Partition | undefined =>
  partitions.reduce<Partition | undefined>(
    (most, one) => (most === undefined || one.bytes > most.bytes ? one : most),
    undefined,
  )

/** The partitions that may be the root: those whose type says so, else all that a Linux system can live in. */
export const rootCandidates = ({ partitions }: DiskFacts): readonly Partition[] => {
  const candidates = partitions.filter(canBeRoot)
  const marked = candidates.filter(({ purpose }) => purpose === 'linux-root')
  return marked.length > 0 ? marked : candidates
}

/** Of those the one that is taken for the root: the largest, as what is beside it is small. */
export const rootPartition = (disk: DiskFacts): Partition | undefined => largest(rootCandidates(disk))

/** A file system, and where it was seen. */
export interface SeenFileSystem {
  readonly fileSystem: FileSystem
  readonly evidence: string
  /** What others hold that may be the root as well. */
  readonly others: readonly FileSystem[]
}

/**
 * The file system that is the root's, as far as can be seen: of the partition that is taken for it, else of a disk without partitions. Absent
 * where that one's is not known.
 */
export const rootFileSystem = (disk: DiskFacts): SeenFileSystem | undefined => {
  const { partitions, fileSystem } = disk
  const root = rootPartition(disk)
  if (root?.fileSystem !== undefined) {
    const others = rootCandidates(disk).filter((one) => one !== root)
    return {
      fileSystem: root.fileSystem,
      evidence: `partition ${root.number} holds ${root.fileSystem}`,
      others: others.flatMap((one) => one.fileSystem ?? []),
    }
  }
  return partitions.length > 0 || fileSystem === undefined || neverRoot.has(fileSystem)
    ? undefined
    : { fileSystem, evidence: `the disk holds ${fileSystem}, without partitions`, others: [] }
}
