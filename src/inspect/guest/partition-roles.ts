import type { Partition, PartitionPurpose } from './disk-facts.ts'

type Purposes = ReadonlySet<PartitionPurpose | undefined>

const withoutFileSystem: Purposes = new Set<PartitionPurpose>([
  'bios-boot',
  'freebsd-boot',
  'linux-verity',
  'microsoft-reserved',
  'extended',
])

const besideRoot: Purposes = new Set<PartitionPurpose>([
  'efi-system',
  'linux-boot',
  'linux-home',
  'linux-srv',
  'linux-var',
  'linux-usr',
  'linux-oem',
  'linux-swap',
  'windows-recovery',
])

/** Whether a partition may hold a file system, by its type. */
export const mayHoldFileSystem = ({ purpose }: Partition): boolean => !withoutFileSystem.has(purpose)

/** Whether its type leaves room for more than what starts a system. */
export const mayHoldMore = (partition: Partition): boolean =>
  mayHoldFileSystem(partition) && partition.purpose !== 'efi-system'

/** Whether it is, by its type, something that stands beside a system, so that none is in it. */
export const isBesideSystem = (partition: Partition): boolean =>
  !mayHoldFileSystem(partition) || besideRoot.has(partition.purpose)
