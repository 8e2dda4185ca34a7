import type { Conclusions, DiskFacts, FileSystem, Partition } from './disk-facts.ts'
import { isBesideSystem } from './partition-roles.ts'
import { largest, rootOf } from './root.ts'

// What is in them may be encrypted or not.
const opaque: ReadonlySet<FileSystem> = new Set<FileSystem>(['lvm', 'md-raid', 'zfs'])

const isEncrypted = (fileSystem: FileSystem | undefined): boolean => fileSystem === 'luks' || fileSystem === 'bitlocker'

const answer = (fileSystem: FileSystem | undefined, where: string): Conclusions['encrypted'] =>
  fileSystem === undefined || opaque.has(fileSystem)
    ? undefined
    : { value: isEncrypted(fileSystem), evidence: [`${where} holds ${fileSystem}`] }

const mayHoldWindows = (partition: Partition): boolean => {
  const { purpose, fileSystem } = partition
  if (isBesideSystem(partition)) return false
  return fileSystem === undefined ? purpose === 'microsoft-data' : fileSystem === 'ntfs' || fileSystem === 'bitlocker'
}

/** The partitions that may hold the system: the root, where one is marked as such, else all that any system may be in. */
const systemsOf = (disk: DiskFacts): readonly Partition[] => {
  const { candidates, marked } = rootOf(disk)
  return marked ? candidates : [...candidates, ...disk.partitions.filter(mayHoldWindows)]
}

/** Those partitions that may hold the system and are encrypted. */
export const encryptedSystems = (disk: DiskFacts): readonly Partition[] =>
  systemsOf(disk).filter(({ fileSystem }) => isEncrypted(fileSystem))

/** Whether the root file system is encrypted. Nothing is concluded where something else is that may be the root as well. */
export const encryptedOf = (disk: DiskFacts): Conclusions['encrypted'] => {
  if (disk.partitionTable === 'none') return answer(disk.fileSystem, 'the disk')
  const systems = systemsOf(disk)
  const root = largest(systems)
  if (root === undefined) return undefined
  const isMarked = root.purpose === 'linux-root'
  if (!isMarked && !isEncrypted(root.fileSystem) && encryptedSystems(disk).length > 0) return undefined
  const why = isMarked ? ', the root,' : systems.length > 1 ? ', the largest,' : ''
  return answer(root.fileSystem, `partition ${root.number}${why}`)
}
