import type { DiskFacts, FileSystem, Partition } from '../guest/disk-facts.ts'

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
  'linux-swap',
  'microsoft-reserved',
  'microsoft-data',
  'windows-recovery',
  'extended',
])

const canBeRoot = ({ purpose, fileSystem }: Partition): boolean =>
  !otherPurposes.has(purpose) && !neverRoot.has(fileSystem)

const largest = (partitions: readonly Partition[]): Partition | undefined =>
  partitions.reduce<Partition | undefined>(
    (most, one) => (most === undefined || one.bytes > most.bytes ? one : most),
    undefined,
  )

/** A file system, and where it was seen. */
export interface SeenFileSystem {
  readonly fileSystem: FileSystem
  readonly evidence: string
}

/**
 * The file system that is the root's, as far as can be seen: of the partition whose type says so, else of the largest that a Linux system can
 * live in, else of a disk without partitions. Absent where that one's is not known.
 */
export const rootFileSystem = ({ partitions, fileSystem }: DiskFacts): SeenFileSystem | undefined => {
  const candidates = partitions.filter(canBeRoot)
  const root = candidates.find(({ purpose }) => purpose === 'linux-root') ?? largest(candidates)
  if (root?.fileSystem !== undefined) {
    return { fileSystem: root.fileSystem, evidence: `partition ${root.number} holds ${root.fileSystem}` }
  }
  return partitions.length > 0 || fileSystem === undefined || neverRoot.has(fileSystem)
    ? undefined
    : { fileSystem, evidence: `the disk holds ${fileSystem}, without partitions` }
}
