import type { DiskFacts } from './disk-facts.ts'

/**
 * What {@link DiskFacts.damage} says of a GPT before which no MBR stands that announces it, as the UEFI specification asks for: neither UEFI
 * firmware nor Linux nor GRUB takes it for one.
 */
export const unannouncedGpt = 'the MBR does not announce the GPT'

/** Whether that is so, and the partitions are not found. */
export const isUnannounced = ({ damage }: DiskFacts): boolean => damage.includes(unannouncedGpt)
