import type { DiskFacts, FileSystem } from '../guest/disk-facts.ts'
import { canHoldRoot, rootOf } from '../guest/root.ts'

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
  const { root, candidates } = rootOf(disk)
  if (root?.fileSystem !== undefined) {
    const seen = [root, ...candidates.filter((one) => one !== root)].filter((one) => one.fileSystem !== undefined)
    return {
      fileSystem: root.fileSystem,
      evidence: seen.map((one) => `partition ${one.number} holds ${one.fileSystem}`).join(', '),
      others: seen.slice(1).flatMap((one) => one.fileSystem ?? []),
    }
  }
  return partitions.length > 0 || fileSystem === undefined || !canHoldRoot(fileSystem)
    ? undefined
    : { fileSystem, evidence: `the disk holds ${fileSystem}, without partitions`, others: [] }
}
