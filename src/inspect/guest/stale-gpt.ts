import type { DiskFacts } from './disk-facts.ts'

/**
 * What {@link DiskFacts.damage} says of a GPT that an MBR with partitions was written over: as a rule one that was left behind when the disk
 * was parted anew. By the UEFI specification it does not count, so that nothing is wrong with the disk that the MBR tells of.
 */
export const staleGpt = 'behind the MBR stands a GPT that it does not announce'
