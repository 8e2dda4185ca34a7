import type { Partition } from './disk-facts.ts'
import { protectiveTypeText } from './mbr.ts'
import { mayHoldFileSystem } from './partition-roles.ts'

const rank = ({ purpose }: Partition): number => {
  if (purpose === 'efi-system') return 0
  if (purpose === 'linux-root') return 1
  if (purpose === 'windows-recovery') return 3
  return purpose === 'linux-swap' ? 4 : 2
}

/** The partitions that hold something, those first that tell most: for booting, then root, then by their size. */
export const inOrderOfWorth = (partitions: readonly Partition[]): readonly Partition[] =>
  partitions
    .filter((partition) => partition.type !== protectiveTypeText && mayHoldFileSystem(partition))
    .sort((one, other) => rank(one) - rank(other) || other.bytes - one.bytes)
