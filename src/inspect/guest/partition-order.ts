import type { Partition } from './disk-facts.ts'

// They hold no file system.
const without = new Set(['bios-boot', 'freebsd-boot', 'microsoft-reserved', 'extended'])
const protective = 'ee'

const rank = ({ purpose }: Partition): number => {
  if (purpose === 'efi-system') return 0
  if (purpose === 'linux-root') return 1
  if (purpose === 'windows-recovery') return 3
  return purpose === 'linux-swap' ? 4 : 2
}

/** The partitions that hold something, those first that tell most: for booting, then root, then by their size. */
export const inOrderOfWorth = (partitions: readonly Partition[]): readonly Partition[] =>
  partitions
    .filter(({ purpose, type }) => type !== protective && (purpose === undefined || !without.has(purpose)))
    .sort((one, other) => rank(one) - rank(other) || other.bytes - one.bytes)
