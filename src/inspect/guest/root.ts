import type { DiskFacts, FileSystem, Partition } from './disk-facts.ts'
import { linuxFileSystems } from './linux-file-systems.ts'
import { isBesideSystem } from './partition-roles.ts'

const never: ReadonlySet<FileSystem | undefined> = new Set<FileSystem>([
  'fat12',
  'fat16',
  'fat32',
  'exfat',
  'ntfs',
  'bitlocker',
  'swap',
])

/** Whether a Linux system, or a BSD, can have its root in such a file system, as far as one is known. */
export const canHoldRoot = (fileSystem: FileSystem | undefined): boolean => !never.has(fileSystem)

// Some tools give every partition the type of Windows' data.
const canBeRoot = (partition: Partition): boolean =>
  partition.purpose === 'microsoft-data'
    ? linuxFileSystems.has(partition.fileSystem)
    : !isBesideSystem(partition) && canHoldRoot(partition.fileSystem)

/** The largest of some partitions, and the first of several that are. */
export const largest = (partitions: readonly Partition[]): Partition | undefined =>
  partitions.reduce<Partition | undefined>(
    (most, one) => (most === undefined || one.bytes > most.bytes ? one : most),
    undefined,
  )

/** What is known of where the root is, on a disk with partitions. */
export interface SeenRoot {
  /** The one that is taken for it: of those that may be it the largest, as what is beside it is small. Absent where there is none. */
  readonly root?: Partition | undefined
  /** Those that may be it: by their type where one says so, else all that a system can live in. */
  readonly candidates: readonly Partition[]
  /** Whether a partition's type says that it is one. */
  readonly marked: boolean
}

/** Where the root is, by the types of the partitions and what they hold. */
export const rootOf = ({ partitions }: DiskFacts): SeenRoot => {
  const possible = partitions.filter(canBeRoot)
  const typed = possible.filter(({ purpose }) => purpose === 'linux-root')
  const marked = typed.length > 0
  const candidates = marked ? typed : possible
  return { root: largest(candidates), candidates, marked }
}
