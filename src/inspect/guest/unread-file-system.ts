import type { DiskFacts, Partition } from './disk-facts.ts'

/** What {@link DiskFacts.unread} says of a partition that was not looked into far enough to tell its file system. */
export const unreadFileSystem = ({ number }: Pick<Partition, 'number'>): string =>
  `the file system of partition ${number}`

/** Whether a partition is one of those. */
export const isUnread = ({ unread }: DiskFacts, partition: Partition): boolean =>
  unread.includes(unreadFileSystem(partition))
