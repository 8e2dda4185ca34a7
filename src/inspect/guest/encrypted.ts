import type { Conclusions, DiskFacts, FileSystem, Partition } from './disk-facts.ts'

// They hold no system, or only what is needed to start one.
const beside = new Set([
  'efi-system',
  'bios-boot',
  'freebsd-boot',
  'microsoft-reserved',
  'windows-recovery',
  'linux-swap',
  'extended',
])

// What is in them may be encrypted or not.
const opaque: ReadonlySet<FileSystem> = new Set<FileSystem>(['lvm', 'md-raid', 'zfs'])

const isEncrypted = (fileSystem: FileSystem | undefined): boolean => fileSystem === 'luks' || fileSystem === 'bitlocker'

const answer = (fileSystem: FileSystem | undefined, where: string): Conclusions['encrypted'] =>
  fileSystem === undefined || opaque.has(fileSystem)
    ? undefined
    : { value: isEncrypted(fileSystem), evidence: [`${where} holds ${fileSystem}`] }

/** The root partition by its type, or else the largest: the one to boot from beside it is small. */
const rootOf = (data: readonly Partition[]): Partition | undefined =>
  data.find(({ purpose }) => purpose === 'linux-root') ?? [...data].sort((one, other) => other.bytes - one.bytes)[0]

/** Whether the root file system is encrypted. Nothing is concluded where something else is and the root is not marked as such. */
export const encryptedOf = (disk: DiskFacts): Conclusions['encrypted'] => {
  if (disk.partitionTable === 'none') return answer(disk.fileSystem, 'the disk')
  const data = disk.partitions.filter(
    ({ fileSystem, purpose }) => fileSystem !== 'swap' && (purpose === undefined || !beside.has(purpose)),
  )
  const root = rootOf(data)
  if (root === undefined) return undefined
  const isMarked = root.purpose === 'linux-root'
  const isDoubtful = !isEncrypted(root.fileSystem) && data.some(({ fileSystem }) => isEncrypted(fileSystem))
  if (isDoubtful && !isMarked) return undefined
  const why = isMarked ? ', the root,' : data.length > 1 ? ', the largest,' : ''
  return answer(root.fileSystem, `partition ${root.number}${why}`)
}
