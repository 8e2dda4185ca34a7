import type { DiskFacts, PartitionPurpose, UnreadPart } from './disk-facts.ts'
import { staleGpt } from './stale-gpt.ts'

const isSound = ({ partitionTable, damage }: DiskFacts): boolean =>
  partitionTable !== undefined && damage.every((one) => one === staleGpt)

/** Whether nothing was left out, and nothing contradicts itself, so that what was not seen is not there. */
export const isReadWhole = (disk: DiskFacts): boolean => isSound(disk) && disk.unread.length === 0

// Firmware reads FAT, which nobody puts into a partition of such a type.
const neverFat: ReadonlySet<PartitionPurpose | undefined> = new Set<PartitionPurpose>([
  'linux',
  'linux-root',
  'linux-home',
  'linux-srv',
  'linux-var',
  'linux-usr',
  'linux-swap',
  'linux-lvm',
  'linux-raid',
  'freebsd',
  'freebsd-boot',
])

/** What of a disk was not read, and may hold a boot loader or lead to one. */
export const unreadForBooting = ({ partitions, unread }: DiskFacts): readonly UnreadPart[] => {
  const besides = new Set(partitions.filter(({ purpose }) => neverFat.has(purpose)).map(({ number }) => number))
  return unread.filter((one) => !(one.part === 'file-system' && besides.has(one.partition ?? 0)))
}

/** Whether all was read that may hold a boot loader, so that one which was not seen is not there. */
export const isSearched = (disk: DiskFacts): boolean => isSound(disk) && unreadForBooting(disk).length === 0
