import type { DiskFacts } from './disk-facts.ts'

/** Whether nothing was left out, and nothing contradicts itself, so that what was not seen is not there. */
export const isReadWhole = ({ partitionTable, damage, unread }: DiskFacts): boolean =>
  partitionTable !== undefined && damage.length === 0 && unread.length === 0
